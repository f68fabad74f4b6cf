import { readFile } from "node:fs/promises";
import path from "node:path";

import { assumingRole, regionOfSurroundings, type SettingsWithKeys } from "../../aws/account.ts";
import type { CallObserver } from "../../aws/call.ts";
import { clientSettings } from "../../aws/client-settings.ts";
import { ecsPort } from "../../aws/ecs.ts";
import { parametersPort } from "../../aws/parameters.ts";
import type { CompatAccount } from "../../core/compat/command.ts";
import { deploymentId } from "../../core/deployment-id.ts";
import { parseEnvironments, type Environment } from "../../core/environments.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { foreignInvocation, type Invocation } from "../../core/invocation.ts";
import { projectRoot } from "../../project-root.ts";
import type { RunContext, RunEdge } from "../run-context.ts";

/**
 * The surroundings of a run in ecs-deploy's form: the account and Region of its options, and of AWS's own environment
 * variables where they say nothing. Nothing is called yet.
 *
 * @param cluster by name; the environment is the one of that name, in environments.jsonc or not
 * @throws InvalidInputError when no Region can be found
 */
export async function compatContext(
  account: CompatAccount,
  cluster: string,
  edge: RunEdge,
): Promise<{ readonly context: RunContext; readonly next: Invocation }> {
  const { output, wallClock, variables } = edge;
  const region =
    account.region ?? variables["AWS_DEFAULT_REGION"] ?? (await regionOfSurroundings(account.profile));
  if (region === undefined || region === "") {
    throw new InvalidInputError(
      "There is no AWS Region. Give one with -r <region>, or set AWS_DEFAULT_REGION.",
    );
  }
  const observe: CallObserver = ({ operation, milliseconds, failure }) => {
    output.detail(`${operation} ${Math.round(milliseconds)} ms${failure === undefined ? "" : ` ${failure}`}`);
  };
  const id = deploymentId(wallClock.now(), Math.random());
  const settings = settingsOf(account, region, id, variables, observe);
  const { environment, isWritten } = await environmentOf(cluster, region);
  const context: RunContext = {
    environment,
    region,
    known: { deploymentId: id, region, environmentName: environment.name, variables },
    ecs: ecsPort(settings, observe),
    parameters: parametersPort(settings, observe),
    connect: (make) => make(settings, observe),
    emit: (event) => output.event({ at: new Date(wallClock.now()).toISOString(), ...event }),
  };
  const { profile } = account;
  const next = foreignInvocation({
    environment: isWritten ? environment.name : undefined,
    cluster,
    region,
    profile,
  });
  return { context, next };
}

function settingsOf(
  { keys, profile, assumeRole }: CompatAccount,
  region: string,
  id: string,
  variables: RunEdge["variables"],
  observe: CallObserver,
): SettingsWithKeys {
  // Keys that AWS gave for a session come with its token, which ecs-deploy finds in the environment.
  const token = keys?.accessKeyId.startsWith("ASIA") === true ? variables["AWS_SESSION_TOKEN"] : undefined;
  const credentials = keys && { ...keys, ...(token === undefined ? {} : { sessionToken: token }) };
  const settings = {
    ...clientSettings(region, profile),
    ...(credentials === undefined ? {} : { credentials }),
  };
  return assumeRole === undefined ? settings : assumingRole(settings, assumeRole, `slipway-${id}`, observe);
}

/** The environment of the cluster's name; one without anything else where environments.jsonc has none. */
async function environmentOf(
  name: string,
  region: string,
): Promise<{ readonly environment: Environment; readonly isWritten: boolean }> {
  const text = await readFile(path.join(projectRoot(), "environments.jsonc"), "utf8").catch(() => "");
  const written = parseEnvironments(text);
  const known = written.ok ? written.environments.get(name) : undefined;
  if (known !== undefined) return { environment: { ...known, region }, isWritten: true };
  const bare = { network: { cidr: "10.0.0.0/16", zones: 2 }, cluster: { ec2: null }, region: "us-east-1" };
  const parsed = parseEnvironments(JSON.stringify({ environments: { bare } }));
  const made = parsed.ok ? parsed.environments.get("bare") : undefined;
  if (made === undefined) throw new Error("the environment without anything else does not fit the schema");
  return { environment: { ...made, name, region }, isWritten: false };
}
