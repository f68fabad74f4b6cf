import { afterStep } from "../../core/staged/after-step.ts";
import type { ObservedApplication, StagedDeployment } from "../../core/staged/model.ts";
import type { Move, MoveStep } from "../../core/staged/move.ts";
import { AwsCallError, RefusedError } from "../../core/errors.ts";
import { copyAutoscaling, handAutoscaling, shareAutoscaling } from "./hand-autoscaling.ts";
import { createLiveRule, ensureLiveRecord, removeStageRoute } from "./live-route.ts";
import { keepUp, matchCapacity } from "./match-capacity.ts";
import type { MoveEnd, MoveRun } from "./move-run.ts";
import { watchTraffic } from "./watch-traffic.ts";

/** What a step came to; the rest of the move is left where it is not `done`. */
type StepEnd =
  | { readonly kind: "done"; readonly observed: ObservedApplication; readonly milliseconds?: number }
  | Exclude<MoveEnd, { kind: "done" | "stopped" }>;

/** Runs the steps of a move, in order. Never throws what AWS answers; that is an end. */
export async function carryOutMove(
  move: Move,
  observed: ObservedApplication,
  run: MoveRun,
): Promise<MoveEnd> {
  let now = observed;
  let movedInMs: number | undefined;
  const moved = (): { movedInMs?: number } => (movedInMs === undefined ? {} : { movedInMs });
  for (const step of move.steps) {
    if (run.edge.signal.aborted) return { kind: "interrupted", observed: now, ...moved() };
    let end: StepEnd;
    try {
      end = await carryOut(step, now, tasksOf(move.incoming, move.steps), run);
    } catch (error) {
      if (!(error instanceof AwsCallError || error instanceof RefusedError)) throw error;
      return { kind: "stopped", error, observed: now, ...moved() };
    }
    if (end.kind !== "done") return { ...end, ...moved() };
    now = end.observed;
    movedInMs = end.milliseconds ?? movedInMs;
  }
  return { kind: "done", observed: now, ...moved() };
}

async function carryOut(
  step: MoveStep,
  observed: ObservedApplication,
  before: number,
  run: MoveRun,
): Promise<StepEnd> {
  const { traffic, mayWrite } = run;
  const { cluster } = observed;
  const done = (): StepEnd => ({ kind: "done", observed: afterStep(observed, step) });
  switch (step.kind) {
    case "matchCapacity": {
      const deployment = named(observed, ({ serviceName }) => serviceName === step.service);
      const end = await matchCapacity(deployment, cluster, step.desiredCount, run);
      return { observed, ...end };
    }
    case "keepUp": {
      const deployment = named(observed, ({ serviceName }) => serviceName === step.service);
      const end = await keepUp(deployment, { serviceName: step.with }, cluster, before, run);
      return { observed, ...end };
    }
    case "shareAutoscaling":
      await shareAutoscaling(step, observed, run);
      return done();
    case "copyAutoscaling":
      await copyAutoscaling(step, observed, run);
      return done();
    case "handAutoscaling":
      await handAutoscaling(step, observed, run);
      return done();
    case "tag":
      mayWrite();
      await traffic.tag(step.targetGroupArn, step.tags);
      return done();
    case "untag":
      mayWrite();
      await traffic.untag(step.targetGroupArn, step.names);
      return done();
    case "createLiveRule": {
      const began = performance.now();
      const liveRule = await createLiveRule(observed, step.groups, run);
      const milliseconds = tellShift(step, observed, began, run);
      return { kind: "done", observed: afterStep(observed, step, liveRule), milliseconds };
    }
    case "shiftTraffic": {
      mayWrite();
      const began = performance.now();
      await traffic.modifyRule(step.ruleArn, step.groups);
      const milliseconds = tellShift(step, observed, began, run);
      return { ...done(), ...(step.percent === 100 ? { milliseconds } : {}) };
    }
    case "watch": {
      const deployment = named(observed, ({ id }) => id === step.deployment);
      const watched = await watchTraffic(deployment, cluster, step.milliseconds, before, run);
      if (watched === "interrupted") return { kind: "interrupted", observed };
      return watched === undefined ? done() : { kind: "fault", fault: watched.fault, observed };
    }
    case "ensureLiveRecord":
      await ensureLiveRecord(observed, run);
      return done();
    case "removeStageRoute":
      await removeStageRoute(
        named(observed, ({ id }) => id === step.deployment),
        step.ruleArn,
        observed,
        run,
      );
      return done();
  }
}

/** Says that the traffic has moved. @returns how long the call took, in milliseconds */
function tellShift(
  { deployment, percent }: Extract<MoveStep, { kind: "shiftTraffic" | "createLiveRule" }>,
  { application }: ObservedApplication,
  began: number,
  { context }: MoveRun,
): number {
  const milliseconds = Math.round(performance.now() - began);
  context.emit({
    type: "trafficShifted",
    service: application,
    deploymentId: deployment,
    of: "production",
    percent,
    by: "Slipway",
  });
  return milliseconds;
}

function named(
  { deployments }: ObservedApplication,
  isIt: (deployment: StagedDeployment) => boolean,
): StagedDeployment {
  const found = deployments.find(isIt);
  if (found === undefined) throw new Error("A step is about a deployment that was not observed.");
  return found;
}

/** How many tasks the deployment has before it gets traffic. */
function tasksOf({ service, serviceName }: StagedDeployment, steps: readonly MoveStep[]): number {
  const matched = steps.find((step) => step.kind === "matchCapacity" && step.service === serviceName);
  return matched?.kind === "matchCapacity" ? matched.desiredCount : (service?.desiredCount ?? 0);
}
