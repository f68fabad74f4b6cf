import type { AwsVpcConfiguration, ContainerDefinition, LoadBalancer } from "@aws-sdk/client-ecs";

import { hexId } from "../world/identifiers.ts";
import type { Transaction } from "../world/transaction.ts";
import { attachInterface } from "./durations.ts";
import { pullDuration } from "./lifecycle.ts";
import type { Capacity } from "./capacity.ts";
import { createNetworkInterface } from "./network-interface.ts";
import { hostUse } from "./host-use.ts";
import { place, requirements, type PlacementRequest } from "./placement.ts";
import { takeDynamicPort } from "./ports.ts";
import type { HostRecord, TaskDefinitionRecord } from "./state.ts";
import type { Binding, ContainerRecord, NetworkInterface, TaskRecord } from "./task-state.ts";

/** What a task is started from: by a service's scheduler, or by RunTask. */
export interface LaunchRequest {
  readonly definition: TaskDefinitionRecord;
  readonly service: string | null;
  readonly startedBy: string | null;
  readonly capacity: Capacity;
  readonly placement: Omit<PlacementRequest, "capacityProvider">;
  readonly awsvpcConfiguration: AwsVpcConfiguration | null;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly platformVersion: string | null;
  readonly enableExecuteCommand: boolean;
}

/** Starts a task, or says in AWS's words why it could not be placed. */
export function launchTask(
  transaction: Transaction,
  request: LaunchRequest,
): TaskRecord | { failure: string } {
  const { state, now } = transaction;
  const { definition, capacity, placement } = request;
  const wanted = requirements(definition);
  const fargate = capacity.launchType === "FARGATE";
  const placed = fargate
    ? { host: null }
    : place(state, wanted, { ...placement, capacityProvider: capacity.capacityProvider });
  if ("failure" in placed) return placed;

  const awsvpc = fargate || definition.definition.networkMode === "awsvpc";
  const attached =
    awsvpc && request.awsvpcConfiguration
      ? createNetworkInterface(
          state,
          request.awsvpcConfiguration,
          placed.host?.availabilityZone,
          Object.keys(state.ecs.tasks).length,
        )
      : undefined;
  const id = hexId(state);
  const arnOf = (kind: string) =>
    `arn:aws:ecs:${state.region}:${state.account}:${kind}/${placement.clusterName}/${id}`;
  const networkInterface = attached?.networkInterface ?? null;
  const used = placed.host ? hostUse(state, placed.host).ports : new Set<number>();
  const containers = (definition.definition.containerDefinitions ?? []).map((container) =>
    containerRecord(transaction, container, arnOf("container"), (mapping) =>
      bind(mapping, definition, networkInterface, placed.host, used),
    ),
  );
  const provisioning = networkInterface !== null;
  const task: TaskRecord = {
    arn: arnOf("task"),
    id,
    clusterName: placement.clusterName,
    taskDefinition: definition.arn,
    service: request.service,
    group: placement.group,
    startedBy: request.startedBy,
    launchType: capacity.launchType,
    capacityProvider: capacity.capacityProvider,
    platformVersion: fargate ? resolvedPlatformVersion(request.platformVersion) : null,
    availabilityZone: attached?.availabilityZone ?? placed.host?.availabilityZone ?? `${state.region}a`,
    hostId: placed.host?.id ?? null,
    networkInterface,
    cpu: String(wanted.cpu),
    memory: String(wanted.memoryMiB),
    lastStatus: provisioning ? "PROVISIONING" : "PENDING",
    desiredStatus: "RUNNING",
    nextTransitionAt: now + (provisioning ? attachInterface[capacity.launchType] : pullDuration(containers)),
    containers,
    targets: targetsOf(request.loadBalancers, transaction, containers, networkInterface, placed.host),
    enableExecuteCommand: request.enableExecuteCommand,
    stopCode: null,
    stoppedReason: null,
    counted: "no",
    replacing: false,
    version: 1,
    createdAt: now,
    pullStartedAt: provisioning ? null : now,
    pullStoppedAt: null,
    startedAt: null,
    stoppingAt: null,
    executionStoppedAt: null,
    stoppedAt: null,
  };
  state.ecs.tasks[task.arn] = task;
  state.ecs.services[task.service ?? ""]?.taskArns.push(task.arn);
  placed.host?.taskArns.push(task.arn);
  return task;
}

/** What LATEST is for Linux. */
const latestPlatformVersion = "1.4.0";

function resolvedPlatformVersion(asked: string | null): string {
  return asked === null || asked === "LATEST" ? latestPlatformVersion : asked;
}

function containerRecord(
  { state }: Transaction,
  definition: ContainerDefinition,
  taskContainerArn: string,
  bindPort: (mapping: NonNullable<ContainerDefinition["portMappings"]>[number]) => Binding,
): ContainerRecord {
  return {
    arn: `${taskContainerArn}/${hexId(state)}`,
    name: definition.name ?? "",
    image: definition.image ?? "",
    essential: definition.essential ?? true,
    runtimeId: hexId(state),
    lastStatus: "PENDING",
    exitCode: null,
    reason: null,
    healthStatus: "UNKNOWN",
    healthVerdictAt: null,
    exitsAt: null,
    bindings: (definition.portMappings ?? []).map(bindPort),
  };
}

function bind(
  mapping: NonNullable<ContainerDefinition["portMappings"]>[number],
  definition: TaskDefinitionRecord,
  networkInterface: NetworkInterface | null,
  host: HostRecord | null,
  used: Set<number>,
): Binding {
  const containerPort = mapping.containerPort ?? 0;
  const protocol = mapping.protocol ?? "tcp";
  if (networkInterface || !host || definition.definition.networkMode === "host") {
    return { containerPort, hostPort: containerPort, protocol };
  }
  const fixed = mapping.hostPort ?? 0;
  return { containerPort, hostPort: fixed === 0 ? takeDynamicPort(host, used) : fixed, protocol };
}

function targetsOf(
  loadBalancers: readonly LoadBalancer[],
  { state }: Transaction,
  containers: readonly ContainerRecord[],
  networkInterface: NetworkInterface | null,
  host: HostRecord | null,
): TaskRecord["targets"] {
  return loadBalancers.flatMap(({ targetGroupArn, containerName, containerPort }) => {
    const binding = containers
      .find(({ name }) => name === containerName)
      ?.bindings.find((candidate) => candidate.containerPort === containerPort);
    if (targetGroupArn === undefined || !binding) return [];
    const byAddress = state.elb.targetGroups[targetGroupArn]?.targetType === "ip";
    const id = networkInterface?.address ?? (byAddress ? host?.address : host?.ec2InstanceId);
    return id === undefined ? [] : [{ targetGroupArn, id, port: binding.hostPort }];
  });
}
