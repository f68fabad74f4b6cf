import type {
  Attachment,
  Container,
  ContainerDefinition,
  ContainerInstance,
  Resource,
  Task,
  TaskOverride,
} from "@aws-sdk/client-ecs";

import { agentVersion, attributesOf } from "../attributes.ts";
import { containerDefinitions } from "../definitions.ts";
import { hostUse } from "../host-use.ts";
import { isStarting, taskDefinition, tasksOn } from "../queries.ts";
import type { HostRecord } from "../state.ts";
import type { ContainerRecord, TaskRecord } from "../task-state.ts";
import { optionalDate, type Call } from "./call.ts";

/** A task as DescribeTasks tells it. */
export function presentTask(call: Call, task: TaskRecord, tags: boolean): Task {
  const { state } = call;
  const checked = task.containers.filter(({ check, essential }) => check !== null && essential);
  const worst = (["UNHEALTHY", "UNKNOWN", "HEALTHY"] as const).find((status) =>
    checked.some(({ healthStatus }) => healthStatus === status),
  );
  const revision = taskDefinition(state, task.taskDefinition);
  const definitions = containerDefinitions(state, task);
  return {
    taskArn: task.arn,
    clusterArn: `arn:aws:ecs:${state.region}:${state.account}:cluster/${task.clusterName}`,
    taskDefinitionArn: task.taskDefinition,
    containerInstanceArn: state.ecs.hosts[task.hostId ?? ""]?.arn,
    group: task.group,
    startedBy: task.startedBy ?? undefined,
    launchType: task.launchType,
    capacityProviderName: task.capacityProvider ?? undefined,
    platformVersion: task.platformVersion ?? undefined,
    platformFamily: task.platformVersion === null ? undefined : "Linux",
    availabilityZone: task.availabilityZone,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: worst ?? "UNKNOWN",
    connectivity: task.lastStatus === "PROVISIONING" ? undefined : "CONNECTED",
    connectivityAt: optionalDate(call, task.pullStartedAt),
    cpu: task.cpu,
    memory: task.memory,
    attachments: attachments(task),
    attributes: [{ name: "ecs.cpu-architecture", value: "x86_64" }],
    containers: task.containers.map((container) =>
      presentContainer(task, container, definitions.get(container.name)),
    ),
    enableExecuteCommand: task.enableExecuteCommand,
    ephemeralStorage:
      task.launchType === "FARGATE"
        ? (revision?.definition.ephemeralStorage ?? { sizeInGiB: 20 })
        : undefined,
    overrides: presentOverrides(task),
    stopCode: (task.stopCode ?? undefined) as Task["stopCode"],
    stoppedReason: task.stoppedReason ?? undefined,
    createdAt: call.toDate(task.createdAt),
    pullStartedAt: optionalDate(call, task.pullStartedAt),
    pullStoppedAt: optionalDate(call, task.pullStoppedAt),
    startedAt: optionalDate(call, task.startedAt),
    stoppingAt: optionalDate(call, task.stoppingAt),
    executionStoppedAt: optionalDate(call, task.executionStoppedAt),
    stoppedAt: optionalDate(call, task.stoppedAt),
    tags: tags ? (state.ecs.tags[task.arn] ?? []) : [],
    version: task.version,
  };
}

function attachments({ networkInterface, lastStatus }: TaskRecord): Attachment[] {
  if (!networkInterface) return [];
  const gone = lastStatus === "STOPPED";
  return [
    {
      id: networkInterface.attachmentId,
      type: "ElasticNetworkInterface",
      status: gone ? "DELETED" : lastStatus === "PROVISIONING" ? "ATTACHING" : "ATTACHED",
      details: [
        { name: "subnetId", value: networkInterface.subnetId },
        { name: "networkInterfaceId", value: networkInterface.id },
        { name: "macAddress", value: networkInterface.macAddress },
        { name: "privateIPv4Address", value: networkInterface.address },
      ],
    },
  ];
}

/** AWS still sends it, although nobody can use it. */
const noAccelerators = { inferenceAcceleratorOverrides: [] };

/** What was overridden, with every container named. */
function presentOverrides({ overrides, containers }: TaskRecord): TaskOverride {
  const given = overrides?.containerOverrides ?? [];
  return {
    ...overrides,
    containerOverrides: containers.map(
      ({ name }) => given.find((override) => override.name === name) ?? { name },
    ),
    ...noAccelerators,
  };
}

function presentContainer(
  task: TaskRecord,
  container: ContainerRecord,
  definition: ContainerDefinition | undefined,
): Container {
  const { networkInterface } = task;
  return {
    containerArn: container.arn,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    runtimeId: container.lastStatus === "PENDING" ? undefined : container.runtimeId,
    lastStatus: container.lastStatus,
    exitCode: container.exitCode ?? undefined,
    reason: container.reason ?? undefined,
    networkBindings:
      networkInterface || container.lastStatus === "PENDING"
        ? []
        : container.bindings.map((binding) => ({ bindIP: "0.0.0.0", ...binding })),
    networkInterfaces: networkInterface
      ? [
          {
            attachmentId: networkInterface.attachmentId,
            privateIpv4Address: networkInterface.address,
          },
        ]
      : [],
    healthStatus: container.healthStatus,
    cpu: String(definition?.cpu ?? 0),
    memory: definition?.memory === undefined ? undefined : String(definition.memory),
    memoryReservation:
      definition?.memoryReservation === undefined ? undefined : String(definition.memoryReservation),
    managedAgents: task.enableExecuteCommand
      ? [
          {
            name: "ExecuteCommandAgent",
            // There is no agent, and so none that runs.
            lastStatus: container.lastStatus === "PENDING" ? "PENDING" : "STOPPED",
          },
        ]
      : undefined,
  };
}

/** A container instance as DescribeContainerInstances tells it. */
export function presentHost(call: Call, host: HostRecord): ContainerInstance {
  const { state } = call;
  const tasks = tasksOn(state, host);
  const use = hostUse(state, host);
  const resources = (cpu: number, memory: number, ports: readonly number[]): Resource[] => [
    { name: "CPU", type: "INTEGER", doubleValue: 0, longValue: 0, integerValue: cpu },
    { name: "MEMORY", type: "INTEGER", doubleValue: 0, longValue: 0, integerValue: memory },
    { name: "PORTS", type: "STRINGSET", stringSetValue: ports.map(String) },
    { name: "PORTS_UDP", type: "STRINGSET", stringSetValue: [] },
  ];
  const agentPorts = [22, 2375, 2376, 51678, 51679];
  return {
    containerInstanceArn: host.arn,
    ec2InstanceId: host.ec2InstanceId,
    capacityProviderName: host.capacityProvider ?? undefined,
    status: host.status,
    agentConnected: host.status !== "REGISTERING",
    version: 1,
    versionInfo: { agentVersion, dockerVersion: "DockerVersion: 25.0.6" },
    registeredResources: resources(host.cpu, host.memoryMiB, agentPorts),
    remainingResources: resources(use.cpuLeft, use.memoryMiBLeft, [...agentPorts, ...use.ports]),
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length,
    pendingTasksCount: tasks.filter(isStarting).length,
    attributes: [...attributesOf(host)].map(([name, value]) => (value === null ? { name } : { name, value })),
    attachments: [],
    registeredAt: call.toDate(host.registeredAt),
    tags: [],
  };
}
