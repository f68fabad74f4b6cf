import type { CallObserver } from "../aws/call.ts";
import { ecsPort } from "../aws/ecs.ts";
import { clientSettings, type ClientSettings } from "../aws/client-settings.ts";
import { parametersPort } from "../aws/parameters.ts";
import type { CommandLine } from "../core/command-line/parse.ts";
import { deploymentId } from "../core/deployment-id.ts";
import type { Environment } from "../core/environments.ts";
import { InvalidInputError } from "../core/errors.ts";
import type { DeploymentEventBody } from "../core/events.ts";
import { parseImageReference } from "../core/image-reference.ts";
import type { Clock, EcsPort, ParametersPort } from "../core/ports.ts";
import type { KnownValues } from "../core/template/template-values.ts";
import type { Output } from "../terminal/output.ts";
import { loadEnvironment } from "./load-environment.ts";

export type RunCommand = Extract<CommandLine, { kind: "run" }>;

/** What a run gets from the outside. */
export interface RunEdge {
  readonly output: Output;
  /** Runs as fast as the AWS that is talked to. */
  readonly clock: Clock;
  /** The machine's own time: for what people and other runs go by. */
  readonly wallClock: Clock;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Somebody watches a live view, for whom AWS is asked more often. */
  readonly attended: boolean;
}

/** Makes a port of `scripts/aws` for the run's region, profile and `--verbose`. */
type Connect = <Port>(make: (settings: ClientSettings, observe: CallObserver) => Port) => Port;

/** One run's surroundings: where it deploys to and through what. */
export interface RunContext {
  readonly environment: Environment;
  readonly region: string;
  readonly known: KnownValues;
  readonly ecs: EcsPort;
  readonly parameters: ParametersPort;
  /** For the ports that only some verbs need: import them when they are needed, so that others start fast. */
  readonly connect: Connect;
  readonly emit: (event: DeploymentEventBody) => void;
}

/**
 * Reads the environment and the image, and builds what the run talks to AWS through. Nothing is called yet but, where
 * the environment names its account, what tells that the credentials are of that one.
 *
 * @throws InvalidInputError for a broken environments file or image reference
 * @throws RefusedError for credentials of another account
 */
export async function runContext({ verb, options }: RunCommand, edge: RunEdge): Promise<RunContext> {
  const { output, wallClock, variables } = edge;
  const image = imageFrom(variables["CONTAINER_VERSION"]);
  const environment = await loadEnvironment(options.environmentName, variables);
  const region = options.region ?? environment.region;
  const settings = clientSettings(region, options.profile);
  const observe: CallObserver = ({ operation, milliseconds, failure }) => {
    output.detail(`${operation} ${Math.round(milliseconds)} ms${failure === undefined ? "" : ` ${failure}`}`);
  };
  const emit: RunContext["emit"] = (event) =>
    output.event({ at: new Date(wallClock.now()).toISOString(), ...event });
  const surroundings = variables["AWS_REGION"];
  if (options.region === undefined && surroundings !== undefined && surroundings !== region) {
    const message = `Environment ${environment.name} is in ${region}, so AWS_REGION=${surroundings} is not used; --region would be.`;
    emit({ type: "note", message });
  }
  // What is rendered is sent nowhere.
  if (environment.account !== undefined && verb !== "render") {
    const { checkAccount } = await import("./check-account.ts");
    await checkAccount(environment.name, environment.account, settings, observe);
  }
  return {
    environment,
    region,
    known: {
      ...(image === undefined ? {} : { image }),
      deploymentId: deploymentId(wallClock.now(), Math.random()),
      region,
      environmentName: environment.name,
      variables,
    },
    ecs: ecsPort(settings, observe),
    parameters: parametersPort(settings, observe),
    connect: (make) => make(settings, observe),
    emit,
  };
}

function imageFrom(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const parsed = parseImageReference(value);
  if (parsed.ok) return value;
  throw new InvalidInputError(`CONTAINER_VERSION: ${parsed.message}`);
}
