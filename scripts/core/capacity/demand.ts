import type {
  Container,
  ContainerDefinition,
  RegisterTaskDefinitionRequest,
  Task,
  TaskDefinition,
} from "@aws-sdk/client-ecs";

import { parseCpuUnits, parseMemoryMiB } from "../aws-model/fargate-sizes.ts";
import type { Demand, PlacedTask, WantedAttribute } from "./model.ts";

/**
 * What one task takes of a host: its own size, else the sum of its containers', of which the reservation counts
 * before the limit.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
export function demandOf(definition: RegisterTaskDefinitionRequest | TaskDefinition): Demand {
  const containers = definition.containerDefinitions ?? [];
  const ownInterface = definition.networkMode === "awsvpc";
  return {
    cpu: parseCpuUnits(definition.cpu ?? "") ?? sum(containers.map(({ cpu }) => cpu)),
    memoryMiB:
      parseMemoryMiB(definition.memory ?? "") ??
      sum(containers.map(({ memory, memoryReservation }) => memoryReservation ?? memory)),
    gpus: sum(containers.map(gpusOf)),
    ports: ownInterface
      ? []
      : containers.flatMap((container) => fixedPorts(container, definition.networkMode)),
    interfaces: ownInterface ? 1 : 0,
    attributes: attributesOf(definition),
    portsCouldBeDynamic: definition.networkMode === undefined || definition.networkMode === "bridge",
  };
}

function gpusOf({ resourceRequirements }: ContainerDefinition): number {
  return sum(
    (resourceRequirements ?? []).map(({ type, value }) => (type === "GPU" ? Number(value) || 0 : 0)),
  );
}

function fixedPorts({ portMappings }: ContainerDefinition, networkMode: string | undefined): string[] {
  return (portMappings ?? []).flatMap(({ hostPort, containerPort, protocol = "tcp" }) => {
    const port = networkMode === "host" ? (containerPort ?? 0) : (hostPort ?? 0);
    return port === 0 ? [] : [`${port}/${protocol}`];
  });
}

/** ECS works out at registration what the agent must be able to do; before that only the platform is known. */
function attributesOf(
  definition: RegisterTaskDefinitionRequest | TaskDefinition,
): readonly WantedAttribute[] {
  const { cpuArchitecture, operatingSystemFamily = "LINUX" } = definition.runtimePlatform ?? {};
  const registered = "requiresAttributes" in definition ? (definition.requiresAttributes ?? []) : [];
  return [
    ...(cpuArchitecture === undefined
      ? []
      : [{ name: "ecs.cpu-architecture", value: cpuArchitecture.toLowerCase() }]),
    ...(operatingSystemFamily === "LINUX" ? [] : [{ name: "ecs.os-type", value: "windows" }]),
    ...registered.flatMap(({ name, value }) =>
      name === undefined ? [] : [{ name, ...(value === undefined ? {} : { value }) }],
    ),
  ];
}

/**
 * What a task holds of its host.
 *
 * @param fixed ports that the definition fixes, for a task that starts: its bindings are not told yet
 */
export function placedTask(task: Task, fixed: readonly string[]): PlacedTask {
  const { containers = [], containerInstanceArn, capacityProviderName } = task;
  const isRunning = task.lastStatus === "RUNNING" && task.desiredStatus !== "STOPPED";
  const interfaces = (task.attachments ?? []).filter(({ type }) => type === "ElasticNetworkInterface").length;
  const ports = containers.flatMap(({ networkBindings }) =>
    (networkBindings ?? []).flatMap(({ hostPort, protocol = "tcp" }) =>
      hostPort === undefined ? [] : [`${hostPort}/${protocol}`],
    ),
  );
  return {
    cpu: size(task.cpu) ?? sum(containers.map(({ cpu }) => size(cpu))),
    memoryMiB: size(task.memory) ?? sum(containers.map(memoryOf)),
    gpus: sum(containers.map(({ gpuIds }) => gpuIds?.length)),
    ports: interfaces === 0 && !isRunning && ports.length === 0 ? fixed : interfaces === 0 ? ports : [],
    interfaces,
    isRunning,
    ...(containerInstanceArn === undefined ? {} : { hostId: lastPart(containerInstanceArn) }),
    ...(capacityProviderName === undefined ? {} : { capacityProvider: capacityProviderName }),
  };
}

function memoryOf({ memory, memoryReservation }: Container): number | undefined {
  return size(memoryReservation) ?? size(memory);
}

function size(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === "" || !Number.isFinite(value) ? undefined : value;
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** The id at the end of an ARN. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
