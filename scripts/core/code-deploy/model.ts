import type { DeploymentGroupInfo, DeploymentInfo } from "@aws-sdk/client-codedeploy";

import { originOf, type Origin } from "./description.ts";

/** A deployment of CodeDeploy, with the revision that its AppSpec names. */
export interface KnownDeployment {
  readonly id: string;
  readonly info: DeploymentInfo;
  /** Absent where its AppSpec is not kept by CodeDeploy, as one in S3. */
  readonly appSpec?: string;
  readonly revisionArn?: string;
  /** Absent where no run of Slipway made it. */
  readonly origin?: Origin;
}

/** A deployment with what can be told of it. */
export function knownDeployment(
  info: DeploymentInfo,
  appSpec: string | undefined,
  revisionArn: string | undefined,
): KnownDeployment {
  const origin = originOf(info.description);
  return {
    id: info.deploymentId ?? "?",
    info,
    ...(appSpec === undefined ? {} : { appSpec }),
    ...(revisionArn === undefined ? {} : { revisionArn }),
    ...(origin === undefined ? {} : { origin }),
  };
}

/** Statuses of a deployment that is not over; while there is one, its group takes no other. */
export const underWayStatuses = ["Created", "Queued", "InProgress", "Baking", "Ready"] as const;

/** Whether a deployment is not over. */
export function isUnderWay({ status }: DeploymentInfo): boolean {
  return underWayStatuses.some((candidate) => candidate === status);
}

/** Whether CodeDeploy itself made the deployment, to roll another back. */
export function isRollback({ creator, rollbackInfo }: DeploymentInfo): boolean {
  return creator === "codeDeployRollback" || rollbackInfo?.rollbackTriggeringDeploymentId !== undefined;
}

/** What CodeDeploy says of one service before anything is written. */
export interface CodeDeployFacts {
  readonly application: string;
  readonly group: DeploymentGroupInfo;
  readonly underWay?: KnownDeployment;
}

/** The group's name, which its application knows it by. */
export function groupNameOf({ deploymentGroupName }: DeploymentGroupInfo): string {
  return deploymentGroupName ?? "";
}

/** How many minutes deployments of the group wait for approval; undefined where they go on by themselves. */
export function approvalMinutes({
  blueGreenDeploymentConfiguration,
}: Pick<DeploymentInfo, "blueGreenDeploymentConfiguration">): number | undefined {
  const { actionOnTimeout, waitTimeInMinutes } =
    blueGreenDeploymentConfiguration?.deploymentReadyOption ?? {};
  return actionOnTimeout === "STOP_DEPLOYMENT" ? (waitTimeInMinutes ?? 0) : undefined;
}
