import type {
  DeploymentInfo,
  DeploymentOverview,
  DeploymentTarget,
  ECSTaskSet,
  LifecycleEvent,
  TargetStatus,
} from "@aws-sdk/client-codedeploy";

import { optionalDate, type Call } from "../../ecs/api/call.ts";
import type { TaskSetRecord } from "../../ecs/state.ts";
import { computedDesiredCount, taskSetCounts } from "../../ecs/task-sets.ts";
import { isActive } from "../create.ts";
import type { DeploymentRecord, LifecycleEventRecord } from "../state.ts";
import { trafficWeight } from "../traffic.ts";
import { withoutContent } from "./present-group.ts";

/** A deployment as GetDeployment tells it; the overview, of its one target, comes with its end. */
export function presentDeployment(call: Call, deployment: DeploymentRecord): DeploymentInfo {
  return {
    applicationName: deployment.applicationName,
    deploymentGroupName: deployment.groupName,
    deploymentConfigName: deployment.configName,
    deploymentId: deployment.id,
    previousRevision: withoutContent(deployment.previousRevision),
    revision: withoutContent(deployment.revision),
    status: deployment.status,
    errorInformation: deployment.error ?? undefined,
    createTime: call.toDate(deployment.createdAt),
    startTime: optionalDate(call, deployment.startedAt),
    completeTime: optionalDate(call, deployment.completedAt),
    deploymentOverview: isActive(deployment) ? undefined : overview(deployment),
    description: deployment.description ?? undefined,
    creator: deployment.creator,
    ignoreApplicationStopFailures: false,
    autoRollbackConfiguration: deployment.autoRollback ?? undefined,
    updateOutdatedInstancesOnly: false,
    rollbackInfo: deployment.rollback ?? undefined,
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    instanceTerminationWaitTimeStarted: deployment.terminationWaitStarted,
    blueGreenDeploymentConfiguration: deployment.blueGreen,
    loadBalancerInfo: { targetGroupPairInfoList: [deployment.pair] },
    fileExistsBehavior: "DISALLOW",
    deploymentStatusMessages: [],
    computePlatform: "ECS",
    overrideAlarmConfiguration: deployment.alarmsOverridden ? (deployment.alarms ?? undefined) : undefined,
  };
}

function overview(deployment: DeploymentRecord): DeploymentOverview {
  const count = (status: TargetStatus) => Number(targetStatus(deployment) === status);
  return {
    Pending: count("Pending"),
    InProgress: count("InProgress"),
    Succeeded: count("Succeeded"),
    Failed: count("Failed"),
    Skipped: count("Skipped"),
    Ready: count("Ready"),
  };
}

/** The status of a deployment's one target. */
export function targetStatus({ status, events }: DeploymentRecord): TargetStatus {
  switch (status) {
    case "Created":
      return "Pending";
    case "InProgress":
      return "InProgress";
    case "Ready":
      return "Ready";
    case "Succeeded":
      return "Succeeded";
    case "Failed":
    case "Stopped":
      return events.every((event) => event.status === "Skipped") ? "Skipped" : "Failed";
  }
}

/** The id of a deployment's one target: `cluster:service`. */
export function targetId({ serviceArn }: DeploymentRecord): string {
  return serviceArn.split("/").slice(1).join(":");
}

/** A deployment's one target as GetDeploymentTarget tells it. */
export function presentTarget(call: Call, deployment: DeploymentRecord): DeploymentTarget {
  return {
    deploymentTargetType: "ECSTarget",
    ecsTarget: {
      deploymentId: deployment.id,
      targetId: targetId(deployment),
      targetArn: deployment.serviceArn,
      lastUpdatedAt: call.toDate(lastChange(deployment)),
      lifecycleEvents: deployment.events.map((event) => presentEvent(call, event)),
      status: targetStatus(deployment),
      taskSetsInfo: taskSets(call, deployment),
    },
  };
}

function lastChange({ createdAt, startedAt, completedAt, events }: DeploymentRecord): number {
  const times = events.flatMap((event) => [event.startedAt ?? 0, event.endedAt ?? 0]);
  return Math.max(createdAt, startedAt ?? 0, completedAt ?? 0, ...times);
}

function presentEvent(call: Call, event: LifecycleEventRecord): LifecycleEvent {
  return {
    lifecycleEventName: event.name,
    startTime: optionalDate(call, event.startedAt),
    endTime: optionalDate(call, event.endedAt),
    status: event.status,
    ...(event.failure !== null && {
      diagnostics: { errorCode: "UnknownError", scriptName: "", message: event.failure, logTail: "" },
    }),
  };
}

function taskSets(call: Call, deployment: DeploymentRecord): ECSTaskSet[] {
  const { blue, green } = deployment;
  const all = call.state.ecs.services[deployment.serviceArn]?.taskSets ?? [];
  const labelled = [
    { label: "Blue" as const, side: blue },
    { label: "Green" as const, side: green },
  ];
  return labelled.flatMap(({ label, side }) => {
    const taskSet = all.find(({ id }) => id === side?.taskSetId);
    return side && taskSet ? [presentTaskSet(call, deployment, label, taskSet, side.targetGroupArn)] : [];
  });
}

function presentTaskSet(
  call: Call,
  { pair, serviceArn }: DeploymentRecord,
  taskSetLabel: "Blue" | "Green",
  taskSet: TaskSetRecord,
  targetGroupArn: string,
): ECSTaskSet {
  const { state } = call;
  const service = state.ecs.services[serviceArn];
  const counts = service ? taskSetCounts(state, service, taskSet) : { running: 0, pending: 0 };
  return {
    identifer: taskSet.id,
    desiredCount: service ? computedDesiredCount(service, taskSet) : 0,
    pendingCount: counts.pending,
    runningCount: counts.running,
    status: taskSet.status,
    trafficWeight: trafficWeight(state, pair.prodTrafficRoute?.listenerArns ?? [], targetGroupArn),
    targetGroup: { name: state.elb.targetGroups[targetGroupArn]?.name },
    taskSetLabel,
  };
}
