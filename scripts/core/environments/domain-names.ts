/**
 * The names of an environment's zones, and of what they hold.
 */
import type { Environment } from "../environments.ts";

type Domain = NonNullable<Environment["domain"]>;

/** The name of the private zone; undefined where there is none. */
export function privateZoneName({ name, privateZone }: Domain): string | undefined {
  return privateZone === "own" ? `internal.${name}` : privateZone?.name;
}

/** The host that a record is for: `@` is the zone itself, anything else is below it. */
export function recordHost(record: string, variant: "external" | "internal", domain: Domain): string {
  const zone = variant === "internal" ? (privateZoneName(domain) ?? domain.name) : domain.name;
  return record === "@" ? zone : `${record}.${zone}`;
}

/**
 * What a certificate for the domain has to be for: the names of its zones and those directly below, and what staged
 * deployments answer at.
 */
export function certificateNames(domain: Domain, hasStaged: boolean): string[] {
  const { name } = domain;
  const inside = privateZoneName(domain);
  return [
    name,
    `*.${name}`,
    ...(hasStaged ? [`*.stage.${name}`] : []),
    // A private zone elsewhere can't be shown to be ours by a record in this one.
    ...(inside?.endsWith(`.${name}`) === true ? [inside, `*.${inside}`] : []),
  ];
}
