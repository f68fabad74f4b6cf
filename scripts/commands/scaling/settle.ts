import { AwsCallError, RefusedError } from "../../core/errors.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import type { Suspension } from "../../core/ports/auto-scaling.ts";
import { isScalingStep, type ScalingStep } from "../../core/scaling/steps.ts";
import { keyOf, type Planned, type ServiceName } from "../rollout/job.ts";
import type { Run } from "../rollout/run.ts";
import type { RunContext } from "../run-context.ts";
import { scalingPorts } from "./facts.ts";

/**
 * Does the step of a plan that sets the service's scaling, once its rollout has ended, or was begun and is not waited
 * for. After a rollout that did not end well it is left: what runs then was made for the scaling that there is.
 *
 * @returns the outcome, with what became of the scaling
 */
export async function settleAutoscaling(
  { job, plan }: Planned,
  outcome: ServiceOutcome,
  run: Run,
): Promise<ServiceOutcome> {
  const step = plan.steps.find(isScalingStep);
  if (step === undefined) return outcome;
  if (!isFitForScaling(outcome)) return { ...outcome, autoscaling: { result: "left" } };
  const { serviceName: service } = job;
  try {
    await run.inTurn(() => applyScaling(step, job, run.context, () => run.mayWrite()));
  } catch (error) {
    if (!(error instanceof AwsCallError) && !(error instanceof RefusedError)) throw error;
    return { ...outcome, autoscaling: { result: "notSet", problem: error.message } };
  }
  const isRemoved = step.kind === "removeAutoscaling";
  run.context.emit({ type: isRemoved ? "autoscalingRemoved" : "autoscalingSet", service });
  return { ...outcome, autoscaling: { result: isRemoved ? "removed" : "set" } };
}

function isFitForScaling({ outcome }: ServiceOutcome): boolean {
  switch (outcome) {
    case "completed":
    case "nothingToDo":
    case "started":
    case "paused":
      return true;
    case "planned":
    case "failed":
    case "putBack":
    case "superseded":
    case "gone":
    case "timedOut":
    case "interrupted":
    case "skipped":
    case "stopped":
      return false;
  }
}

/** What this run's templates have set as suspended, by `cluster/service`. */
export function suspensionsSet(
  planned: readonly Planned[],
  outcomes: readonly ServiceOutcome[],
): ReadonlyMap<string, Suspension> {
  return new Map(
    planned.flatMap(({ job, plan }, index): [string, Suspension][] => {
      const step = plan.steps.find((one) => one.kind === "setAutoscaling");
      const isSet = outcomes[index]?.autoscaling?.result === "set";
      return isSet && step?.target?.suspension !== undefined ? [[keyOf(job), step.target.suspension]] : [];
    }),
  );
}

/**
 * Brings a service's scaling to what a step says. The target comes first, since policies need one; what goes goes
 * before what comes, so that no more is there than AWS takes.
 *
 * @param mayWrite called before each write
 * @throws AwsCallError, or what `mayWrite` throws
 */
async function applyScaling(
  step: ScalingStep,
  { cluster, serviceName }: ServiceName,
  context: Pick<RunContext, "connect">,
  mayWrite: () => void,
): Promise<void> {
  const { plans } = await scalingPorts(context);
  if (step.kind === "removeAutoscaling") {
    mayWrite();
    await plans.deregister(cluster, serviceName);
    return;
  }
  if (step.target !== undefined) {
    mayWrite();
    await plans.register(cluster, serviceName, step.target);
  }
  for (const name of step.deletePolicies) {
    mayWrite();
    await plans.deletePolicy(cluster, serviceName, name);
  }
  for (const policy of step.putPolicies) {
    mayWrite();
    await plans.putPolicy(cluster, serviceName, policy);
  }
  for (const name of step.deleteActions) {
    mayWrite();
    await plans.deleteScheduledAction(cluster, serviceName, name);
  }
  for (const action of step.putActions) {
    mayWrite();
    await plans.putScheduledAction(cluster, serviceName, action);
  }
}
