/**
 * What has to hold where an environment has repositories in ECR, or uses those of another.
 */
import {
  isRepositoryPart,
  longestRepositoryName,
  repositoryName,
  repositoryPart,
} from "../registry/names.ts";
import { servicesOf, type WithRegistry } from "../registry/registry.ts";
import type { Finding } from "./checks.ts";
import { asObject, below, type Raw } from "./parts.ts";
import { ownRegistry, sharedRegistry } from "./schema-registry.ts";

/** Checks the registries of all environments, each by itself and against the others of its Region. */
export function checkRegistries(environments: Raw): Finding[] {
  const names = Object.keys(environments);
  return names.flatMap((name) => {
    const raw = asObject(environments[name]);
    if (raw.registry === undefined) return [];
    const shared = sharedRegistry.safeParse(raw.registry).data;
    const findings =
      shared === undefined
        ? [...checkNames(environments, name), ...checkAgainst(environments, name)]
        : checkOwner(environments, name, shared.of);
    return below([name, "registry"], findings);
  });
}

function checkOwner(environments: Raw, name: string, owner: string): Finding[] {
  const at = (message: string): Finding[] => [{ path: ["of"], message }];
  if (owner === name) return at(`"${name}" is this environment itself. Name another, or leave "of" out.`);
  const haveOwn = Object.keys(environments).filter((other) => {
    const { registry } = asObject(environments[other]);
    return other !== name && registry !== undefined && asObject(registry).of === undefined;
  });
  if (haveOwn.includes(owner)) return [];
  const known =
    haveOwn.length === 0 ? "No other environment has one." : `Those that have one: ${haveOwn.join(", ")}.`;
  return Object.hasOwn(environments, owner)
    ? at(`Environment "${owner}" has no registry of its own. ${known}`)
    : at(`There is no environment "${owner}" in this file. ${known}`);
}

interface Owned {
  readonly name: string;
  readonly namespace: string;
  readonly services: readonly string[];
  readonly prefixes: readonly { readonly upstream: string; readonly prefix: string }[];
}

/** What an environment makes in ECR, as far as the file is right. */
function owned(environments: Raw, name: string): Owned | undefined {
  const settings = ownRegistry.safeParse(asObject(environments[name]).registry).data;
  if (settings === undefined) return undefined;
  const services = servicesOf(tolerant(environments), name, settings.services);
  const prefixes = Object.entries(settings.pullThrough).map(([upstream, cache]) => ({
    upstream,
    prefix: cache?.prefix ?? upstream,
  }));
  return { name, namespace: settings.namespace ?? name, services, prefixes };
}

/** The environments with what tells whose services a registry is for, whatever else is wrong with them. */
function tolerant(environments: Raw): Readonly<Record<string, WithRegistry>> {
  return Object.fromEntries(
    Object.entries(environments).map(([name, value]) => {
      const { region, services, registry } = asObject(value);
      const shared = sharedRegistry.safeParse(registry).data;
      return [
        name,
        {
          region: String(region),
          services: asObject(services),
          ...(shared === undefined ? {} : { registry: shared }),
        },
      ];
    }),
  );
}

function checkNames(environments: Raw, name: string): Finding[] {
  const own = owned(environments, name);
  if (own === undefined) return [];
  const listed = Array.isArray(asObject(asObject(environments[name]).registry).services);
  return own.services.flatMap((service, index): Finding[] => {
    const path = listed ? ["services", index] : [];
    const part = repositoryPart(service);
    if (!isRepositoryPart(part)) {
      const message = `ECR takes no repository "${part}" for service "${service}": it has to begin and end with a letter or digit. Name the service otherwise, or list the others in "services".`;
      return [{ path, message }];
    }
    const repository = repositoryName(own.namespace, service);
    if (repository.length > longestRepositoryName) {
      const message = `The repository of service "${service}" would have a name of ${repository.length} characters; ECR takes ${longestRepositoryName}. Shorten the service's name or the namespace.`;
      return [{ path, message }];
    }
    const other = own.services.slice(0, index).find((earlier) => repositoryPart(earlier) === part);
    if (other === undefined) return [];
    const message = `Services "${other}" and "${service}" would share repository ${repository}: ECR knows no capitals, and underscores become hyphens. Name one of them otherwise, or list only one in "services".`;
    return [{ path, message }];
  });
}

/** Repositories and caches of one Region have names of their own. A cache takes all that is below its prefix. */
function checkAgainst(environments: Raw, name: string): Finding[] {
  const own = owned(environments, name);
  if (own === undefined) return [];
  const { region } = asObject(environments[name]);
  const names = Object.keys(environments);
  const earlier = names
    .slice(0, names.indexOf(name))
    .filter((other) => asObject(environments[other]).region === region)
    .flatMap((other) => owned(environments, other) ?? []);
  const namespaceFindings = earlier.flatMap((other): Finding[] => {
    const shared = other.services.find((service) =>
      own.services.some(
        (mine) => repositoryName(own.namespace, mine) === repositoryName(other.namespace, service),
      ),
    );
    if (shared === undefined) return [];
    const message = `Repository ${repositoryName(other.namespace, shared)} is made by environment "${other.name}". Use its registry ("of": "${other.name}"), or give this one another namespace.`;
    return [{ path: own.namespace === name ? [] : ["namespace"], message }];
  });
  const prefixFindings = own.prefixes.flatMap(({ upstream, prefix }, index): Finding[] => {
    const path = ["pullThrough", upstream];
    const twin = [
      ...own.prefixes.slice(0, index).map((cache) => ({ ...cache, of: name })),
      ...earlier.flatMap((other) => other.prefixes.map((cache) => ({ ...cache, of: other.name }))),
    ].find((cache) => cache.prefix === prefix);
    if (twin !== undefined) {
      const message = `The prefix "${prefix}" is taken by the cache "${twin.upstream}" of environment "${twin.of}", and an account has one of a kind in a Region. Give this one a prefix, or use that environment's registry.`;
      return [{ path, message }];
    }
    const below = [own, ...others(environments, name, region)].find(
      ({ namespace }) => namespace === prefix || namespace.startsWith(`${prefix}/`),
    );
    if (below === undefined) return [];
    const message = `The prefix "${prefix}" is also where the repositories of environment "${below.name}" are. Give the cache a prefix of its own.`;
    return [{ path, message }];
  });
  return [...namespaceFindings, ...prefixFindings];
}

function others(environments: Raw, name: string, region: unknown): Owned[] {
  return Object.keys(environments)
    .filter((other) => other !== name && asObject(environments[other]).region === region)
    .flatMap((other) => owned(environments, other) ?? []);
}
