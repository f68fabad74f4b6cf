/**
 * Why a task found no place, with the numbers of the cluster's hosts.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
import type { ContainerInstance, Resource, TaskDefinition } from "@aws-sdk/client-ecs";

import type { DiagnosisKind } from "../diagnosis.ts";
import type { Evidence } from "./evidence.ts";
import { counted, factsOf, type Said } from "./facts.ts";
import { readReason } from "./read-reason.ts";

type PlacementCause = Said & { readonly kind: DiagnosisKind };

/** Reads what follows `was unable to place a task`. */
export function explainPlacement(words: string, evidence: Evidence): PlacementCause {
  const { cluster, revision = {} } = evidence;
  const hosts = evidence.hosts?.filter(({ status }) => status === "ACTIVE");
  if (
    /No Container Instances were found/i.test(words) ||
    (/no container instance/i.test(words) && hosts?.length === 0)
  ) {
    return {
      kind: "noHosts",
      cause: `Cluster ${cluster} has no container instance that takes tasks.`,
      remedy:
        "Raise the desired capacity of its auto-scaling group, and check that instances register (ECS_CLUSTER in their user data, the agent's log); or use a capacity provider, or Fargate.",
    };
  }
  if (/insufficient memory|RESOURCE:MEMORY/i.test(words)) return noMemory(revision, hosts);
  if (/insufficient CPU|RESOURCE:CPU/i.test(words)) return noCpu(revision, hosts);
  if (/port required by your task|RESOURCE:PORTS/i.test(words)) return portInUse(revision, hosts);
  if (/RESOURCE:ENI|network interface/i.test(words)) {
    return {
      kind: "noNetworkInterface",
      cause: "No host has a free network interface for a task with an address of its own.",
      remedy:
        "Add a host, use a larger instance type or turn on awsvpcTrunking: each type takes so many interfaces.",
    };
  }
  if (/"?AGENT"?|agent is not connected/.test(words)) {
    return {
      kind: "noHosts",
      cause: `The ECS agent of ${hostIn(words, hosts)} is not connected, so it takes no task.`,
      remedy: "Restart the agent there (systemctl restart ecs), or replace the host.",
    };
  }
  if (/constraint|missing an attribute|ATTRIBUTE/i.test(words)) return constraint(words, evidence, hosts);
  if (/limit on the number of (tasks|vCPUs)|above your limit|quota/i.test(words)) {
    return {
      kind: "quota",
      cause: `A quota of the account is used up: ${sentence(words)}`,
      remedy: "Ask for more in Service Quotas (AWS Fargate, Amazon ECS), or stop tasks that are not needed.",
    };
  }
  const read = readReason(words, factsOf(evidence, undefined, soleContainer(revision)));
  if (read !== undefined) return read;
  return {
    kind: "other",
    cause: `ECS could not place a task: ${sentence(words)}`,
    remedy:
      "See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html; an internal error often is a zone that Fargate does not serve.",
  };
}

function soleContainer({ containerDefinitions = [] }: TaskDefinition): string | undefined {
  return containerDefinitions.length === 1 ? containerDefinitions[0]?.name : undefined;
}

function noMemory(revision: TaskDefinition, hosts: readonly ContainerInstance[] | undefined): PlacementCause {
  const needed = neededMemoryMiB(revision);
  return {
    kind: "noMemory",
    cause: `No host has enough free memory: a task needs ${needed} MiB, ${roomiest(hosts, "MEMORY", "MiB")}.`,
    remedy:
      "Add a host or use a larger type, ask for less memory in the task definition, or lower minimumHealthyPercent so that old tasks stop first.",
  };
}

function noCpu(revision: TaskDefinition, hosts: readonly ContainerInstance[] | undefined): PlacementCause {
  const needed = neededCpuUnits(revision);
  return {
    kind: "noCpu",
    cause: `No host has enough free CPU: a task needs ${needed} units, ${roomiest(hosts, "CPU", "units")}.`,
    remedy:
      "Add a host or use a larger type, ask for less cpu in the task definition, or lower minimumHealthyPercent so that old tasks stop first.",
  };
}

function portInUse(
  revision: TaskDefinition,
  hosts: readonly ContainerInstance[] | undefined,
): PlacementCause {
  const wanted = staticPorts(revision);
  const ports = wanted.length === 0 ? "the host port" : `host port ${wanted.join(", ")}`;
  const count =
    hosts === undefined
      ? "every host that would fit"
      : hosts.length === 1
        ? "the only host"
        : `each of the ${hosts.length} hosts`;
  return {
    kind: "portInUse",
    cause: `A task needs ${ports}, which is taken on ${count}.`,
    remedy:
      "Set hostPort to 0, so that each task gets a free port; else add a host, or lower minimumHealthyPercent so that the old task leaves the port first.",
  };
}

function constraint(
  words: string,
  evidence: Evidence,
  hosts: readonly ContainerInstance[] | undefined,
): PlacementCause {
  const constraints = [
    ...(evidence.revision?.placementConstraints ?? []),
    ...(evidence.described?.placementConstraints ?? []),
  ];
  const count = hosts === undefined ? "No host" : `None of ${counted(hosts.length, "host")}`;
  if (/distinctInstance/i.test(words)) {
    return {
      kind: "placementConstraint",
      cause: `${count} is without a task of the service already, while distinctInstance wants each on a host of its own.`,
      remedy: "Add hosts, lower the desired count or minimumHealthyPercent, or drop the constraint.",
    };
  }
  const expressions = constraints.flatMap(({ expression }) => expression ?? []);
  const platform = evidence.revision?.runtimePlatform?.cpuArchitecture;
  const wanted =
    expressions.length > 0
      ? `constraint ${expressions.join(" and ")}`
      : `what the task definition asks for${platform === undefined ? "" : ` (${platform})`}`;
  return {
    kind: "placementConstraint",
    cause: `${count} meets ${wanted}.`,
    remedy: /attribute/i.test(words)
      ? "A host lacks an attribute that the task needs (CPU architecture, subnet of its zone, log driver, agent's version): compare aws ecs list-attributes, or correct the task definition."
      : "Correct the expression, put the attribute on hosts (aws ecs put-attributes), or add hosts that have it.",
  };
}

/** What a task reserves: its own size, else the sum of its containers', the reservation before the limit. */
function neededMemoryMiB({ memory, containerDefinitions = [] }: TaskDefinition): number {
  if (memory !== undefined) return Number(memory);
  return sum(containerDefinitions.map((one) => one.memoryReservation ?? one.memory ?? 0));
}

function neededCpuUnits({ cpu, containerDefinitions = [] }: TaskDefinition): number {
  return cpu === undefined ? sum(containerDefinitions.map((one) => one.cpu ?? 0)) : Number(cpu);
}

function staticPorts({ containerDefinitions = [], networkMode }: TaskDefinition): readonly number[] {
  const mappings = containerDefinitions.flatMap(({ portMappings = [] }) => portMappings);
  const ports = mappings.map(({ hostPort = 0, containerPort = 0 }) =>
    networkMode === "host" ? containerPort : hostPort,
  );
  return [...new Set(ports.filter((port) => port !== 0))];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** `the freest of 2 hosts has 200 MiB left`; that even an empty one would not do is another matter. */
function roomiest(hosts: readonly ContainerInstance[] | undefined, resource: string, unit: string): string {
  if (hosts === undefined || hosts.length === 0) return `and none has as many ${unit} left`;
  const most = (resources: (host: ContainerInstance) => readonly Resource[] | undefined): number =>
    Math.max(
      0,
      ...hosts.map((host) => resources(host)?.find(({ name }) => name === resource)?.integerValue ?? 0),
    );
  const left = most((host) => host.remainingResources);
  const empty = most((host) => host.registeredResources);
  const which = hosts.length === 1 ? "the only host" : `the freest of ${hosts.length} hosts`;
  return `${which} has ${left} ${unit} left (${empty} when it is empty)`;
}

function hostIn(words: string, hosts: readonly ContainerInstance[] = []): string {
  const id = /container-instance ([^)\s]+)/.exec(words)?.[1];
  const instance = hosts.find(
    ({ containerInstanceArn = "" }) => id !== undefined && containerInstanceArn.endsWith(id),
  );
  return instance?.ec2InstanceId === undefined
    ? `container instance ${id ?? "of the cluster"}`
    : `host ${instance.ec2InstanceId}`;
}

function sentence(words: string): string {
  return /[.!]$/.test(words) ? words : `${words}.`;
}
