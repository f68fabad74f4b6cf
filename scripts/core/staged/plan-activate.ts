import { RefusedError, UsageError } from "../errors.ts";
import { stepsOf, type Course } from "./course.ts";
import { activeOf, byId, movingTo, otherWithTraffic, rolledBackTo, whatThereIs } from "./find.ts";
import {
  handingNoted,
  handingOf,
  notedTags,
  ownLeast,
  sharingSteps,
  type Scaling,
} from "./autoscaling-handover.ts";
import type { Move, MoveStep } from "./move.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "./model.ts";
import { planPutBack, halfPutBack } from "./plan-put-back.ts";
import { capacitySteps, finishSteps, isUnfinished, shiftSteps, tag } from "./plan-move.ts";

/** What `./deploy activate` was asked for. */
export interface ActivateWish {
  readonly id?: string;
  readonly course: Course;
  readonly force: boolean;
  /** Whether the version is watched once it has all of the traffic. */
  readonly watchAfter: boolean;
  /** ISO 8601. */
  readonly now: string;
}

/** A move; the end of one that a killed run had begun to put back; or nothing but what a killed run has left to do. */
export type ActivatePlan =
  | ({ readonly kind: "endPutBack" } & Move)
  | ({ readonly kind: "move" } & Move)
  | ({ readonly kind: "nothingToDo"; readonly because: string } & Move);

/**
 * What to do so that a deployment gets the live traffic. A move that was begun is gone on with from the share that it
 * had come to.
 *
 * @throws RefusedError when nothing can be activated, or not this; UsageError when the course makes no sense here
 */
export function planActivate(
  observed: ObservedApplication,
  wish: ActivateWish,
  scaling: Scaling,
): ActivatePlan {
  refuseForeignTraffic(observed);
  const half = halfPutBack(observed);
  const active = activeOf(observed);
  if (half !== undefined && active !== undefined && (wish.id === undefined || wish.id === half.id)) {
    const { steps } = planPutBack(observed, half, active, { urgent: false });
    return { kind: "endPutBack", incoming: half, outgoing: active, steps };
  }
  const incoming = choose(observed, wish);
  if (incoming.trafficPercent === 100) return alreadyActive(observed, incoming);
  refuseUnfit(observed, incoming, wish);
  const outgoing = otherWithTraffic(observed, incoming.id);
  if (outgoing === undefined && wish.course.kind !== "atOnce") {
    throw new UsageError(
      `--${wish.course.kind} shares the traffic with the version that has it, and ${observed.application} has none in environment ${observed.environment} yet. Activate the first one without it: ./deploy activate ${observed.application}`,
    );
  }
  return {
    kind: "move",
    incoming,
    ...(outgoing && { outgoing }),
    steps: moveSteps(observed, incoming, outgoing, wish, scaling),
  };
}

function moveSteps(
  observed: ObservedApplication,
  incoming: StagedDeployment,
  outgoing: StagedDeployment | undefined,
  wish: ActivateWish,
  scaling: Scaling,
): readonly MoveStep[] {
  const begun = incoming.targetGroup.tags[stagedTags.activatingAt] !== undefined;
  const handed = handingOf(incoming, outgoing, scaling);
  const keepsUp = handed?.noted !== undefined;
  const settingTags = begun ? {} : storyOf(outgoing, wish.now);
  const course = stepsOf(wish.course, incoming.trafficPercent).map((step) =>
    step.percent === 100 && !wish.watchAfter ? { ...step, watchMs: 0 } : step,
  );
  return [
    ...(begun && keepsUp
      ? []
      : capacitySteps(incoming, outgoing, { mayShrink: !begun, least: ownLeast(incoming, scaling) })),
    ...(begun ? [] : [tag(incoming, settingTags)]),
    ...(outgoing === undefined || outgoing.targetGroup.tags[stagedTags.retiredAt] !== undefined
      ? []
      : [tag(outgoing, { [stagedTags.retiredAt]: wish.now, ...notedTags(incoming, outgoing, handed) })]),
    ...sharingSteps(handed, incoming, outgoing),
    ...shiftSteps(observed, incoming, outgoing, course, keepsUp),
    ...finishSteps(observed, incoming, outgoing, { handed, settingTags }),
  ];
}

/** What the incoming one's tags tell from before the first shift on. */
function storyOf(outgoing: StagedDeployment | undefined, now: string): Readonly<Record<string, string>> {
  const revision = outgoing?.targetGroup.tags[stagedTags.revision];
  return {
    [stagedTags.activatingAt]: now,
    ...(outgoing === undefined ? {} : { [stagedTags.replaces]: outgoing.id }),
    ...(revision === undefined ? {} : { [stagedTags.replacedRevision]: revision }),
  };
}

function alreadyActive(observed: ObservedApplication, active: StagedDeployment): ActivatePlan {
  const because = `Deployment ${active.id} has all of the traffic already.`;
  const outgoing = handedOverBy(observed, active);
  if (!isUnfinished(active)) {
    return { kind: "nothingToDo", because, incoming: active, ...(outgoing && { outgoing }), steps: [] };
  }
  return {
    kind: "nothingToDo",
    because,
    incoming: active,
    ...(outgoing && { outgoing }),
    steps: endSteps(observed, active),
  };
}

/** Which deployment an active one has, or had, its traffic from. */
function handedOverBy(observed: ObservedApplication, active: StagedDeployment): StagedDeployment | undefined {
  const { replaces } = stagedTags;
  const before = active.targetGroup.tags[replaces];
  return rolledBackTo(observed, active.id) ?? observed.deployments.find(({ id }) => id === before);
}

/** What a run has left to do that was killed after it had moved all of the traffic. */
export function endSteps(observed: ObservedApplication, active: StagedDeployment): readonly MoveStep[] {
  const rolledBack = rolledBackTo(observed, active.id);
  const from = handedOverBy(observed, active);
  const handed = handingNoted(active, from);
  return [
    ...(rolledBack === undefined ? [] : sharingSteps(handed, active, rolledBack)),
    ...finishSteps(observed, active, from, { handed }),
  ];
}

function choose(observed: ObservedApplication, { id }: ActivateWish): StagedDeployment {
  const moving = movingTo(observed);
  if (id !== undefined) {
    const found = byId(observed, id);
    if (moving === undefined || moving.id === id || moving.trafficPercent === 0) return found;
    throw new RefusedError(
      `The traffic is moving to deployment ${moving.id}, which has ${moving.trafficPercent} % of it. To go on with that: ./deploy activate ${observed.application} --id ${moving.id}; to put the traffic back first: ./deploy rollback ${observed.application}`,
    );
  }
  if (moving !== undefined) return moving;
  const active = activeOf(observed);
  // Ids sort by time: what was staged before the active one was passed over.
  const [newest] = observed.deployments
    .filter((one) => one.state === "staged" && (active === undefined || one.id > active.id))
    .toSorted((left, right) => right.id.localeCompare(left.id));
  if (newest !== undefined) return newest;
  const putBack = active && rolledBackTo(observed, active.id);
  if (active !== undefined && putBack !== undefined && putBack.id > active.id) {
    throw new RefusedError(
      `Nothing is staged, and deployment ${putBack.id} had to give the traffic back to ${active.id}. To give it the traffic all the same: ./deploy activate ${observed.application} --id ${putBack.id} --force`,
    );
  }
  if (active !== undefined) return active;
  throw new RefusedError(
    `${observed.application} has nothing staged in environment ${observed.environment}. ${whatThereIs(observed)}`,
  );
}

function refuseUnfit(
  { application }: ObservedApplication,
  { id, state, targetGroup }: StagedDeployment,
  { force }: ActivateWish,
): void {
  if (force || targetGroup.tags[stagedTags.activatingAt] !== undefined) return;
  if (state === "failed") {
    throw new RefusedError(
      `Deployment ${id} has failed, or was rolled back. To give it the traffic all the same: ./deploy activate ${application} --id ${id} --force`,
    );
  }
  if (state === "staging") {
    throw new RefusedError(
      `Deployment ${id} is not staged yet: it was not seen steady, with healthy targets. ./deploy deployments ${application} shows its tasks.`,
    );
  }
}

/** Traffic of the live host that goes to no deployment of the application is not ours to take. */
export function refuseForeignTraffic({
  liveRule,
  place: { liveHost },
  deployments,
  application,
}: ObservedApplication): void {
  const known = new Set(deployments.map(({ targetGroup }) => targetGroup.arn));
  const foreign = liveRule?.groups.find(
    ({ targetGroupArn, weight }) => weight > 0 && !known.has(targetGroupArn),
  );
  if (foreign === undefined) return;
  throw new RefusedError(
    `The rule of ${liveHost} sends requests to ${foreign.targetGroupArn}, which is no deployment of ${application}. Nothing was changed. Whoever made that has to take it out of the rule.`,
  );
}
