/**
 * The environments: what environments.jsonc says, typed and checked. Pure: a text goes in, environments or problems
 * come out. Stacks and `./deploy` read the same file through this.
 */
import type * as z from "zod";
import { accountOf } from "./environments/checks-account.ts";
import { crossFieldProblems } from "./environments/cross-field.ts";
import { parseDocument } from "./environments/document.ts";
import type { Problem } from "./environments/document.ts";
import { explainIssues } from "./environments/explain.ts";
import type { Pipeline } from "./environments/pipelines.ts";
import { fileSchema } from "./environments/schema.ts";
import type { environmentSchema } from "./environments/schema.ts";
import { registryOf, type Registry } from "./registry/registry.ts";

export type { Problem } from "./environments/document.ts";
export type { Pipeline } from "./environments/pipelines.ts";

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

type WrittenEnvironment = DeepReadonly<z.output<typeof environmentSchema>>;

/**
 * One environment, with its name and every default filled in. Ports and thresholds are numbers, times in seconds. One
 * that shares another's network has that one's `network` and `loadBalancers`.
 */
export type Environment = Omit<WrittenEnvironment, "secretsPrefix" | "network" | "registry" | "account"> & {
  readonly name: string;
  /** The account that it is in, where the file names it or the role that Terraform assumes. */
  readonly account?: string | undefined;
  readonly network: NonNullable<WrittenEnvironment["network"]>;
  /** The Parameter Store folder that tasks may read, with a slash at both ends. */
  readonly secretsPrefix: string;
  /** The repositories that its images are in, its own or another environment's; absent where the file has none. */
  readonly registry?: Registry;
};

/** A load balancer of an environment. */
export type LoadBalancerSettings = NonNullable<Environment["loadBalancers"]["external"]>;

/** Hosts of one kind. */
export type InstanceGroupSettings = NonNullable<Environment["cluster"]["ec2"]>;

/** The users that all environments of an account share. */
export type UserSettings = DeepReadonly<z.output<typeof fileSchema>["users"]>;

/** Where Terraform keeps what it knows of the stacks. */
export type StateSettings = DeepReadonly<z.output<typeof fileSchema>["state"]>;

/** State in a bucket. */
export type S3State = Extract<StateSettings, { in: "s3" }>;

/** Either every environment by name with users and pipelines, or everything that is wrong with the file. */
export type ParsedEnvironments =
  | {
      readonly ok: true;
      readonly environments: ReadonlyMap<string, Environment>;
      readonly users: UserSettings;
      readonly state: StateSettings;
      /** By name. */
      readonly pipelines: ReadonlyMap<string, Pipeline>;
      /** Identity providers that IAM has already, by ARN or by host. */
      readonly existingIdentityProviders: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads the text of environments.jsonc (JSON with comments and trailing commas).
 *
 * Never throws: whatever is wrong comes back as problems, all of them at once, in the order of the file; each names
 * the line, the column and the JSON path, the value received, what is allowed and what to do.
 */
export function parseEnvironments(text: string): ParsedEnvironments {
  const document = parseDocument(text);
  if (document.problems.length > 0) {
    return { ok: false, problems: document.problems };
  }
  const parsed = fileSchema.safeParse(document.value);
  const problems = [
    ...(parsed.success ? [] : explainIssues(document, fileSchema, parsed.error.issues)),
    ...crossFieldProblems(document),
  ];
  if (!parsed.success || problems.length > 0) {
    return { ok: false, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
  }
  const environments = Object.entries(parsed.data.environments).map(
    ([name, written]): [string, Environment] => {
      const { network, loadBalancers } = networkOwner(parsed.data.environments, name, written);
      const secretsPrefix = written.secretsPrefix ?? `/${name}/`;
      const registry = registryOf(parsed.data.environments, name);
      const { registry: _, ...others } = written;
      return [
        name,
        {
          ...others,
          name,
          account: accountOf(written),
          network,
          loadBalancers,
          secretsPrefix,
          ...(registry === undefined ? {} : { registry }),
        },
      ];
    },
  );
  const { users, state, pipelines, existingIdentityProviders } = parsed.data;
  return {
    ok: true,
    environments: new Map(environments),
    users,
    state,
    pipelines: new Map(Object.entries(pipelines)),
    existingIdentityProviders,
  };
}

/** The environment that has the network which one uses: itself, or the one whose network it shares. */
function networkOwner(
  environments: Readonly<Record<string, WrittenEnvironment>>,
  name: string,
  written: WrittenEnvironment,
): Pick<Environment, "network" | "loadBalancers"> {
  const { network, loadBalancers } = environments[written.sharesNetworkOf ?? name] ?? written;
  if (network === undefined) {
    throw new TypeError(`The checks have let environment ${name} through without a network.`);
  }
  return { network, loadBalancers };
}
