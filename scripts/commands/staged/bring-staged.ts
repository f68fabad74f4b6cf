import { primaryDeployment } from "../../core/deployment/service-changes.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import { AwsCallError, InterruptedError, RefusedError } from "../../core/errors.ts";
import { exitCode } from "../../core/exit-code.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import { quotaOf } from "../../core/quotas.ts";
import { stagedTags } from "../../core/staged/model.ts";
import type { StageReport } from "../../core/staged/stage-report.ts";
import { applyStageStep, type Staged, type StageEdge } from "./apply-stage.ts";
import { awaitStaged } from "./await-staged.ts";
import type { StageEnding } from "./stage-reporter.ts";
import type { Staging } from "./staging.ts";

/**
 * Carries a staging out to its end: the writes of its plan, the wait for a steady service with healthy targets, and
 * where that fails, why, and the way back. Never throws what AWS answers; that is in the report.
 */
export async function bringStaged(staging: Staging): Promise<StageReport> {
  const { observed, inputs, report, command, context, edge } = staging;
  const { application, cluster } = observed;
  const began = edge.clock.now();
  const { emit } = context;
  const { trafficPort } = await import("../../aws/traffic.ts");
  const run: StageEdge = {
    id: inputs.id,
    application,
    environment: observed.environment,
    cluster,
    loadBalancerArn: observed.place.loadBalancerArn,
    context,
    edge,
    traffic: context.connect(trafficPort),
    trail: staging.trail,
    latestRevision: staging.latestRevision,
    emit,
    mayWrite: () => {
      mayWrite(staging);
    },
  };
  const secondsSince = (): number => Math.round((edge.clock.now() - began) / 100) / 10;
  const end = (ending: StageEnding): StageReport => {
    const outcome = outcomeOf(ending, { service: application, cluster }, inputs.id, secondsSince());
    emit({ type: "ended", ...outcome, images: inputs.images });
    return report.ended(ending);
  };
  let staged = startingPoint(staging);
  if (staged.revisionArn !== undefined) {
    emit({ type: "revisionReused", service: application, revision: revisionName(staged.revisionArn) });
  }
  try {
    for (const step of staging.steps) {
      switch (step.kind) {
        case "waitForDeployment": {
          if (!command.options.wait) {
            return end({ outcome: "started", exitCode: exitCode.completed, ...standing(staged) });
          }
          const ending = await awaitStaged(staged, staging, run);
          if (ending !== undefined) return end({ ...standing(staged), ...ending });
          break;
        }
        // It is part of the wait, which sees both to their end.
        case "waitForTargets":
          break;
        case "markStaged":
          mayWrite(staging);
          await run.traffic.tag(staged.targetGroupArn ?? "", {
            [stagedTags.stagedAt]: new Date(edge.wallClock.now()).toISOString(),
          });
          break;
        case "createTaskRole":
        case "registerTaskDefinition":
        case "createTargetGroup":
        case "setDrainDelay":
        case "createListener":
        case "createStageRule":
        case "putRecord":
        case "createService":
        case "tagAutoscaling":
        case "setAutoscaling":
        case "removeAutoscaling":
          mayWrite(staging);
          staged = await applyStageStep(step, staged, run);
      }
    }
    return end({
      ...standing(staged),
      outcome: "staged",
      state: "staged",
      exitCode: exitCode.completed,
      seconds: secondsSince(),
    });
  } catch (error) {
    if (error instanceof InterruptedError) {
      return end({ ...standing(staged), outcome: "interrupted", exitCode: exitCode.interrupted });
    }
    if (!(error instanceof AwsCallError || error instanceof RefusedError)) throw error;
    if (error instanceof AwsCallError && quotaOf(error.code) !== undefined) {
      const { afterQuota } = await import("./after-quota.ts");
      return end(await afterQuota(error, staged, staging));
    }
    return end({ ...standing(staged), outcome: "stopped", exitCode: exitCode.aws, reason: error.message });
  }
}

/** @throws RefusedError when the lock is lost, InterruptedError on Ctrl-C */
function mayWrite({ held, edge }: Pick<Staging, "held" | "edge">): void {
  held.lost.throwIfAborted();
  if (edge.signal.aborted) throw new InterruptedError("Interrupted before the next step.");
}

/** What stands before the first step. */
function startingPoint({ observed, begun, revisionArn }: Staging): Staged {
  const primary = begun?.service && primaryDeployment(begun.service);
  return {
    ...(revisionArn === undefined ? {} : { revisionArn }),
    ...(observed.listener === undefined ? {} : { listenerArn: observed.listener.arn }),
    ...(begun === undefined ? {} : { targetGroupArn: begun.targetGroup.arn }),
    ...(primary?.id === undefined ? {} : { deploymentId: primary.id }),
  };
}

function standing({ revisionArn, targetGroupArn }: Staged): Partial<StageEnding> {
  return {
    ...(revisionArn === undefined ? {} : { revision: revisionName(revisionArn) }),
    ...(targetGroupArn === undefined ? {} : { state: "staging" }),
  };
}

/** The same for the displays, which know outcomes of services. */
function outcomeOf(
  ending: StageEnding,
  name: { readonly service: string; readonly cluster: string },
  deploymentId: string,
  seconds: number,
): ServiceOutcome {
  const { outcome, revision, reason = "" } = ending;
  const base = { ...name, deploymentId, ...(revision === undefined ? {} : { revision }) };
  switch (outcome) {
    case "staged":
      return { ...base, outcome: "completed", seconds };
    case "started":
      return { ...base, outcome: "started" };
    case "failed":
      return {
        ...base,
        outcome: "failed",
        reason,
        failedRevision: revision ?? "an unknown revision",
        diagnoses: ending.diagnoses ?? [],
      };
    case "timedOut":
      return { ...base, outcome: "timedOut", seconds };
    case "interrupted":
      return { ...base, outcome: "interrupted" };
    case "stopped":
      return { ...base, outcome: "stopped", reason, changed: [] };
    case "planned":
    case "nothingToDo":
      return { ...base, outcome: "nothingToDo" };
  }
}
