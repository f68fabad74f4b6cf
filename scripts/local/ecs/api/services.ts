import type { CreateServiceCommandInput, DeleteServiceCommandInput, Service } from "@aws-sdk/client-ecs";

import { deploymentId } from "../../world/identifiers.ts";
import { isFargate } from "../capacity.ts";
import type { DeploymentRecord, ServiceRecord, ServiceRevision } from "../state.ts";
import { lookSoon } from "../wake.ts";
import { findCluster, nameOf, type Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";
import { presentService } from "./present-service.ts";
import {
  checkCapacity,
  checkPercentages,
  checkRevision,
  checkRole,
  checkServiceName,
  refuseWhatIsNotThere,
  serviceNotActive,
  serviceNotFound,
} from "./service-rules.ts";
import { usableTaskDefinition } from "./task-definitions.ts";

/** The answer of the operations that change a service. */
export interface ServiceAnswer {
  service: Service;
}

/** The ARN of a service, from its name or ARN. */
export function serviceArn({ state }: Pick<Call, "state">, clusterName: string, nameOrArn: string): string {
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
  refuseWhatIsNotThere(input);
  const arn = serviceArn(call, cluster.name, name);
  const known = state.ecs.services[arn];
  if (known?.status === "DRAINING")
    throw invalidParameter("Unable to Start a service that is still Draining.");
  if (known?.status === "ACTIVE") {
    const repeated = input.clientToken !== undefined && input.clientToken === known.clientToken;
    if (repeated) return { service: presentService(call, known, true) };
    throw invalidParameter("Creation of service was not idempotent.");
  }
  checkCapacity(input.launchType, input.capacityProviderStrategy);
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
    platformVersion: fargate ? (input.platformVersion ?? "LATEST") : null,
    awsvpcConfiguration: input.networkConfiguration?.awsvpcConfiguration ?? null,
    loadBalancers: input.loadBalancers ?? [],
    serviceRegistries: input.serviceRegistries ?? [],
  };
  checkRevision(call, revision, definition);
  checkRole(input.role, revision, definition);
  const daemon = input.schedulingStrategy === "DAEMON";
  if (!daemon && input.desiredCount === undefined) {
    throw invalidParameter("The desired count for the service must be specified.");
  }
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
    healthCheckGracePeriodSeconds:
      input.healthCheckGracePeriodSeconds ?? (revision.loadBalancers.length > 0 ? 0 : null),
    placementConstraints: input.placementConstraints ?? [],
    placementStrategy: input.placementStrategy ?? [],
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    propagateTags: input.propagateTags ?? "NONE",
    availabilityZoneRebalancing: input.availabilityZoneRebalancing ?? "DISABLED",
    clientToken: input.clientToken ?? null,
    createdAt: now,
    taskArns: [],
    deployments: [newDeployment(call, revision)],
    lastCompleted: null,
    events: [],
    nextLookAt: null,
    steady: false,
    startFailures: 0,
    startsHeldUntil: 0,
    heldMessages: {},
  };
  state.ecs.services[arn] = service;
  state.ecs.tags[arn] = input.tags ?? [];
  lookSoon(state, now, arn);
  return { service: presentService(call, service, true) };
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
  return { ...standard, ...input, maximumPercent, minimumHealthyPercent };
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
