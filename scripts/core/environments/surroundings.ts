/**
 * What the surroundings say against the environments file, so that the same file serves AWS and the local AWS.
 */
import type { Environment, ParsedEnvironments } from "../environments.ts";

type Environments = Extract<ParsedEnvironments, { ok: true }>;
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Applies two variables, both of which `./local env` sets: `SLIPWAY_STATE_DIR` keeps Terraform's state in that folder
 * wherever the file keeps it, and `SLIPWAY_ACCOUNT` puts every environment into that account, with the surroundings'
 * own credentials.
 */
export function inSurroundings(parsed: Environments, variables: Variables): Environments {
  const environments = [...parsed.environments].map(
    ([name, environment]) => [name, environmentIn(environment, variables)] as const,
  );
  return {
    ...parsed,
    environments: new Map(environments),
    ...(isSet(variables["SLIPWAY_STATE_DIR"]) ? { state: { in: "local" } } : {}),
  };
}

/** One environment, in the account of `SLIPWAY_ACCOUNT` where that is set. */
export function environmentIn(environment: Environment, variables: Variables): Environment {
  const account = variables["SLIPWAY_ACCOUNT"];
  if (!isSet(account) || environment.account === undefined) return environment;
  const { terraform: _elsewhere, ...rest } = environment;
  return { ...rest, account };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
