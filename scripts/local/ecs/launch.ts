import type {
  AwsVpcConfiguration,
  ContainerDefinition,
  LoadBalancer,
  TaskOverride,
} from "@aws-sdk/client-ecs";

import { imageBehaviour, realBehaviour, type ImageBehaviour } from "../containers/catalogue.ts";
import type { ImagesState } from "../world/state.ts";
import { hexId } from "../world/identifiers.ts";
import type { Transaction } from "../world/transaction.ts";
import { attachInterface } from "./durations.ts";
import { beginPending } from "./lifecycle.ts";
import type { Capacity } from "./capacity.ts";
import { askedBehaviour, withOverrides } from "./definitions.ts";
import { createNetworkInterface } from "./network-interface.ts";
import { hostUse } from "./host-use.ts";
import { place, requirements, type PlacementRequest } from "./placement.ts";
import { takeDynamicPort } from "./ports.ts";
import { lookLater, scalesByItself, waitingRequest } from "./waiting.ts";
import { tagTask, type TagRequest } from "./task-tags.ts";
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
  /** What RunTask gives instead of the definition's own. */
  readonly overrides?: TaskOverride | null;
  /** Tags of a task outside of services; a service says itself what its tasks get. */
  readonly tags?: TagRequest;
}

/**
 * Starts a task, or says in AWS's words why it could not be placed. Where its capacity provider scales by itself, a
 * task that fits nowhere waits in PROVISIONING; `waited` is such a task, which is tried again.
 */
export function launchTask(
  transaction: Transaction,
  request: LaunchRequest,
  waited?: TaskRecord,
): TaskRecord | { failure: string } {
  const { state, now } = transaction;
  const { capacity, placement } = request;
  const definition = withOverrides(request.definition, request.overrides ?? null);
  const wanted = requirements(definition);
  const fargate = capacity.launchType === "FARGATE";
  const placed = fargate
    ? { host: null }
    : place(state, wanted, { ...placement, capacityProvider: capacity.capacityProvider });
  const waits = "failure" in placed && scalesByItself(state, capacity.capacityProvider);
  if ("failure" in placed && !waits) return placed;
  if (waits) lookLater(state, now, capacity.capacityProvider ?? "", true);
  if (waits && waited) return waited;
  const host = "failure" in placed ? null : placed.host;

  const awsvpc = fargate || definition.definition.networkMode === "awsvpc";
  const attached =
    awsvpc && !waits && request.awsvpcConfiguration
      ? createNetworkInterface(
          state,
          request.awsvpcConfiguration,
          host?.availabilityZone,
          Object.keys(state.ecs.tasks).length,
        )
      : undefined;
  const id = waited?.id ?? hexId(state);
  const arnOf = (kind: string) =>
    `arn:aws:ecs:${state.region}:${state.account}:${kind}/${placement.clusterName}/${id}`;
  const networkInterface = attached?.networkInterface ?? null;
  const used = host ? hostUse(state, host).ports : new Set<number>();
  const containers = (definition.definition.containerDefinitions ?? []).map((container) =>
    containerRecord(transaction, container, arnOf("container"), (mapping) =>
      bind(mapping, definition, networkInterface, host, used),
    ),
  );
  const provisioning = waits || networkInterface !== null;
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
    availabilityZone: attached?.availabilityZone ?? host?.availabilityZone ?? `${state.region}a`,
    hostId: host?.id ?? null,
    networkInterface,
    cpu: String(wanted.cpu),
    memory: String(wanted.memoryMiB),
    lastStatus: provisioning ? "PROVISIONING" : "PENDING",
    desiredStatus: "RUNNING",
    nextTransitionAt: provisioning && !waits ? now + attachInterface[capacity.launchType] : null,
    waiting: waits ? waitingRequest(request) : null,
    containers,
    targets: targetsOf(request.loadBalancers, transaction, containers, networkInterface, host),
    overrides: request.overrides ?? null,
    cannotStart: null,
    enableExecuteCommand: request.enableExecuteCommand,
    stopCode: null,
    stoppedReason: null,
    counted: "no",
    replacing: false,
    version: 1,
    createdAt: waited?.createdAt ?? now,
    pullStartedAt: null,
    pullStoppedAt: null,
    startedAt: null,
    stoppingAt: null,
    executionStoppedAt: null,
    stoppedAt: null,
  };
  state.ecs.tasks[task.arn] = task;
  tagTask(state, task, request.tags);
  if (!provisioning) {
    const span = beginPending(transaction, task);
    if (span !== null) task.nextTransitionAt = now + span;
  }
  if (!waited) state.ecs.services[task.service ?? ""]?.taskArns.push(task.arn);
  host?.taskArns.push(task.arn);
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
    check: null,
    behaviour: behaviourOf(state.images, definition),
    startedAt: null,
    launching: false,
    exitsAt: null,
    stopsAt: null,
    bindings: (definition.portMappings ?? []).map(bindPort),
  };
}

function behaviourOf({ real, entries }: ImagesState, definition: ContainerDefinition): ImageBehaviour {
  if (real) return realBehaviour;
  return imageBehaviour(definition.image ?? "", { entries, asked: askedBehaviour(definition) });
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
