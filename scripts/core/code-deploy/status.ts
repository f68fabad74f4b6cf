import type { DeploymentTarget } from "@aws-sdk/client-codedeploy";

import { iso, stripped } from "../status/values.ts";
import { listedDeployments, type ListedCodeDeployment } from "./list.ts";
import { groupNameOf, isRollback, isUnderWay, type CodeDeployFacts, type KnownDeployment } from "./model.ts";
import { replacementOf } from "./replacement.ts";
import { judgeCodeDeploy } from "./verdict.ts";

/** CodeDeploy's newest deployment of a service, as `./deploy status` tells it; times are ISO 8601. */
export interface CodeDeployStatus extends Omit<ListedCodeDeployment, "trafficPercent"> {
  readonly application: string;
  readonly group: string;
  readonly underWay: boolean;
  /** The lifecycle event that it is at, or came to last, as in `AllowTraffic`. */
  readonly stage?: string;
  readonly stageStatus?: string;
  /** The new version's shares, in per cent; that of the test listener while it is under way. */
  readonly traffic: { readonly production: number; readonly test?: number };
  /** Absent where it does not wait. */
  readonly waitsForApproval?: { readonly until?: string };
  /** All of the traffic has moved, and the old tasks stay so long. */
  readonly oldTasksStay?: { readonly until?: string };
}

/**
 * What CodeDeploy says of the newest deployment of a group.
 *
 * @param deployments newest first; undefined comes of none
 * @param target of the newest, where that is under way
 */
export function codeDeployStatus(
  { application, group }: Pick<CodeDeployFacts, "application" | "group">,
  deployments: readonly KnownDeployment[],
  target: DeploymentTarget | undefined,
): CodeDeployStatus | undefined {
  const [newest] = deployments;
  const [listed] = listedDeployments(deployments, replacementOf(target)?.trafficWeight ?? 0);
  if (newest === undefined || listed === undefined) return undefined;
  const underWay = isUnderWay(newest.info);
  const { trafficPercent: production, ...told } = listed;
  const events = target?.ecsTarget?.lifecycleEvents ?? [];
  const at =
    events.find(({ status }) => status === "InProgress") ??
    events.findLast(({ status }) => status === "Succeeded" || status === "Failed");
  const tests = events.find(({ lifecycleEventName }) => lifecycleEventName === "AllowTestTraffic");
  const verdict = judgeCodeDeploy(newest.info, target);
  const until = "until" in verdict ? stripped({ until: iso(verdict.until) }) : {};
  return stripped({
    ...told,
    application,
    group: groupNameOf(group),
    underWay,
    stage: underWay ? at?.lifecycleEventName : undefined,
    stageStatus: underWay ? at?.status : undefined,
    traffic: stripped({
      production,
      test: underWay && !isRollback(newest.info) && tests?.status === "Succeeded" ? 100 : undefined,
    }),
    waitsForApproval: verdict.kind === "waitsForApproval" ? until : undefined,
    oldTasksStay: verdict.kind === "shifted" && !isRollback(newest.info) ? until : undefined,
  });
}
