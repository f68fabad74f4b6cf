import { RefusedError } from "../errors.ts";
import { stagedTags, type LiveRule, type ObservedApplication, type WeightedGroup } from "./model.ts";

/** One idempotent step of taking the live host away. `work` names its entry in the table of permissions. */
export type CloseStep =
  | {
      /** The rule stays for the staged host alone, so that connections end before they are cut. */
      readonly kind: "retireLiveRule";
      readonly work: "moveTraffic";
      readonly ruleArn: string;
      readonly host: string;
      readonly groups: readonly WeightedGroup[];
      readonly tags: Readonly<Record<string, string>>;
    }
  | { readonly kind: "deleteLiveRule"; readonly work: "deleteTraffic"; readonly ruleArn: string }
  | {
      readonly kind: "deleteLiveRecord";
      readonly work: "changeRecords";
      readonly hostedZoneId: string;
      readonly host: string;
    };

/**
 * The plan that takes the live host away from an application, after which none of its deployments has live traffic and
 * all can be torn down. A target group that is in no rule drops its connections at once, so the live rule becomes the
 * rule of a staged host wherever a deployment in it has no other.
 *
 * @throws RefusedError where a deployment gets requests by a rule that Slipway did not make
 */
export function planClose(observed: ObservedApplication): readonly CloseStep[] {
  const { liveRule, place, deployments, application } = observed;
  const foreign = deployments.flatMap(({ foreignRuleArns }) => foreignRuleArns);
  if (foreign.length > 0) {
    throw new RefusedError(
      `Deployments of ${application} get requests by rules that Slipway did not make: ${[...new Set(foreign)].join(", ")}. Delete those rules, or send them elsewhere. Nothing was changed.`,
    );
  }
  const { hostedZoneId, liveHost: host } = place;
  return [
    ...(liveRule === undefined ? [] : [leaveHost(observed, liveRule)]),
    ...(hostedZoneId === undefined || deployments.length === 0
      ? []
      : [{ kind: "deleteLiveRecord" as const, work: "changeRecords" as const, hostedZoneId, host }]),
  ];
}

function leaveHost({ deployments }: ObservedApplication, { arn: ruleArn, groups }: LiveRule): CloseStep {
  const without = deployments
    .filter(
      ({ stageRuleArn, targetGroup }) =>
        stageRuleArn === undefined && groups.some(({ targetGroupArn }) => targetGroupArn === targetGroup.arn),
    )
    .toSorted((left, right) => right.trafficPercent - left.trafficPercent);
  const [first] = without;
  if (first === undefined) return { kind: "deleteLiveRule", work: "deleteTraffic", ruleArn };
  return {
    kind: "retireLiveRule",
    work: "moveTraffic",
    ruleArn,
    host: first.stagedHost,
    groups: groups.filter((group) =>
      without.some(({ targetGroup }) => targetGroup.arn === group.targetGroupArn),
    ),
    tags: { [stagedTags.route]: "stage", [stagedTags.deployment]: first.id },
  };
}

/** The application as it is once that is done, for planning what comes then. */
export function closed(observed: ObservedApplication): ObservedApplication {
  const { liveRule, ...rest } = observed;
  if (liveRule === undefined) return observed;
  const step = leaveHost(observed, liveRule);
  const routed = step.kind === "retireLiveRule" ? step.groups : [];
  return {
    ...rest,
    deployments: observed.deployments.map((one) => ({
      ...one,
      ...(routed.some(({ targetGroupArn }) => targetGroupArn === one.targetGroup.arn)
        ? { stageRuleArn: liveRule.arn }
        : {}),
      trafficPercent: 0,
    })),
  };
}
