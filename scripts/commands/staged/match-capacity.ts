import { counted } from "../../core/diagnosis/facts.ts";
import type { StagedDeployment } from "../../core/staged/model.ts";
import { lookAtHealth } from "./health.ts";
import type { MoveRun } from "./move-run.ts";

const pollMs = 2_000;

/** What came of it. */
export type Matched =
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
  const { context, edge, command } = run;
  const { serviceName: service } = deployment;
  run.mayWrite();
  await context.ecs.updateService({ cluster, service, desiredCount });
  context.emit({ type: "note", message: `${service} is brought to ${counted(desiredCount, "task")}` });
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
