import { runningRevision } from "../../core/code-deploy/task-sets.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import { AwsCallError, InterruptedError } from "../../core/errors.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import type { LockRecord } from "../lock/lock.ts";
import { nativeWrites } from "../native/writes.ts";
import { apply, PartlyApplied, type Applied } from "../rollout/apply.ts";
import type { Planned } from "../rollout/job.ts";
import type { Run } from "../rollout/run.ts";
import { beforeUpdate, keepTrailTrue } from "../rollout/service-trail.ts";
import { codeDeployOf } from "./facts.ts";
import { followDeployment } from "./follow.ts";
import { applyCodeDeployStep } from "./steps.ts";
import { awaitSteady } from "./steady.ts";
import { startedBefore } from "./take-up.ts";

/**
 * Brings one service under CODE_DEPLOY: the writes of its plan, the watch over CodeDeploy's deployment, and what follows
 * from how that ends. Never throws what AWS answers; that is an outcome.
 *
 * @param record of the lock that a killed run of the same command left
 */
export async function bringByCodeDeploy(
  planned: Planned,
  record: LockRecord | undefined,
  run: Run,
): Promise<ServiceOutcome> {
  const { job, observed, plan } = planned;
  const name = { service: job.serviceName, cluster: job.cluster };
  if (run.edge.signal.aborted) return { ...name, outcome: "interrupted" };
  const port = await codeDeployOf(run.context);
  const trail = { written: false };
  let applied: Applied;
  try {
    const before = record === undefined ? undefined : await startedBefore(planned, record, port, run);
    if (before !== undefined) return await followDeployment(planned, before, port, run);
    const mayWrite = (): void => {
      run.mayWrite();
      if (run.edge.signal.aborted) throw new InterruptedError("Interrupted before the rollout was started.");
    };
    const tagged = async (): Promise<void> => {
      await beforeUpdate(planned, run);
      trail.written = true;
    };
    applied = await apply(plan, observed, {
      ecs: run.context.ecs,
      clock: run.edge.clock,
      emit: run.context.emit,
      trail: [...job.trail(observed)],
      native: nativeWrites(run.context),
      inTurn: run.inTurn,
      mayWrite,
      beforeUpdate: tagged,
      beforeStop: (backTo) => keepTrailTrue(planned, backTo, run),
      byCodeDeploy: (step, registeredArn) =>
        applyCodeDeployStep(step, registeredArn, planned, port, run, { mayWrite, beforeUpdate: tagged }),
    });
  } catch (error) {
    if (error instanceof AwsCallError)
      return { ...name, outcome: "stopped", reason: error.message, changed: [] };
    if (!(error instanceof PartlyApplied)) throw error;
    const interrupted = error.cause instanceof InterruptedError;
    const refused = error.cause instanceof AwsCallError && !error.cause.effectUnknown;
    if (trail.written && (interrupted || refused))
      await keepTrailTrue(planned, plan.previousRevisionArn, run);
    if (interrupted) return { ...name, outcome: "interrupted" };
    return { ...name, outcome: "stopped", reason: error.message, changed: error.changed };
  }
  const { deploymentId, revisionArn } = applied;
  const last = plan.steps.at(-1)?.kind;
  if (deploymentId !== undefined) {
    return followDeployment(
      planned,
      { deploymentId, ...(revisionArn === undefined ? {} : { revisionArn }), ...plan.waitedFor },
      port,
      run,
    );
  }
  if (last === "waitUntilSteady") return awaitSteady(planned, revisionArn, run);
  const runs =
    revisionArn ?? (observed.service === undefined ? undefined : runningRevision(observed.service));
  return {
    ...name,
    ...(runs === undefined ? {} : { revision: revisionName(runs) }),
    images: job.images(observed),
    outcome: "nothingToDo",
    ...(plan.nothingBecause === undefined ? {} : { because: plan.nothingBecause }),
  };
}
