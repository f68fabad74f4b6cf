import type { TaskSet } from "@aws-sdk/client-ecs";

import type { ServiceRecord, TaskSetRecord } from "../state.ts";
import { computedDesiredCount, taskSetCounts } from "../task-sets.ts";
import type { Call } from "./call.ts";

/** A task set as DescribeTaskSets and DescribeServices tell it. `tags` says whether its tags were asked for. */
export function presentTaskSet(
  call: Call,
  service: ServiceRecord,
  taskSet: TaskSetRecord,
  tags: boolean,
): TaskSet {
  const { state } = call;
  const { revision } = taskSet;
  const counts = taskSetCounts(state, service, taskSet);
  const strategy = revision.capacityProviderStrategy;
  return {
    id: taskSet.id,
    taskSetArn: taskSet.arn,
    serviceArn: service.arn,
    clusterArn: `arn:aws:ecs:${state.region}:${state.account}:cluster/${service.clusterName}`,
    startedBy: taskSet.startedBy ?? undefined,
    externalId: taskSet.externalId ?? undefined,
    status: taskSet.status,
    taskDefinition: revision.taskDefinition,
    computedDesiredCount: computedDesiredCount(service, taskSet),
    pendingCount: counts.pending,
    runningCount: counts.running,
    createdAt: call.toDate(taskSet.createdAt),
    updatedAt: call.toDate(taskSet.updatedAt),
    launchType: strategy.length > 0 ? undefined : (revision.launchType ?? "EC2"),
    capacityProviderStrategy: strategy.length > 0 ? strategy : undefined,
    platformVersion: revision.platformVersion ?? undefined,
    platformFamily: revision.platformVersion === null ? undefined : "Linux",
    networkConfiguration: revision.awsvpcConfiguration
      ? { awsvpcConfiguration: revision.awsvpcConfiguration }
      : undefined,
    loadBalancers: revision.loadBalancers,
    serviceRegistries: revision.serviceRegistries,
    scale: { value: taskSet.scalePercent, unit: "PERCENT" },
    stabilityStatus: taskSet.stability,
    stabilityStatusAt: call.toDate(taskSet.stabilityAt),
    tags: tags ? (state.ecs.tags[taskSet.arn] ?? []) : [],
  };
}

/** The task sets of a service: the primary one first, then the newest. */
export function presentTaskSets(call: Call, service: ServiceRecord): TaskSet[] {
  if (service.status === "INACTIVE") return [];
  const primaryFirst = service.taskSets
    .toReversed()
    .toSorted((one, other) => Number(other.status === "PRIMARY") - Number(one.status === "PRIMARY"));
  return primaryFirst.map((taskSet) => presentTaskSet(call, service, taskSet, false));
}
