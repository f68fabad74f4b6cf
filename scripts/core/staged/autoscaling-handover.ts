/** How autoscaling goes from the deployment that has the traffic to the one that gets it. */
import type { ScalableTarget } from "../ports/auto-scaling.ts";
import { stagedTags, type StagedDeployment } from "./model.ts";
import type { MoveStep } from "./move.ts";
import { notScaled, suspensionTag } from "./suspension.ts";

/** What of a service's desired count is in the hands of Application Auto Scaling, by the service's name. */
export type Scaling = ReadonlyMap<string, ScalableTarget>;

/** What becomes of the autoscaling of both in a move. Suspensions are as `suspensionTag` writes them. */
export interface Handing {
  /** Whether the one that gets the traffic has autoscaling of its own; otherwise it is given the other's. */
  readonly isOwn: boolean;
  /** What is suspended of it once it has the traffic; absent where nothing is to scale it. */
  readonly resumed?: string;
  /** What the other had suspended, for going back; absent where nothing scales it. */
  readonly noted?: string;
}

/** Undefined where neither is scaled. */
export function handingOf(
  incoming: StagedDeployment,
  outgoing: StagedDeployment | undefined,
  scaling: Scaling,
): Handing | undefined {
  const own = ownOf(incoming);
  const target = outgoing && scaling.get(outgoing.serviceName);
  const noted =
    outgoing?.targetGroup.tags[stagedTags.autoscaling] ?? (target && suspensionTag(target.suspension));
  return handing(own, noted);
}

/** The same after the traffic has moved, when the other keeps its size already: by what its tag notes. */
export function handingNoted(
  active: StagedDeployment,
  before: StagedDeployment | undefined,
): Handing | undefined {
  return handing(ownOf(active), before?.targetGroup.tags[stagedTags.autoscaling]);
}

function handing(own: string | undefined, noted: string | undefined): Handing | undefined {
  const resumed = own === notScaled ? undefined : (own ?? noted);
  if (resumed === undefined && noted === undefined) return undefined;
  return {
    isOwn: own !== undefined,
    ...(resumed === undefined ? {} : { resumed }),
    ...(noted === undefined ? {} : { noted }),
  };
}

/**
 * What the tags of the one that loses the traffic tell of its autoscaling. Where either has autoscaling of its own, what
 * this one has now is its own from then on.
 */
export function notedTags(
  incoming: StagedDeployment,
  outgoing: StagedDeployment,
  handed: Handing | undefined,
): Readonly<Record<string, string>> {
  const noted = handed?.noted;
  const isOwn = ownOf(incoming) !== undefined || ownOf(outgoing) !== undefined;
  return {
    ...(noted === undefined ? {} : { [stagedTags.autoscaling]: noted }),
    ...(isOwn ? { [stagedTags.ownAutoscaling]: noted ?? notScaled } : {}),
  };
}

/** The least tasks that a deployment's own autoscaling leaves it; 0 where it has none of its own. */
export function ownLeast(deployment: StagedDeployment, scaling: Scaling): number {
  const own = ownOf(deployment);
  if (own === undefined || own === notScaled) return 0;
  return scaling.get(deployment.serviceName)?.minCapacity ?? 0;
}

/** Both have theirs, and neither scales in while they may share the traffic. */
export function sharingSteps(
  handed: Handing | undefined,
  incoming: StagedDeployment,
  outgoing: StagedDeployment | undefined,
): readonly MoveStep[] {
  if (handed === undefined || outgoing === undefined) return [];
  const { isOwn, resumed } = handed;
  const between = { from: outgoing.serviceName, to: incoming.serviceName };
  const suspended = resumed === undefined ? {} : { suspended: resumed };
  if (isOwn) return [{ kind: "shareAutoscaling", ...between, ...suspended }];
  return resumed === undefined ? [] : [{ kind: "copyAutoscaling", ...between, suspended: resumed }];
}

/** One scales, and the other keeps its size. */
export function handSteps(
  handed: Handing | undefined,
  incoming: StagedDeployment,
  outgoing: StagedDeployment | undefined,
): readonly MoveStep[] {
  if (handed === undefined) return [];
  const { resumed } = handed;
  return [
    {
      kind: "handAutoscaling",
      to: incoming.serviceName,
      ...(outgoing === undefined ? {} : { from: outgoing.serviceName }),
      ...(resumed === undefined ? {} : { suspended: resumed }),
    },
  ];
}

function ownOf({ targetGroup: { tags } }: StagedDeployment): string | undefined {
  return tags[stagedTags.ownAutoscaling];
}
