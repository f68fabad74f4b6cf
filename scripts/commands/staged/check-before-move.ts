import { AwsCallError, RefusedError } from "../../core/errors.ts";
import type { ObservedApplication, StagedDeployment } from "../../core/staged/model.ts";
import type { RunContext } from "../run-context.ts";
import { lookAtHealth } from "./health.ts";

/** The alarms of the deployment's template, while those are enabled, and those of the command line. */
export function alarmsOf({ service }: StagedDeployment, named: readonly string[]): readonly string[] {
  const { enable = false, alarmNames = [] } = service?.deploymentConfiguration?.alarms ?? {};
  return [...new Set([...(enable ? alarmNames : []), ...named])];
}

/**
 * Before anything is changed: the deployment is steady and its targets are healthy, and its alarms exist and are
 * quiet. ECS ignores an alarm that fires already; here it is refused, since a version that nobody can see fail would
 * be given the traffic. With `force` it is left out of the watch. One whose move was begun is not refused but
 * watched, so that it is put back.
 *
 * @returns the alarms to watch
 * @throws RefusedError with all that is wrong, unless `force`; AwsCallError
 */
export async function checkBeforeMove(
  deployment: StagedDeployment,
  { cluster }: ObservedApplication,
  alarms: readonly string[],
  { force, begun }: { readonly force: boolean; readonly begun: boolean },
  context: RunContext,
): Promise<readonly string[]> {
  const { monitoringPort } = await import("../../aws/monitoring.ts");
  const [{ missing }, found] = await Promise.all([
    lookAtHealth(deployment, cluster, context),
    alarms.length === 0 ? [] : context.connect(monitoringPort).alarms(alarms).catch(withHint),
  ]);
  const states = new Map(found.map(({ name, state }) => [name, state]));
  const unknown = alarms.filter((name) => !states.has(name));
  const firing = alarms.filter((name) => states.get(name) === "ALARM");
  const asWatched = begun && !force;
  const problems = [
    ...(missing === undefined || asWatched
      ? []
      : [`Deployment ${deployment.id} (service ${deployment.serviceName}) is not well: ${missing}.`]),
    ...unknown.map((name) => `There is no CloudWatch alarm ${name} in ${context.region}.`),
    ...(asWatched ? [] : firing).map(
      (name) => `Alarm ${name} is in ALARM already, so it could not tell whether the new version is bad.`,
    ),
  ];
  if (problems.length > 0) {
    const text = problems.join("\n");
    if (!force) throw new RefusedError(`${text}\nNothing was changed. --force goes on all the same.`);
    context.emit({ type: "warning", message: `Goes on by --force although:\n${text}` });
  }
  return alarms.filter((name) => states.has(name) && (asWatched || !firing.includes(name)));
}

function withHint(error: unknown): never {
  if (!(error instanceof AwsCallError)) throw error;
  throw new AwsCallError(
    error.code,
    `${error.message}\nThe alarms that put the traffic back can't be read. Nothing was changed.`,
    { cause: error },
  );
}
