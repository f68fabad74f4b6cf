import type { Verb } from "../command-line/verbs.ts";
import { stagedTags, type ObservedApplication } from "../staged/model.ts";
import type { StandingDeployment } from "../staged/standing.ts";
import type { NextStep, StagedStatus } from "./model.ts";

/** Which deployment a service is, where each deployment of an application is a service of its own. */
export function stagedStatus(
  { application, place }: ObservedApplication,
  { id, state, trafficPercent, targetGroup, stageRuleArn, stagedHost }: StandingDeployment,
): StagedStatus {
  const version = targetGroup.tags[stagedTags.version];
  return {
    application,
    deploymentId: id,
    state,
    ...(version === undefined ? {} : { version }),
    trafficPercent: Math.round(trafficPercent * 10) / 10,
    hosts: [
      ...(trafficPercent > 0 ? [place.liveHost] : []),
      ...(stageRuleArn === undefined ? [] : [stagedHost]),
    ],
  };
}

/**
 * How to go on with such a deployment.
 *
 * @param command another command on the application, as it is typed
 */
export function stagedNextSteps(
  { deploymentId, state }: StagedStatus,
  command: (verb: Verb, more?: readonly string[]) => string,
): readonly NextStep[] {
  const it = ["--id", deploymentId];
  switch (state) {
    case "staged":
      return [{ purpose: "give it the live traffic", command: command("activate", it) }];
    case "activating":
      return [
        { purpose: "go on", command: command("activate", it) },
        { purpose: "go back", command: command("rollback") },
      ];
    case "retired":
    case "failed":
    case "leaving":
      return [{ purpose: "take it down", command: command("teardown", it) }];
    case "staging":
    case "active":
      return [];
  }
}
