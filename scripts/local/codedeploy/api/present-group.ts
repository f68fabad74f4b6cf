import type { DeploymentGroupInfo, LastDeploymentInfo, RevisionLocation } from "@aws-sdk/client-codedeploy";

import { optionalDate, type Call } from "../../ecs/api/call.ts";
import type { DeploymentGroupRecord } from "../state.ts";

/** A revision as it stands in answers: without its content, for which GetApplicationRevision is. */
export function withoutContent(revision: RevisionLocation | null | undefined): RevisionLocation | undefined {
  if (!revision) return undefined;
  const { appSpecContent, ...rest } = revision;
  return {
    ...rest,
    ...(appSpecContent && { appSpecContent: { sha256: appSpecContent.sha256 } }),
  };
}

/** A deployment group as GetDeploymentGroup tells it. */
export function presentGroup(call: Call, group: DeploymentGroupRecord): DeploymentGroupInfo {
  const successful = call.state.codedeploy.deployments[group.lastSuccessful ?? ""];
  return {
    applicationName: group.applicationName,
    deploymentGroupId: group.id,
    deploymentGroupName: group.name,
    deploymentConfigName: group.configName,
    ec2TagFilters: [],
    onPremisesInstanceTagFilters: [],
    autoScalingGroups: [],
    serviceRoleArn: group.serviceRoleArn,
    targetRevision: withoutContent(successful?.revision),
    triggerConfigurations: group.triggers,
    alarmConfiguration: group.alarms ?? undefined,
    autoRollbackConfiguration: group.autoRollback ?? undefined,
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    outdatedInstancesStrategy: group.outdatedInstancesStrategy,
    blueGreenDeploymentConfiguration: group.blueGreen,
    loadBalancerInfo: { targetGroupPairInfoList: [group.pair] },
    lastSuccessfulDeployment: lastDeployment(call, group.lastSuccessful),
    lastAttemptedDeployment: lastDeployment(call, group.lastAttempted),
    computePlatform: "ECS",
    ecsServices: [group.service],
    terminationHookEnabled: false,
  };
}

function lastDeployment(call: Call, id: string | null): LastDeploymentInfo | undefined {
  const deployment = call.state.codedeploy.deployments[id ?? ""];
  return (
    deployment && {
      deploymentId: deployment.id,
      status: deployment.status,
      endTime: optionalDate(call, deployment.completedAt),
      createTime: call.toDate(deployment.createdAt),
    }
  );
}
