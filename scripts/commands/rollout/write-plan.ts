import type { CodeDeployStep } from "../../core/code-deploy/steps.ts";
import { AwsCallError, InterruptedError } from "../../core/errors.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import { nativeWrites } from "../native/writes.ts";
import { apply, PartlyApplied, type Applied, type ApplyEdge, type StepDone } from "./apply.ts";
import type { Planned } from "./job.ts";
import type { Run } from "./run.ts";
import { beforeUpdate, keepTrailTrue } from "./service-trail.ts";

/** What the writes of a plan call first. */
export type BeforeWrites = Pick<ApplyEdge, "mayWrite" | "beforeUpdate" | "beforeStop">;

/** What the writes of a plan came to, or how that ended the service's part of the run. */
export type Written =
  | { readonly kind: "written"; readonly applied: Applied }
  | { readonly kind: "ended"; readonly outcome: ServiceOutcome };

/** Does the steps of a plan that are CodeDeploy's. */
type ByCodeDeploy = (
  step: CodeDeployStep,
  registeredArn: string | undefined,
  before: BeforeWrites,
) => Promise<StepDone>;

/**
 * Does the writes of a service's plan. Where they do not all come about, and surely changed nothing that runs, the
 * service's tags are set right again.
 *
 * @param runsBefore ARN of the revision that those tags then tell of
 * @param byCodeDeploy where the plan has steps of CodeDeploy
 */
export async function writePlan(
  planned: Planned,
  run: Run,
  runsBefore: string | undefined,
  byCodeDeploy?: ByCodeDeploy,
): Promise<Written> {
  const { job, observed, plan } = planned;
  const trail = { written: false };
  const before: BeforeWrites = {
    mayWrite: () => {
      run.mayWrite();
      if (run.edge.signal.aborted) throw new InterruptedError("Interrupted before the rollout was started.");
    },
    beforeUpdate: async () => {
      await beforeUpdate(planned, run);
      trail.written = true;
    },
    beforeStop: (backTo) => keepTrailTrue(planned, backTo, run),
  };
  try {
    const applied = await apply(plan, observed, {
      ...before,
      ecs: run.context.ecs,
      clock: run.edge.clock,
      emit: run.context.emit,
      trail: [...job.trail(observed)],
      native: nativeWrites(run.context),
      inTurn: run.inTurn,
      ...(byCodeDeploy === undefined
        ? {}
        : { byCodeDeploy: (step, registeredArn) => byCodeDeploy(step, registeredArn, before) }),
    });
    return { kind: "written", applied };
  } catch (error) {
    if (!(error instanceof PartlyApplied)) throw error;
    const interrupted = error.cause instanceof InterruptedError;
    const refused = error.cause instanceof AwsCallError && !error.cause.effectUnknown;
    if (trail.written && (interrupted || refused)) await keepTrailTrue(planned, runsBefore, run);
    const name = { service: job.serviceName, cluster: job.cluster };
    const { message: reason, changed } = error;
    return {
      kind: "ended",
      outcome: interrupted
        ? { ...name, outcome: "interrupted" }
        : { ...name, outcome: "stopped", reason, changed },
    };
  }
}
