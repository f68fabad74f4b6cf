import type { CreateServiceCommandInput, DeleteServiceCommandInput, Service } from "@aws-sdk/client-ecs";

import { deploymentId } from "../../world/identifiers.ts";
import { isFargate } from "../capacity.ts";
import { standardRebalancing } from "../rebalancing.ts";
import type { ClusterRecord, DeploymentRecord, ServiceRecord, ServiceRevision } from "../state.ts";
import { noticeDeployments } from "../service-deployments/follow.ts";
import { addTaskSet, usesTaskSets } from "../task-sets.ts";
import { lookSoon } from "../wake.ts";
import { checkStrategy } from "./capacity-rules.ts";
import { checkBelongsTo, findCluster, nameOf, type Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";
import { checkPlacement } from "./placement-rules.ts";
import { presentService } from "./present-service.ts";
import {
  checkCapacity,
  checkPercentages,
  checkRevision,
  checkRole,
  checkServiceName,
  runsOnFargate,
  serviceNotActive,
  serviceNotFound,
} from "./service-rules.ts";
import { withNamespace } from "./service-connect-rules.ts";
import {
  checkClientToken,
  checkCounts,
  checkExecuteCommand,
  checkRebalancing,
  checkScheduling,
} from "./service-settings-rules.ts";
import { checkStrategy as checkDeploymentStrategy, withStrategyDefaults } from "./strategy-rules.ts";
import { checkTags } from "./tag-rules.ts";
import { usableTaskDefinition } from "./task-definitions.ts";
import { checkTaskSetService } from "./task-set-rules.ts";

/** The answer of the operations that change a service. */
export interface ServiceAnswer {
  service: Service;
}

/** The ARN of a service, from its name or ARN. @throws AwsError when the ARN is of another cluster */
export function serviceArn({ state }: Pick<Call, "state">, clusterName: string, nameOrArn: string): string {
  checkBelongsTo(clusterName, nameOrArn);
  return `arn:aws:ecs:${state.region}:${state.account}:service/${clusterName}/${nameOf(nameOrArn)}`;
}

/** A deployment that starts now. */
export function newDeployment({ state, now }: Call, revision: ServiceRevision): DeploymentRecord {
  const id = deploymentId(state);
  return {
    id,
    status: "PRIMARY",
    revision,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    createdAt: now,
    updatedAt: now,
  };
}

/** Creates a service. One that is INACTIVE makes room for a new one of the same name. */
export function createService(call: Call, input: CreateServiceCommandInput): ServiceAnswer {
  const { state, now } = call;
  const cluster = findCluster(call, input.cluster);
  const name = input.serviceName ?? "";
  checkServiceName(name);
  checkClientToken(input.clientToken);
  checkTags(input.tags);
  checkCounts(input);
  checkDeploymentStrategy(call, input.deploymentConfiguration, {
    controller: input.deploymentController?.type,
    daemon: input.schedulingStrategy === "DAEMON",
    loadBalancers: input.loadBalancers ?? [],
  });
  const arn = serviceArn(call, cluster.name, name);
  const known = state.ecs.services[arn];
  if (known?.status === "DRAINING")
    throw invalidParameter("Unable to Start a service that is still Draining.");
  if (known?.status === "ACTIVE") {
    const repeated = input.clientToken !== undefined && input.clientToken === known.clientToken;
    if (repeated) return { service: presentService(call, known, true) };
    throw invalidParameter("Creation of service was not idempotent.");
  }
  checkTaskSetService(input);
  const external = input.deploymentController?.type === "EXTERNAL";
  const revision = external ? null : newRevision(call, cluster, input);
  const fargate = revision !== null && runsOnFargate(revision);
  const daemon = input.schedulingStrategy === "DAEMON";
  checkScheduling(input, fargate);
  checkPlacement(input.placementStrategy ?? [], input.placementConstraints ?? [], fargate);
  const service: ServiceRecord = {
    arn,
    name,
    clusterName: cluster.name,
    status: "ACTIVE",
    desiredCount: input.desiredCount ?? 0,
    role: input.role === undefined ? null : roleArn(call, input.role),
    schedulingStrategy: input.schedulingStrategy ?? "REPLICA",
    deploymentController: input.deploymentController ?? { type: "ECS" },
    deploymentConfiguration: configuration(input.deploymentConfiguration, {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: daemon ? 100 : 200,
      minimumHealthyPercent: daemon ? 0 : 100,
      strategy: "ROLLING",
      bakeTimeInMinutes: 0,
    }),
    healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
    placementConstraints: input.placementConstraints ?? [],
    placementStrategy: input.placementStrategy ?? [],
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    propagateTags: input.propagateTags ?? "NONE",
    availabilityZoneRebalancing: "DISABLED",
    clientToken: input.clientToken ?? null,
    createdAt: now,
    taskArns: [],
    deployments: [],
    taskSets: [],
    lastCompleted: null,
    events: [],
    nextLookAt: null,
    steady: false,
    startFailures: 0,
    startsHeldUntil: 0,
    heldMessages: {},
  };
  checkRebalancing(input.availabilityZoneRebalancing, service);
  service.availabilityZoneRebalancing = input.availabilityZoneRebalancing ?? standardRebalancing(service);
  state.ecs.services[arn] = service;
  state.ecs.tags[arn] = input.tags ?? [];
  if (revision && usesTaskSets(service)) {
    addTaskSet(call, service, { revision, scalePercent: 100, status: "PRIMARY" });
  } else if (revision) service.deployments.push(newDeployment(call, revision));
  noticeDeployments(call, service);
  lookSoon(state, now, arn);
  return { service: presentService(call, service, true) };
}

/** What the first tasks of a service are made from. */
function newRevision(call: Call, cluster: ClusterRecord, input: CreateServiceCommandInput): ServiceRevision {
  checkCapacity(input.launchType, input.capacityProviderStrategy);
  checkStrategy(call, cluster, input.capacityProviderStrategy);
  const definition = usableTaskDefinition(call, input.taskDefinition ?? "");
  const strategy =
    input.capacityProviderStrategy ??
    (input.launchType === undefined ? cluster.defaultCapacityProviderStrategy : []);
  const fargate =
    input.launchType === "FARGATE" || strategy.some((item) => isFargate(item.capacityProvider ?? ""));
  const revision: ServiceRevision = {
    taskDefinition: definition.arn,
    launchType: strategy.length > 0 ? null : hostedBy(input.launchType),
    capacityProviderStrategy: strategy,
    platformVersion: input.platformVersion ?? (fargate ? "LATEST" : null),
    awsvpcConfiguration: input.networkConfiguration?.awsvpcConfiguration ?? null,
    loadBalancers: input.loadBalancers ?? [],
    serviceRegistries: input.serviceRegistries ?? [],
    ...keptConfigurations(cluster, input),
  };
  checkRevision(call, revision, definition);
  checkRole(input.role, revision, definition);
  checkExecuteCommand(input.enableExecuteCommand, definition, "created");
  return revision;
}

/** The configurations that a revision has only when they were given; nothing here acts on them. */
export function keptConfigurations(
  cluster: ClusterRecord,
  input: Pick<
    CreateServiceCommandInput,
    | "serviceConnectConfiguration"
    | "volumeConfigurations"
    | "vpcLatticeConfigurations"
    | "gatewayConnectors"
    | "monitoring"
  >,
): Partial<ServiceRevision> {
  const { serviceConnectConfiguration, volumeConfigurations, vpcLatticeConfigurations } = input;
  const { gatewayConnectors, monitoring } = input;
  return {
    ...(serviceConnectConfiguration && {
      serviceConnectConfiguration: withNamespace(serviceConnectConfiguration, cluster),
    }),
    ...(volumeConfigurations && { volumeConfigurations }),
    ...(vpcLatticeConfigurations && { vpcLatticeConfigurations }),
    ...(gatewayConnectors && { gatewayConnectors }),
    ...(monitoring && { monitoring }),
  };
}

/** Managed Instances are hosts like others here. */
function hostedBy(launchType: CreateServiceCommandInput["launchType"]): "EC2" | "FARGATE" | "EXTERNAL" {
  return launchType === undefined || launchType === "MANAGED_INSTANCES" ? "EC2" : launchType;
}

function roleArn({ state }: Call, role: string): string {
  return role.startsWith("arn:") ? role : `arn:aws:iam::${state.account}:role/${role.replace(/^\//, "")}`;
}

/**
 * A deployment configuration with what the input leaves out taken from `standard`.
 *
 * @throws AwsError when the percentages could never replace a task
 */
export function configuration(
  input: CreateServiceCommandInput["deploymentConfiguration"],
  standard: ServiceRecord["deploymentConfiguration"],
): ServiceRecord["deploymentConfiguration"] {
  const maximumPercent = input?.maximumPercent ?? standard.maximumPercent;
  const minimumHealthyPercent = input?.minimumHealthyPercent ?? standard.minimumHealthyPercent;
  checkPercentages(maximumPercent, minimumHealthyPercent);
  return withStrategyDefaults({ ...standard, ...input, maximumPercent, minimumHealthyPercent }, input);
}

/** The service of a call. @throws AwsError when it is missing, or not ACTIVE */
export function activeService(call: Call, cluster: string | undefined, nameOrArn: string): ServiceRecord {
  const service = call.state.ecs.services[serviceArn(call, findCluster(call, cluster).name, nameOrArn)];
  if (!service) throw serviceNotFound();
  if (service.status !== "ACTIVE") throw serviceNotActive();
  return service;
}

/** Deletes a service: DRAINING until its last task stopped, then INACTIVE. */
export function deleteService(call: Call, input: DeleteServiceCommandInput): ServiceAnswer {
  const service = activeService(call, input.cluster, input.service ?? "");
  if (service.desiredCount > 0 && input.force !== true && service.schedulingStrategy !== "DAEMON") {
    throw invalidParameter("The service cannot be stopped while it is scaled above 0.");
  }
  service.status = "DRAINING";
  service.desiredCount = 0;
  lookSoon(call.state, call.now, service.arn);
  call.effects.push({ type: "log", message: `service ${service.name} DRAINING` });
  return { service: presentService(call, service, true) };
}
