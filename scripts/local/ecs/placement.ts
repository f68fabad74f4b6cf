/**
 * Which host a task goes to.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
 */
import type { PlacementConstraint, PlacementStrategy } from "@aws-sdk/client-ecs";

import type { State } from "../world/state.ts";
import { hostsOf } from "./queries.ts";
import type { HostRecord, TaskDefinitionRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

/** What a task wants of a host. */
export interface Requirements {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly staticPorts: readonly number[];
}

/** What narrows the choice. */
export interface PlacementRequest {
  readonly clusterName: string;
  readonly capacityProvider: string | null;
  readonly group: string;
  readonly constraints: readonly PlacementConstraint[];
  readonly strategy: readonly PlacementStrategy[];
}

/** A host, or why none fits, in AWS's words. */
export type Placement = { readonly host: HostRecord } | { readonly failure: string };

/** What a revision asks of a host: the task's own size, else the sum of its containers'. */
export function requirements({ definition }: TaskDefinitionRecord): Requirements {
  const containers = definition.containerDefinitions ?? [];
  const sum = (values: (number | undefined)[]) =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const mode = definition.networkMode;
  const ports = containers.flatMap((container) => container.portMappings ?? []);
  return {
    cpu: definition.cpu === undefined ? sum(containers.map(({ cpu }) => cpu)) : Number(definition.cpu),
    memoryMiB:
      definition.memory === undefined
        ? sum(containers.map(({ memory, memoryReservation }) => memoryReservation ?? memory))
        : Number(definition.memory),
    staticPorts:
      mode === "awsvpc"
        ? []
        : ports
            .map(({ hostPort, containerPort }) => (mode === "host" ? (containerPort ?? 0) : (hostPort ?? 0)))
            .filter((port) => port !== 0),
  };
}

/** What a host has left: its registered resources less those of every task on it that has not stopped. */
export function remaining(state: State, host: HostRecord): { cpu: number; memoryMiB: number } {
  const tasks = tasksOn(state, host);
  return {
    cpu: host.cpu - tasks.reduce((total, task) => total + Number(task.cpu), 0),
    memoryMiB: host.memoryMiB - tasks.reduce((total, task) => total + Number(task.memory), 0),
  };
}

/** The tasks that hold resources of a host. */
export function tasksOn({ ecs }: State, host: HostRecord): TaskRecord[] {
  return Object.values(ecs.tasks).filter((task) => task.hostId === host.id && task.lastStatus !== "STOPPED");
}

/** Host ports that tasks hold on a host. */
export function usedPorts(state: State, host: HostRecord): Set<number> {
  const bound = tasksOn(state, host)
    .filter((task) => task.networkInterface === null)
    .flatMap((task) => task.containers.flatMap((container) => container.bindings));
  return new Set(bound.map((binding) => binding.hostPort));
}

/** Chooses a host for a task. */
export function place(state: State, wanted: Requirements, request: PlacementRequest): Placement {
  const hosts = hostsOf(state, request.clusterName).filter(
    (host) =>
      host.status === "ACTIVE" &&
      (request.capacityProvider === null || host.capacityProvider === request.capacityProvider),
  );
  if (hosts.length === 0) return { failure: "Reason: No Container Instances were found in your cluster." };
  const misfits = new Map(hosts.map((host) => [host, misfit(state, host, wanted, request)]));
  const fitting = hosts.filter((host) => misfits.get(host) === undefined);
  const [best] = sortByStrategy(state, fitting, request);
  if (best) return { host: best };
  const [closest] = hosts.toSorted((one, other) => remaining(state, other).cpu - remaining(state, one).cpu);
  const reason = closest && misfits.get(closest);
  return { failure: `The closest matching (container-instance ${closest?.id ?? ""}) ${reason ?? ""}.` };
}

function misfit(
  state: State,
  host: HostRecord,
  wanted: Requirements,
  request: PlacementRequest,
): string | undefined {
  const left = remaining(state, host);
  const used = usedPorts(state, host);
  if (wanted.staticPorts.some((port) => used.has(port)))
    return "is already using a port required by your task";
  if (left.memoryMiB < wanted.memoryMiB) return "has insufficient memory available";
  if (left.cpu < wanted.cpu) return "has insufficient CPU units available";
  const distinct = request.constraints.some(({ type }) => type === "distinctInstance");
  if (distinct && tasksOn(state, host).some((task) => task.group === request.group)) {
    return 'encountered error "distinctInstance placement constraint unsatisfied."';
  }
  return undefined;
}

/** Best first. Ties go to the host with the fewest tasks of the group, then to the one registered first. */
function sortByStrategy(state: State, hosts: HostRecord[], request: PlacementRequest): HostRecord[] {
  const byZone: PlacementStrategy = { type: "spread", field: "attribute:ecs.availability-zone" };
  const strategies = request.strategy.length > 0 ? request.strategy : [byZone];
  const grouped = (host: HostRecord) =>
    tasksOn(state, host).filter((task) => task.group === request.group).length;
  const inZone = (zone: string) =>
    hostsOf(state, request.clusterName)
      .filter((host) => host.availabilityZone === zone)
      .reduce((total, host) => total + grouped(host), 0);
  const weight = (host: HostRecord, { type, field }: PlacementStrategy): number => {
    if (type === "binpack") {
      return field?.toLowerCase() === "cpu" ? remaining(state, host).cpu : remaining(state, host).memoryMiB;
    }
    if (type === "spread" && field?.includes("availability-zone")) return inZone(host.availabilityZone);
    return type === "spread" ? grouped(host) : 0;
  };
  return hosts
    .map((host) => ({
      host,
      ranks: [...strategies.map((strategy) => weight(host, strategy)), grouped(host)],
    }))
    .toSorted((one, other) => {
      const index = one.ranks.findIndex((rank, position) => rank !== other.ranks[position]);
      return index === -1 ? 0 : (one.ranks[index] ?? 0) - (other.ranks[index] ?? 0);
    })
    .map(({ host }) => host);
}

const dynamicPorts = { first: 32768, last: 60999 };

/** The next free port of the dynamic range of a host. */
export function takeDynamicPort(host: HostRecord, used: Set<number>): number {
  let port = host.nextDynamicPort;
  while (used.has(port)) port = port === dynamicPorts.last ? dynamicPorts.first : port + 1;
  host.nextDynamicPort = port === dynamicPorts.last ? dynamicPorts.first : port + 1;
  used.add(port);
  return port;
}

/** Where the dynamic range of a new host starts. */
export const firstDynamicPort = dynamicPorts.first;
