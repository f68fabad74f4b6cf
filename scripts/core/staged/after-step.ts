import {
  stateOf,
  trafficPercent,
  type LiveRule,
  type ObservedApplication,
  type StagedDeployment,
} from "./model.ts";
import type { MoveStep } from "./move.ts";

/**
 * The application as a step leaves it, as far as rules and tags tell: for what is planned in the midst of a move.
 *
 * @param liveRule the rule that the step made, where it made one
 */
export function afterStep(
  observed: ObservedApplication,
  step: MoveStep,
  liveRule: LiveRule | undefined = observed.liveRule,
): ObservedApplication {
  switch (step.kind) {
    case "tag":
      return withTags(observed, step.deployment, (tags) => ({ ...tags, ...step.tags }));
    case "untag":
      return withTags(observed, step.deployment, (tags) =>
        Object.fromEntries(Object.entries(tags).filter(([name]) => !step.names.includes(name))),
      );
    case "createLiveRule":
    case "shiftTraffic":
      return liveRule === undefined ? observed : withRule(observed, { ...liveRule, groups: step.groups });
    case "removeStageRoute":
      return withDeployments(observed, (one) => {
        if (one.id !== step.deployment) return one;
        const { stageRuleArn: _, ...rest } = one;
        return rest;
      });
    case "matchCapacity":
    case "keepUp":
    case "copyAutoscaling":
    case "shareAutoscaling":
    case "handAutoscaling":
    case "watch":
    case "ensureLiveRecord":
      return observed;
  }
}

function withTags(
  observed: ObservedApplication,
  id: string,
  change: (tags: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): ObservedApplication {
  return withDeployments(observed, (one) => {
    if (one.id !== id) return one;
    const tags = change(one.targetGroup.tags);
    const state = stateOf(tags, one.trafficPercent);
    return { ...one, state, targetGroup: { ...one.targetGroup, tags } };
  });
}

function withRule(observed: ObservedApplication, liveRule: LiveRule): ObservedApplication {
  return {
    ...withDeployments(observed, (one) => {
      const percent = trafficPercent(liveRule.groups, one.targetGroup.arn);
      return { ...one, trafficPercent: percent, state: stateOf(one.targetGroup.tags, percent) };
    }),
    liveRule,
  };
}

function withDeployments(
  observed: ObservedApplication,
  change: (deployment: StagedDeployment) => StagedDeployment,
): ObservedApplication {
  return { ...observed, deployments: observed.deployments.map(change) };
}
