import type { CourseStep } from "./course.ts";
import { handSteps, type Handing } from "./autoscaling-handover.ts";
import type { MoveStep } from "./move.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment, type WeightedGroup } from "./model.ts";
import { isSameSharing, weightedGroups } from "./weights.ts";

/** Tags that an ended move leaves on nobody who has the traffic. */
const unfinishedTags = [
  stagedTags.activatingAt,
  stagedTags.autoscaling,
  stagedTags.retiredAt,
  stagedTags.failedAt,
];

/**
 * The count that a deployment gets before it takes traffic over; none where it has it, or ECS counts by itself.
 *
 * @param least tasks that its own autoscaling leaves it
 */
export function capacitySteps(
  { service, serviceName }: StagedDeployment,
  outgoing: StagedDeployment | undefined,
  { mayShrink, least }: { readonly mayShrink: boolean; readonly least: number },
): readonly MoveStep[] {
  const others = outgoing?.service?.desiredCount ?? 0;
  const wanted = Math.max(others, least);
  const has = service?.desiredCount ?? 0;
  if (service?.schedulingStrategy === "DAEMON" || wanted === has) return [];
  if (wanted < has && (!mayShrink || others === 0)) return [];
  return [{ kind: "matchCapacity", service: serviceName, desiredCount: wanted }];
}

/**
 * The changes of the live rule, each with its watch; a share that is there already is only watched.
 *
 * @param keepsUp whether the one that loses the traffic may want more tasks by then, and the other then too
 */
export function shiftSteps(
  observed: ObservedApplication,
  incoming: StagedDeployment,
  outgoing: StagedDeployment | undefined,
  course: readonly CourseStep[],
  keepsUp = false,
): readonly MoveStep[] {
  const { liveRule, place } = observed;
  const keepUp: readonly MoveStep[] =
    keepsUp && outgoing !== undefined
      ? [{ kind: "keepUp", service: incoming.serviceName, with: outgoing.serviceName }]
      : [];
  const arn = incoming.targetGroup.arn;
  let now = liveRule?.groups;
  return course.flatMap(({ percent, watchMs }): readonly MoveStep[] => {
    const groups = weightedGroups(arn, percent, outgoing?.targetGroup.arn, idleGroups(observed));
    const watch: readonly MoveStep[] =
      watchMs === 0 ? [] : [{ kind: "watch", deployment: incoming.id, milliseconds: watchMs }];
    if (liveRule === undefined)
      return [
        { kind: "createLiveRule", host: place.liveHost, deployment: incoming.id, percent, groups },
        ...watch,
      ];
    if (now !== undefined && isSameSharing(now, groups))
      return watch.length === 0 ? [] : [...keepUp, ...watch];
    now = groups;
    return [
      ...keepUp,
      { kind: "shiftTraffic", ruleArn: liveRule.arn, deployment: incoming.id, percent, groups },
      ...watch,
    ];
  });
}

/** Groups that the live rule keeps without traffic, those that lost it last before the others. */
function idleGroups({ liveRule, deployments }: ObservedApplication): readonly string[] {
  const inRule = new Set(
    (liveRule?.groups ?? [])
      .filter(({ weight }: WeightedGroup) => weight === 0)
      .map(({ targetGroupArn }) => targetGroupArn),
  );
  const lostAt = ({ targetGroup: { tags } }: StagedDeployment): string =>
    tags[stagedTags.retiredAt] ?? tags[stagedTags.failedAt] ?? "";
  return deployments
    .filter(({ targetGroup }) => inRule.has(targetGroup.arn))
    .toSorted((left, right) => lostAt(right).localeCompare(lostAt(left)))
    .map(({ targetGroup }) => targetGroup.arn);
}

/** What follows once a deployment has all of the traffic; the tags that say that this is not over go last. */
export function finishSteps(
  { place }: ObservedApplication,
  incoming: StagedDeployment,
  outgoing: StagedDeployment | undefined,
  {
    handed,
    settingTags = {},
  }: {
    readonly handed: Handing | undefined;
    /** Tags that the move itself has set on the incoming one. */
    readonly settingTags?: Readonly<Record<string, string>>;
  },
): readonly MoveStep[] {
  const has = { ...incoming.targetGroup.tags, ...settingTags };
  const names = unfinishedTags.filter((name) => has[name] !== undefined);
  return [
    ...handSteps(handed, incoming, outgoing),
    ...(place.hostedZoneId === undefined
      ? []
      : [{ kind: "ensureLiveRecord" as const, host: place.liveHost }]),
    ...(incoming.stageRuleArn === undefined
      ? []
      : [{ kind: "removeStageRoute" as const, deployment: incoming.id, ruleArn: incoming.stageRuleArn }]),
    ...(handed?.noted === undefined || outgoing === undefined
      ? []
      : [untag(outgoing, [stagedTags.autoscaling])]),
    ...(names.length === 0 ? [] : [untag(incoming, names)]),
  ];
}

/** Whether a deployment that has all of the traffic shows that its move was not ended. */
export function isUnfinished({ targetGroup: { tags }, stageRuleArn }: StagedDeployment): boolean {
  return stageRuleArn !== undefined || unfinishedTags.some((name) => tags[name] !== undefined);
}

export function tag({ id, targetGroup }: StagedDeployment, tags: Readonly<Record<string, string>>): MoveStep {
  return { kind: "tag", deployment: id, targetGroupArn: targetGroup.arn, tags };
}

export function untag({ id, targetGroup }: StagedDeployment, names: readonly string[]): MoveStep {
  return { kind: "untag", deployment: id, targetGroupArn: targetGroup.arn, names };
}
