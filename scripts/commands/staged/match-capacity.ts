import { counted } from "../../core/diagnosis/facts.ts";
import type { Fault } from "../../core/staged/judge.ts";
import type { StagedDeployment } from "../../core/staged/model.ts";
import { lookAtHealth } from "./health.ts";
import type { MoveRun } from "./move-run.ts";
import { watchTraffic } from "./watch-traffic.ts";

const pollMs = 2_000;

/** What came of it. */
type Matched =
  | { readonly kind: "done" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "timedOut"; readonly waitingFor: string };

/**
 * Gives a deployment's service so many tasks, and waits until they run and their targets are healthy.
 *
 * @throws AwsCallError, or what `mayWrite` throws
 */
export async function matchCapacity(
  deployment: StagedDeployment,
  cluster: string,
  desiredCount: number,
  run: MoveRun,
): Promise<Matched> {
  const { edge, command } = run;
  await resize(deployment, cluster, desiredCount, run);
  return waitUntilHealthy(
    deployment,
    cluster,
    desiredCount,
    run,
    edge.clock.now() + command.options.timeoutMs,
  );
}

async function waitUntilHealthy(
  deployment: StagedDeployment,
  cluster: string,
  desiredCount: number,
  { context, edge, command }: MoveRun,
  until: number,
): Promise<Matched> {
  const { clock, signal } = edge;
  for (;;) {
    const { service, missing } = await lookAtHealth(deployment, cluster, context);
    if (missing === undefined && service?.desiredCount === desiredCount) return { kind: "done" };
    if (command.options.force && service?.runningCount === desiredCount) return { kind: "done" };
    if (signal.aborted) return { kind: "interrupted" };
    const leftMs = until - clock.now();
    if (leftMs <= 0) {
      const what = missing ?? `it has another desired count than ${desiredCount}`;
      return { kind: "timedOut", waitingFor: what };
    }
    await clock.sleep(Math.min(pollMs, leftMs), signal);
  }
}

/**
 * Waits until a deployment has as many healthy targets as another wants tasks now, and gives it more tasks wherever it
 * has fewer: the other may have been scaled out since the last look. One that has traffic is watched meanwhile.
 *
 * @param before its tasks before it got traffic, which it has to have besides
 * @throws AwsCallError, or what `mayWrite` throws
 */
export async function keepUp(
  deployment: StagedDeployment,
  other: Pick<StagedDeployment, "serviceName">,
  cluster: string,
  before: number,
  run: MoveRun,
): Promise<Matched | { readonly kind: "fault"; readonly fault: Fault }> {
  const { context, command } = run;
  const { clock, signal } = run.edge;
  const until = clock.now() + command.options.timeoutMs;
  for (;;) {
    const [[outgoing], { service, targets }] = await Promise.all([
      context.ecs.describeServices(cluster, [other.serviceName]),
      lookAtHealth(deployment, cluster, context),
    ]);
    const others = outgoing?.desiredCount ?? 0;
    const wanted = Math.max(others, before);
    const healthy = targets.filter((state) => state === "healthy").length;
    if (healthy >= wanted || (command.options.force && (service?.runningCount ?? 0) >= wanted)) {
      return { kind: "done" };
    }
    if ((service?.desiredCount ?? 0) < others) await resize(deployment, cluster, others, run);
    if (deployment.trafficPercent > 0) {
      const watched = await watchTraffic(deployment, cluster, 0, 1, run);
      if (watched === "interrupted") return { kind: "interrupted" };
      if (watched !== undefined) return { kind: "fault", fault: watched.fault };
    }
    if (signal.aborted) return { kind: "interrupted" };
    const leftMs = until - clock.now();
    if (leftMs <= 0) {
      return { kind: "timedOut", waitingFor: `${healthy} of ${counted(wanted, "target")} are healthy` };
    }
    await clock.sleep(Math.min(pollMs, leftMs), signal);
  }
}

async function resize(
  { serviceName: service }: StagedDeployment,
  cluster: string,
  desiredCount: number,
  { context, mayWrite }: MoveRun,
): Promise<void> {
  mayWrite();
  await context.ecs.updateService({ cluster, service, desiredCount });
  context.emit({ type: "note", message: `${service} is brought to ${counted(desiredCount, "task")}` });
}
