import { AwsCallError, RefusedError } from "../../core/errors.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import type { Suspension } from "../../core/ports/auto-scaling.ts";
import { isScalingStep } from "../../core/scaling/steps.ts";
import { keyOf, type Planned } from "../rollout/job.ts";
import type { Run } from "../rollout/run.ts";
import { applyScaling } from "./apply.ts";

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
