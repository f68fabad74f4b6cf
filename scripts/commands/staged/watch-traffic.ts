import { judge, type Fault } from "../../core/staged/judge.ts";
import type { StagedDeployment } from "../../core/staged/model.ts";
import { lookAtHealth } from "./health.ts";
import type { MoveRun } from "./move-run.ts";

const lookEveryMs = 1_000;

/** What a watch came to: nothing where the deployment did well all of the time. */
export type Watched = { readonly fault: Fault } | "interrupted" | undefined;

/**
 * Watches a deployment that has traffic: the alarms, its targets, its tasks, about every second.
 *
 * @param before its tasks before it got traffic
 * @throws AwsCallError, or what `mayWrite` throws
 */
export async function watchTraffic(
  deployment: StagedDeployment,
  cluster: string,
  milliseconds: number,
  before: number,
  { context, edge: { clock, signal }, alarms: names, mayWrite }: MoveRun,
): Promise<Watched> {
  const { monitoringPort } = await import("../../aws/monitoring.ts");
  const monitoring = context.connect(monitoringPort);
  const until = clock.now() + milliseconds;
  for (;;) {
    mayWrite();
    const [alarms, { service, targets }] = await Promise.all([
      names.length === 0 ? [] : monitoring.alarms(names),
      lookAtHealth(deployment, cluster, context),
    ]);
    const rolloutState = service?.deployments?.[0]?.rolloutState;
    const fault = judge(
      {
        alarms,
        targets,
        runningCount: service?.runningCount ?? 0,
        ...(rolloutState === undefined ? {} : { rolloutState }),
      },
      before,
    );
    if (fault !== undefined) return { fault };
    if (signal.aborted) return "interrupted";
    const leftMs = until - clock.now();
    if (leftMs <= 0) return undefined;
    await clock.sleep(Math.min(lookEveryMs, leftMs), signal);
  }
}
