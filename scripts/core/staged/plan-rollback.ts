import { RefusedError } from "../errors.ts";
import { settleMs } from "./course.ts";
import { activeOf, byId, movingTo, otherWithTraffic, rolledBackTo, whatThereIs } from "./find.ts";
import { handingOf, notedTags, ownLeast, sharingSteps, type Scaling } from "./autoscaling-handover.ts";
import type { Move } from "./move.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "./model.ts";
import { endSteps, refuseForeignTraffic } from "./plan-activate.ts";
import { halfPutBack, planPutBack } from "./plan-put-back.ts";
import { capacitySteps, finishSteps, isUnfinished, shiftSteps, tag } from "./plan-move.ts";

/** What `./deploy rollback` was asked for. */
export interface RollbackWish {
  /** An id. */
  readonly to?: string;
  readonly force: boolean;
  /** Whether the version is watched once it has all of the traffic. */
  readonly watchAfter: boolean;
  /** ISO 8601. */
  readonly now: string;
}

/** Back in the midst of a shift; back to a deployment that stands; or to one that has to be staged again first. */
export type RollbackPlan =
  | ({ readonly kind: "putBack" } & Move)
  | ({ readonly kind: "move" } & Move)
  | {
      readonly kind: "stageAgain";
      readonly outgoing: StagedDeployment;
      /** Id of the one that is gone, or that is being staged in its place. */
      readonly id: string;
      /** `family:revision`. */
      readonly revision: string;
    }
  | ({ readonly kind: "nothingToDo"; readonly because: string } & Move);

/**
 * What to do so that the traffic goes back to the deployment that had it before.
 *
 * @throws RefusedError when there is nothing to go back to
 */
export function planRollback(
  observed: ObservedApplication,
  wish: RollbackWish,
  scaling: Scaling,
): RollbackPlan {
  refuseForeignTraffic(observed);
  const active = activeOf(observed);
  // The story is told before the rule moves: an active one that has failed is being rolled back.
  const begun = active?.targetGroup.tags[stagedTags.failedAt] !== undefined;
  const moving = movingTo(observed);
  if (moving !== undefined && !begun) return outOfMove(observed, moving, wish);
  if (active === undefined) {
    throw new RefusedError(
      `No deployment of ${observed.application} has live traffic in environment ${observed.environment}, so there is nothing to roll back. ${whatThereIs(observed)}`,
    );
  }
  if (wish.to !== undefined) {
    const to = byId(observed, wish.to);
    return to.id === active.id
      ? nothingToDo(observed, active)
      : backTo(observed, active, fit(observed, to, wish), wish, scaling);
  }
  if (halfPutBack(observed) !== undefined || rolledBackTo(observed, active.id) !== undefined) {
    return nothingToDo(observed, active);
  }
  const { [stagedTags.replaces]: id, [stagedTags.replacedRevision]: revision } = active.targetGroup.tags;
  if (id === undefined) {
    throw new RefusedError(
      `Deployment ${active.id} is the first that had the live traffic of ${observed.application}, so there is nothing to go back to. ${whatThereIs(observed)}`,
    );
  }
  const previous = observed.deployments.find((one) => one.id === id);
  if (previous?.service?.status === "ACTIVE" && !["staging", "leaving"].includes(previous.state)) {
    return backTo(observed, active, previous, wish, scaling);
  }
  if (revision !== undefined) return { kind: "stageAgain", outgoing: active, id, revision };
  throw new RefusedError(
    `Deployment ${id}, which ${active.id} replaced, is gone, and nothing tells of its revision. ${whatThereIs(observed)} ./deploy rollback ${observed.application} --to <id> goes to another.`,
  );
}

function outOfMove(
  observed: ObservedApplication,
  moving: StagedDeployment,
  { to, now }: RollbackWish,
): RollbackPlan {
  const keeping = otherWithTraffic(observed, moving.id);
  if (keeping === undefined) {
    throw new RefusedError(
      `Deployment ${moving.id} is the first that gets the live traffic of ${observed.application}, so there is nothing to go back to. To go on: ./deploy activate ${observed.application}`,
    );
  }
  if (to !== undefined && to !== keeping.id) {
    throw new RefusedError(
      `The traffic is moving from ${keeping.id} to ${moving.id}. Put it back first, without --to: ./deploy rollback ${observed.application}`,
    );
  }
  return { kind: "putBack", ...planPutBack(observed, moving, keeping, { failedAt: now, urgent: false }) };
}

function nothingToDo(observed: ObservedApplication, active: StagedDeployment): RollbackPlan {
  const half = halfPutBack(observed);
  const from = half ?? rolledBackTo(observed, active.id);
  const steps =
    half !== undefined
      ? planPutBack(observed, half, active, { urgent: false }).steps
      : isUnfinished(active)
        ? endSteps(observed, active)
        : [];
  const because =
    from === undefined
      ? `Deployment ${active.id} has the traffic already.`
      : `The traffic has gone back from ${from.id} to ${active.id} already; --to <id> goes further.`;
  return { kind: "nothingToDo", because, incoming: active, ...(from && { outgoing: from }), steps };
}

function fit(
  { application }: ObservedApplication,
  to: StagedDeployment,
  { force }: RollbackWish,
): StagedDeployment {
  if (to.state === "retired" || to.targetGroup.tags[stagedTags.activatingAt] !== undefined || force)
    return to;
  throw new RefusedError(
    to.state === "failed"
      ? `Deployment ${to.id} has failed, or was itself rolled back. To go to it all the same: ./deploy rollback ${application} --to ${to.id} --force`
      : `Deployment ${to.id} never had the live traffic. To give it that: ./deploy activate ${application} --id ${to.id}`,
  );
}

/** Speed counts: what can wait until the traffic has moved is done after that. */
function backTo(
  observed: ObservedApplication,
  active: StagedDeployment,
  to: StagedDeployment,
  { now, watchAfter }: RollbackWish,
  scaling: Scaling,
): RollbackPlan {
  const handed = handingOf(to, active, scaling);
  const course = [{ percent: 100, watchMs: watchAfter ? settleMs : 0 }];
  const begun = to.targetGroup.tags[stagedTags.activatingAt] !== undefined;
  const settingTags = begun
    ? {}
    : {
        [stagedTags.activatingAt]: now,
      };
  return {
    kind: "move",
    incoming: to,
    outgoing: active,
    steps: [
      ...capacitySteps(to, active, { mayShrink: false, least: ownLeast(to, scaling) }),
      // With it the one that loses the traffic names the one that gets it, whichever it had replaced.
      ...(active.targetGroup.tags[stagedTags.failedAt] !== undefined &&
      active.targetGroup.tags[stagedTags.replaces] === to.id
        ? []
        : [
            tag(active, {
              [stagedTags.failedAt]: now,
              [stagedTags.replaces]: to.id,
              ...notedTags(to, active, handed),
            }),
          ]),
      ...(begun ? [] : [tag(to, settingTags)]),
      ...shiftSteps(observed, to, active, course, handed?.noted !== undefined),
      ...sharingSteps(handed, to, active),
      ...finishSteps(observed, to, active, { handed, settingTags }),
    ],
  };
}
