import type { Environment } from "../environments.ts";

/**
 * The host name that a service's clients use: the one given, else the service's name in the environment's domain;
 * undefined where there is neither.
 */
export function liveHost(
  name: string,
  { host }: { readonly host?: string | undefined },
  domain: Environment["domain"],
): string | undefined {
  return host ?? (domain === undefined ? undefined : `${name.toLowerCase()}.${domain.name}`);
}
