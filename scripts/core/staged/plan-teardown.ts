import type { Work } from "../permissions/table.ts";
import type { AliasRecord } from "../ports/records.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "./model.ts";

/** One idempotent step of a teardown. `work` names its entry in the table of permissions. */
export type TeardownStep =
  | { readonly kind: "markLeaving"; readonly work: "tagTraffic"; readonly targetGroupArn: string }
  | { readonly kind: "removeScaling"; readonly work: "removeScaling"; readonly service: string }
  | { readonly kind: "deleteService"; readonly work: "deleteService"; readonly service: string }
  | {
      readonly kind: "waitUntilDrained";
      readonly work: "observeStaged";
      readonly service: string;
      readonly targetGroupArn: string;
    }
  | { readonly kind: "deregisterRevision"; readonly work: "deregisterRevision"; readonly revision: string }
  | { readonly kind: "deleteRule"; readonly work: "deleteTraffic"; readonly ruleArn: string }
  | {
      readonly kind: "deleteRecord";
      readonly work: "changeRecords";
      readonly hostedZoneId: string;
      readonly record: AliasRecord;
    }
  | {
      readonly kind: "leaveLiveRule";
      readonly work: "moveTraffic";
      readonly ruleArn: string;
      readonly listenerArn: string;
      readonly targetGroupArn: string;
    }
  | { readonly kind: "deleteTargetGroup"; readonly work: "deleteTraffic"; readonly targetGroupArn: string };

/**
 * The plan that takes a deployment down which has no live traffic. Its service goes while its target group is still in
 * a rule: only then does the load balancer let connections end. The target group goes last, so that whoever looks
 * meanwhile finds what is left.
 */
export function planTeardown(
  observed: ObservedApplication,
  deployment: StagedDeployment,
): readonly TeardownStep[] {
  const { liveRule, place, deployments, revisionsOfOthers } = observed;
  const { targetGroup, stageRuleArn, service, serviceName, stagedHost } = deployment;
  const { arn: targetGroupArn, tags } = targetGroup;
  const revision = tags[stagedTags.revision];
  const others = deployments.filter(({ id }) => id !== deployment.id);
  // What another one replaced is no reason to keep it: a rollback registers a revision that is gone anew.
  const inUse = new Set([
    ...revisionsOfOthers,
    ...others.map(({ targetGroup: { tags: of } }) => of[stagedTags.revision]),
  ]);
  const steps: TeardownStep[] = [];
  if (tags[stagedTags.leavingAt] === undefined) {
    steps.push({ kind: "markLeaving", work: "tagTraffic", targetGroupArn });
  }
  steps.push({ kind: "removeScaling", work: "removeScaling", service: serviceName });
  if (service !== undefined && service.status !== "DRAINING") {
    steps.push({ kind: "deleteService", work: "deleteService", service: serviceName });
  }
  steps.push({
    kind: "waitUntilDrained",
    work: "observeStaged" satisfies Work,
    service: serviceName,
    targetGroupArn,
  });
  if (revision !== undefined && !inUse.has(revision)) {
    steps.push({ kind: "deregisterRevision", work: "deregisterRevision", revision });
  }
  if (stageRuleArn !== undefined) {
    steps.push({ kind: "deleteRule", work: "deleteTraffic", ruleArn: stageRuleArn });
  }
  if (place.hostedZoneId !== undefined) {
    const { hostedZoneId, dnsName, zoneId } = place;
    const record = { host: stagedHost, dnsName, zoneId };
    steps.push({ kind: "deleteRecord", work: "changeRecords", hostedZoneId, record });
  }
  if (liveRule?.groups.some((group) => group.targetGroupArn === targetGroupArn) === true) {
    const { arn: ruleArn, listenerArn } = liveRule;
    steps.push({ kind: "leaveLiveRule", work: "moveTraffic", ruleArn, listenerArn, targetGroupArn });
  }
  steps.push({ kind: "deleteTargetGroup", work: "deleteTraffic", targetGroupArn });
  return steps;
}
