/**
 * What an environment has of ECR: its own repositories, or those of another environment. Pure.
 */
import type * as z from "zod";
import type { ownRegistry, registry } from "../environments/schema-registry.ts";
import { outputName, repositoryName } from "./names.ts";

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

type OwnSettings = DeepReadonly<z.output<typeof ownRegistry>>;

/** A repository of a service's images. */
export interface Repository {
  /** As the file names the service. */
  readonly service: string;
  /** `<namespace>/<service>`, as ECR has it. */
  readonly name: string;
  /** The stack output that holds the URL. */
  readonly output: string;
}

/** A registry that ECR pulls images from for us, and keeps them. */
export interface Cache {
  /** As the file names it. */
  readonly upstream: keyof OwnSettings["pullThrough"];
  /** The first part of the names of the repositories that ECR makes for it. */
  readonly prefix: string;
  readonly credentialArn?: string;
}

/** The registry that an environment uses. */
export interface Registry extends Pick<
  OwnSettings,
  "keepImages" | "untaggedDays" | "forceDelete" | "deployAccounts" | "releasePins"
> {
  /** The environment whose stack makes it. */
  readonly owner: string;
  readonly region: string;
  readonly namespace: string;
  readonly repositories: readonly Repository[];
  readonly caches: readonly Cache[];
}

/** What of an environment as the file writes it tells of its registry. */
export interface WithRegistry {
  readonly region: string;
  readonly services: Readonly<Record<string, unknown>>;
  readonly registry?: DeepReadonly<z.output<typeof registry>> | undefined;
}

/** The registry that an environment uses; undefined where it has none. The file was checked. */
export function registryOf(
  environments: Readonly<Record<string, WithRegistry>>,
  name: string,
): Registry | undefined {
  const written = environments[name]?.registry;
  if (written === undefined) return undefined;
  const owner = "of" in written ? written.of : name;
  const settings = environments[owner]?.registry;
  const region = environments[owner]?.region;
  if (settings === undefined || "of" in settings || region === undefined) return undefined;
  const { keepImages, untaggedDays, forceDelete, deployAccounts, releasePins } = settings;
  const namespace = settings.namespace ?? owner;
  return {
    owner,
    region,
    namespace,
    repositories: servicesOf(environments, owner, settings.services).map((service) => ({
      service,
      name: repositoryName(namespace, service),
      output: outputName(service),
    })),
    caches: cachesOf(settings.pullThrough),
    keepImages,
    untaggedDays,
    forceDelete,
    deployAccounts,
    releasePins,
  };
}

/** Names of the services that a registry has repositories for, each once. */
export function servicesOf(
  environments: Readonly<Record<string, WithRegistry>>,
  owner: string,
  services: OwnSettings["services"],
): readonly string[] {
  if (services !== "all") return [...new Set(services)];
  const users = Object.entries(environments).filter(
    ([name, { registry: used }]) =>
      name === owner || (used !== undefined && "of" in used && used.of === owner),
  );
  return [...new Set(users.flatMap(([, environment]) => Object.keys(environment.services)))];
}

function cachesOf(pullThrough: OwnSettings["pullThrough"]): Cache[] {
  // The keys are those of the schema, of which Object.entries keeps no type.
  return (Object.keys(pullThrough) as Cache["upstream"][]).flatMap((upstream) => {
    const settings = pullThrough[upstream];
    if (settings === undefined) return [];
    const credentialArn = "credentialArn" in settings ? settings.credentialArn : undefined;
    return [
      {
        upstream,
        prefix: settings.prefix ?? upstream,
        ...(credentialArn === undefined ? {} : { credentialArn }),
      },
    ];
  });
}
