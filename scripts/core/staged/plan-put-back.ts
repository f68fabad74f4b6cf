import { handSteps } from "./autoscaling-handover.ts";
import type { Move, MoveStep } from "./move.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "./model.ts";
import { shiftSteps, tag, untag } from "./plan-move.ts";

/** Why traffic goes back. */
export interface PutBackWish {
  /** ISO 8601; absent where nothing is wrong with the deployment that loses it, which is staged again then. */
  readonly failedAt?: string;
  /** In an emergency the rule comes first; otherwise the story, so that a run killed in between is understood. */
  readonly urgent: boolean;
}

/**
 * Gives the traffic back to the deployment that had it.
 *
 * @param losing the deployment that the traffic was to move to
 */
export function planPutBack(
  observed: ObservedApplication,
  losing: StagedDeployment,
  keeping: StagedDeployment,
  { failedAt, urgent }: PutBackWish,
): Move {
  const failed: readonly MoveStep[] =
    failedAt === undefined || losing.targetGroup.tags[stagedTags.failedAt] !== undefined
      ? []
      : [tag(losing, { [stagedTags.failedAt]: failedAt })];
  const shift =
    losing.trafficPercent === 0 ? [] : shiftSteps(observed, keeping, losing, [{ percent: 100, watchMs: 0 }]);
  return {
    incoming: keeping,
    outgoing: losing,
    steps: [...(urgent ? [...shift, ...failed] : [...failed, ...shift]), ...endOfPutBack(losing, keeping)],
  };
}

/** What is left to do of a move that was put back, once the rule is as it was. */
function endOfPutBack(losing: StagedDeployment, keeping: StagedDeployment): readonly MoveStep[] {
  const noted = keeping.targetGroup.tags[stagedTags.autoscaling];
  const isOwn = losing.targetGroup.tags[stagedTags.ownAutoscaling] !== undefined;
  const names = [stagedTags.retiredAt, stagedTags.autoscaling].filter(
    (name) => keeping.targetGroup.tags[name] !== undefined,
  );
  const handed = noted === undefined ? { isOwn } : { isOwn, resumed: noted, noted };
  return [
    ...(noted === undefined && !isOwn ? [] : handSteps(handed, keeping, losing)),
    ...(names.length === 0 ? [] : [untag(keeping, names)]),
    untag(losing, [stagedTags.activatingAt]),
  ];
}

/** A deployment whose move was put back by a run that could not end that. */
export function halfPutBack({ deployments }: ObservedApplication): StagedDeployment | undefined {
  return deployments.find(
    ({ trafficPercent, targetGroup: { tags } }) =>
      trafficPercent === 0 &&
      tags[stagedTags.activatingAt] !== undefined &&
      tags[stagedTags.failedAt] !== undefined,
  );
}
