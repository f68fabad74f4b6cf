import { runningRevision } from "../../core/code-deploy/task-sets.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import { AwsCallError } from "../../core/errors.ts";
import { isScalingStep } from "../../core/scaling/steps.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import type { LockRecord } from "../lock/lock.ts";
import type { Planned } from "../rollout/job.ts";
import type { Run } from "../rollout/run.ts";
import { writePlan } from "../rollout/write-plan.ts";
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
  try {
    const before = record === undefined ? undefined : await startedBefore(planned, record, port, run);
    if (before !== undefined) return await followDeployment(planned, before, port, run);
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return { ...name, outcome: "stopped", reason: error.message, changed: [] };
  }
  const written = await writePlan(
    planned,
    run,
    plan.previousRevisionArn,
    (step, registeredArn, beforeWrites) =>
      applyCodeDeployStep(step, registeredArn, planned, port, run, beforeWrites),
  );
  if (written.kind === "ended") return written.outcome;
  const { deploymentId, revisionArn } = written.applied;
  const last = plan.steps.findLast((step) => !isScalingStep(step))?.kind;
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
