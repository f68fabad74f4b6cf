import { AwsCallError, RefusedError } from "../../core/errors.ts";
import type { ObservedApplication, StagedDeployment } from "../../core/staged/model.ts";
import { lookAtHealth, type Health } from "./health.ts";
import type { MoveRun } from "./move-run.ts";

/** The alarms of the deployment's template, while those are enabled, and those of the command line. */
export function alarmsOf({ service }: StagedDeployment, named: readonly string[]): readonly string[] {
  const { enable = false, alarmNames = [] } = service?.deploymentConfiguration?.alarms ?? {};
  return [...new Set([...(enable ? alarmNames : []), ...named])];
}

/**
 * Before anything is changed: the deployment is steady and its targets are healthy, and its alarms exist and are
 * quiet. ECS ignores an alarm that fires already; here it is refused, since a version that nobody can see fail would
 * be given the traffic. With `force` it is left out of the watch. One whose move was begun is not refused but
 * watched, so that it is put back. One whose tasks are on their way is waited for.
 *
 * @returns the alarms to watch
 * @throws RefusedError with all that is wrong, unless `force`; AwsCallError
 */
export async function checkBeforeMove(
  deployment: StagedDeployment,
  { cluster }: ObservedApplication,
  alarms: readonly string[],
  { force, begun }: { readonly force: boolean; readonly begun: boolean },
  run: Pick<MoveRun, "context" | "edge" | "command">,
): Promise<readonly string[]> {
  const { context } = run;
  const { monitoringPort } = await import("../../aws/monitoring.ts");
  const [{ missing }, found] = await Promise.all([
    force || begun ? lookAtHealth(deployment, cluster, context) : lookWhenThere(deployment, cluster, run),
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

const pollMs = 2_000;

/** A run that was killed may have changed its count: what that brings is waited for, as that run would have. */
async function lookWhenThere(
  deployment: StagedDeployment,
  cluster: string,
  { context, edge: { clock, signal }, command }: Pick<MoveRun, "context" | "edge" | "command">,
): Promise<Health> {
  const until = clock.now() + command.options.timeoutMs;
  for (let isTold = false; ; isTold = true) {
    const health = await lookAtHealth(deployment, cluster, context);
    const leftMs = until - clock.now();
    if (!health.isUnderWay || leftMs <= 0 || signal.aborted) return health;
    if (!isTold) {
      const message = `deployment ${deployment.id} is waited for: ${health.missing ?? "its tasks"}`;
      context.emit({ type: "note", message });
    }
    await clock.sleep(Math.min(pollMs, leftMs), signal);
  }
}

function withHint(error: unknown): never {
  if (!(error instanceof AwsCallError)) throw error;
  throw new AwsCallError(
    error.code,
    `${error.message}\nThe alarms that put the traffic back can't be read. Nothing was changed.`,
    { cause: error },
  );
}
