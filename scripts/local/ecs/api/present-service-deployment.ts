import type {
  Service,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceDeploymentRollbackMonitorsStatus,
  ServiceRevision,
  ServiceRevisionSummary,
} from "@aws-sdk/client-ecs";

import { countTasks, isFinished, latestDeployment } from "../service-deployments/records.ts";
import type { ServiceDeploymentRecord, ServiceRevisionRecord } from "../service-deployments/state.ts";
import type { ServiceRecord } from "../state.ts";
import { optionalDate, type Call } from "./call.ts";

function clusterArn({ state }: Call, serviceArn: string): string {
  return `arn:aws:ecs:${state.region}:${state.account}:cluster/${serviceArn.split("/")[1] ?? ""}`;
}

/** A service deployment as ListServiceDeployments tells it. */
export function presentServiceDeploymentBrief(
  call: Call,
  deployment: ServiceDeploymentRecord,
): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: deployment.serviceArn,
    clusterArn: clusterArn(call, deployment.serviceArn),
    startedAt: optionalDate(call, deployment.startedAt),
    createdAt: call.toDate(deployment.createdAt),
    finishedAt: optionalDate(call, deployment.finishedAt),
    targetServiceRevisionArn: deployment.target,
    status: deployment.status,
    statusReason: deployment.statusReason ?? undefined,
  };
}

/** A service deployment as DescribeServiceDeployments tells it. */
export function presentServiceDeployment(call: Call, deployment: ServiceDeploymentRecord): ServiceDeployment {
  const { targetServiceRevisionArn: _target, ...brief } = presentServiceDeploymentBrief(call, deployment);
  const { course, configuration, rollback } = deployment;
  const { deploymentCircuitBreaker, alarms } = configuration;
  const alarmsOn = alarms?.enable === true;
  return {
    ...brief,
    updatedAt: call.toDate(deployment.updatedAt),
    stoppedAt: optionalDate(call, deployment.stoppedAt),
    sourceServiceRevisions: deployment.sources.map((arn) => summary(call, deployment, arn)),
    targetServiceRevision: summary(call, deployment, deployment.target),
    // The API's model has no PRE_PRODUCTION_TRAFFIC_SHIFT here, though hooks do.
    lifecycleStage:
      course?.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" ? "PRODUCTION_TRAFFIC_SHIFT" : course?.stage,
    lifecycleHookDetails: course?.hooks.map((run) => ({
      hookId: run.id,
      targetType: run.targetType,
      targetArn: run.targetArn ?? undefined,
      status: run.status,
      expiresAt: call.toDate(run.expiresAt),
      timeoutAction: run.timeoutAction,
    })),
    deploymentConfiguration: configuration,
    rollback: rollback
      ? {
          reason: rollback.reason,
          startedAt: call.toDate(rollback.startedAt),
          serviceRevisionArn: rollback.serviceRevision,
        }
      : undefined,
    deploymentCircuitBreaker: {
      status: monitor(deployment, "breaker", deploymentCircuitBreaker?.enable === true),
      failureCount: deployment.failureCount,
      threshold: deployment.failureThreshold,
    },
    alarms: {
      status: monitor(deployment, "alarms", alarmsOn),
      alarmNames: alarmsOn ? alarms.alarmNames : undefined,
      triggeredAlarmNames: alarmsOn ? deployment.triggeredAlarms : undefined,
    },
  };
}

function monitor(
  deployment: ServiceDeploymentRecord,
  name: "breaker" | "alarms",
  enabled: boolean,
): ServiceDeploymentRollbackMonitorsStatus {
  if (!enabled) return "DISABLED";
  if (deployment.triggeredBy === name) return "TRIGGERED";
  return isFinished(deployment) || deployment.rollback ? "MONITORING_COMPLETE" : "MONITORING";
}

function summary(call: Call, deployment: ServiceDeploymentRecord, arn: string): ServiceRevisionSummary {
  const service = call.state.ecs.services[deployment.serviceArn];
  const counts =
    deployment.finalCounts?.[arn] ??
    (service ? countTasks(call.state, service, arn) : { requested: 0, running: 0, pending: 0 });
  const { course } = deployment;
  const shares = (percent: number): number => {
    if (arn === deployment.target) return percent;
    return arn === course?.blueRevision ? 100 - percent : 0;
  };
  return {
    arn,
    requestedTaskCount: counts.requested,
    runningTaskCount: counts.running,
    pendingTaskCount: counts.pending,
    ...(course &&
      course.routes.length > 0 && {
        requestedTestTrafficWeight: shares(course.testPercent),
        requestedProductionTrafficWeight: shares(course.productionPercent),
      }),
  };
}

/** A service revision as DescribeServiceRevisions tells it. */
export function presentServiceRevision(call: Call, record: ServiceRevisionRecord): ServiceRevision {
  const { revision } = record;
  const strategy = revision.capacityProviderStrategy;
  return {
    serviceRevisionArn: record.arn,
    serviceArn: record.serviceArn,
    clusterArn: clusterArn(call, record.serviceArn),
    taskDefinition: revision.taskDefinition,
    capacityProviderStrategy: strategy.length > 0 ? strategy : undefined,
    launchType: strategy.length > 0 ? undefined : (revision.launchType ?? "EC2"),
    platformVersion: revision.platformVersion ?? undefined,
    platformFamily: revision.platformVersion === null ? undefined : "Linux",
    loadBalancers: revision.loadBalancers,
    serviceRegistries: revision.serviceRegistries,
    networkConfiguration: revision.awsvpcConfiguration
      ? { awsvpcConfiguration: revision.awsvpcConfiguration }
      : undefined,
    containerImages: record.images,
    guardDutyEnabled: false,
    serviceConnectConfiguration: revision.serviceConnectConfiguration,
    volumeConfigurations: revision.volumeConfigurations,
    vpcLatticeConfigurations: revision.vpcLatticeConfigurations,
    gatewayConnectors: revision.gatewayConnectors,
    monitoring: revision.monitoring,
    createdAt: call.toDate(record.createdAt),
    resolvedConfiguration:
      record.targetGroups.length > 0
        ? {
            loadBalancers: record.targetGroups.map(({ targetGroupArn, productionListenerRule }) => ({
              targetGroupArn,
              productionListenerRule: productionListenerRule === "" ? undefined : productionListenerRule,
            })),
          }
        : undefined,
  };
}

/** What DescribeServices tells of a service's history. */
export function presentHistory(
  call: Call,
  service: ServiceRecord,
): Pick<Service, "currentServiceDeployment" | "currentServiceRevisions"> {
  const { state } = call;
  const revisions = service.deployments.flatMap(({ serviceRevision }) => serviceRevision ?? []);
  if (revisions.length === 0) return {};
  return {
    currentServiceDeployment: latestDeployment(state, service)?.arn,
    currentServiceRevisions: revisions.map((arn) => {
      const { requested, running, pending } = countTasks(state, service, arn);
      return { arn, requestedTaskCount: requested, runningTaskCount: running, pendingTaskCount: pending };
    }),
  };
}
