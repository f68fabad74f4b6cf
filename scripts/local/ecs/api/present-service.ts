import type { Deployment, Service } from "@aws-sdk/client-ecs";

import { deploymentCounts, isStarting, unfinishedTasks } from "../queries.ts";
import type { DeploymentRecord, ServiceRecord } from "../state.ts";
import type { TaskRecord } from "../task-state.ts";
import { serviceRevision, usesTaskSets } from "../task-sets.ts";
import type { Call } from "./call.ts";
import { presentHistory } from "./present-service-deployment.ts";
import { presentTaskSets } from "./present-task-set.ts";

/** A service as DescribeServices tells it. `tags` says whether its tags were asked for. */
export function presentService(call: Call, service: ServiceRecord, tags: boolean): Service {
  const { state } = call;
  const tasks = unfinishedTasks(state, service);
  const revision = serviceRevision(service);
  const strategy = revision?.capacityProviderStrategy ?? [];
  const fargate = revision !== undefined && revision.platformVersion !== null;
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: `arn:aws:ecs:${state.region}:${state.account}:cluster/${service.clusterName}`,
    loadBalancers: revision?.loadBalancers ?? [],
    serviceRegistries: revision?.serviceRegistries ?? [],
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length,
    pendingCount: tasks.filter(isStarting).length,
    launchType: strategy.length > 0 ? undefined : (revision?.launchType ?? "EC2"),
    capacityProviderStrategy: strategy.length > 0 ? strategy : undefined,
    platformVersion: fargate ? (revision.platformVersion ?? undefined) : undefined,
    platformFamily: fargate ? "Linux" : undefined,
    taskDefinition: revision?.taskDefinition,
    deploymentConfiguration: service.deploymentConfiguration,
    taskSets: usesTaskSets(service) ? presentTaskSets(call, service) : undefined,
    deployments: service.deployments.map((deployment) => presentDeployment(call, service, deployment, tasks)),
    ...presentHistory(call, service),
    roleArn: service.role ?? defaultRole(call, service),
    events: service.events.map((event) => ({ ...event, createdAt: call.toDate(event.createdAt) })),
    createdAt: call.toDate(service.createdAt),
    placementConstraints: service.placementConstraints,
    placementStrategy: service.placementStrategy,
    networkConfiguration: revision?.awsvpcConfiguration
      ? { awsvpcConfiguration: revision.awsvpcConfiguration }
      : undefined,
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds ?? undefined,
    schedulingStrategy: service.schedulingStrategy,
    deploymentController: service.deploymentController,
    tags: tags ? (state.ecs.tags[service.arn] ?? []) : undefined,
    createdBy: `arn:aws:iam::${state.account}:root`,
    enableECSManagedTags: service.enableECSManagedTags,
    propagateTags: service.propagateTags,
    enableExecuteCommand: service.enableExecuteCommand,
    availabilityZoneRebalancing: service.availabilityZoneRebalancing,
  };
}

function defaultRole({ state }: Call, service: ServiceRecord): string | undefined {
  const behindLoadBalancer = (serviceRevision(service)?.loadBalancers.length ?? 0) > 0;
  const role = "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
  return behindLoadBalancer ? `arn:aws:iam::${state.account}:role/${role}` : undefined;
}

function presentDeployment(
  call: Call,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  tasks: readonly TaskRecord[],
): Deployment {
  const { revision } = deployment;
  const counts = deploymentCounts(tasks, deployment);
  const strategy = revision.capacityProviderStrategy;
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: revision.taskDefinition,
    desiredCount: deployment.status === "PRIMARY" ? service.desiredCount : counts.live,
    pendingCount: counts.pending,
    runningCount: counts.running,
    failedTasks: deployment.failedTasks,
    createdAt: call.toDate(deployment.createdAt),
    updatedAt: call.toDate(deployment.updatedAt),
    launchType: strategy.length > 0 ? undefined : (revision.launchType ?? "EC2"),
    capacityProviderStrategy: strategy.length > 0 ? strategy : undefined,
    // A deployment names the version that LATEST stood for.
    platformVersion:
      revision.platformVersion === "LATEST" ? "1.4.0" : (revision.platformVersion ?? undefined),
    platformFamily: revision.platformVersion === null ? undefined : "Linux",
    networkConfiguration: revision.awsvpcConfiguration
      ? { awsvpcConfiguration: revision.awsvpcConfiguration }
      : undefined,
    serviceConnectConfiguration: revision.serviceConnectConfiguration,
    volumeConfigurations: revision.volumeConfigurations,
    vpcLatticeConfigurations: revision.vpcLatticeConfigurations,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}
