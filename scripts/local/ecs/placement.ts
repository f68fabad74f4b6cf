/**
 * Which host a task goes to.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
 */
import type { PlacementConstraint, PlacementStrategy } from "@aws-sdk/client-ecs";

import type { State } from "../world/state.ts";
import { hostUse, type HostUse } from "./host-use.ts";
import { hostsOf } from "./queries.ts";
import type { HostRecord, TaskDefinitionRecord } from "./state.ts";

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

interface Candidate {
  readonly host: HostRecord;
  readonly use: HostUse;
  /** How many tasks of the request's group are on it. */
  readonly grouped: number;
}

/** Chooses a host for a task. */
export function place(state: State, wanted: Requirements, request: PlacementRequest): Placement {
  const candidates = hostsOf(state, request.clusterName).map((host): Candidate => {
    const use = hostUse(state, host);
    return { host, use, grouped: use.groups.filter((group) => group === request.group).length };
  });
  const { capacityProvider } = request;
  const eligible = candidates.filter(
    ({ host }) =>
      host.status === "ACTIVE" && (capacityProvider === null || host.capacityProvider === capacityProvider),
  );
  if (eligible.length === 0) return { failure: "Reason: No Container Instances were found in your cluster." };
  const fitting = eligible.filter((candidate) => misfit(candidate, wanted, request) === undefined);
  const [best] = sortByStrategy(fitting, candidates, request.strategy);
  if (best) return { host: best.host };
  const [closest] = eligible.toSorted((one, other) => other.use.cpuLeft - one.use.cpuLeft);
  const reason = closest && misfit(closest, wanted, request);
  return { failure: `The closest matching (container-instance ${closest?.host.id ?? ""}) ${reason ?? ""}.` };
}

function misfit(
  { use, grouped }: Candidate,
  wanted: Requirements,
  request: PlacementRequest,
): string | undefined {
  if (wanted.staticPorts.some((port) => use.ports.has(port))) {
    return "is already using a port required by your task";
  }
  if (use.memoryMiBLeft < wanted.memoryMiB) return "has insufficient memory available";
  if (use.cpuLeft < wanted.cpu) return "has insufficient CPU units available";
  const distinct = request.constraints.some(({ type }) => type === "distinctInstance");
  return distinct && grouped > 0
    ? 'encountered error "distinctInstance placement constraint unsatisfied."'
    : undefined;
}

const spreadOverZones: PlacementStrategy = { type: "spread", field: "attribute:ecs.availability-zone" };

/** Best first. Ties go to the host with the fewest tasks of the group, then to the one registered first. */
function sortByStrategy(
  fitting: readonly Candidate[],
  all: readonly Candidate[],
  asked: readonly PlacementStrategy[],
): Candidate[] {
  const strategies = asked.length > 0 ? asked : [spreadOverZones];
  const inZone = new Map<string, number>();
  for (const { host, grouped } of all) {
    inZone.set(host.availabilityZone, (inZone.get(host.availabilityZone) ?? 0) + grouped);
  }
  const rank = ({ host, use, grouped }: Candidate, { type, field }: PlacementStrategy): number => {
    if (type === "binpack") return field?.toLowerCase() === "cpu" ? use.cpuLeft : use.memoryMiBLeft;
    if (type !== "spread") return 0;
    return field?.includes("availability-zone") ? (inZone.get(host.availabilityZone) ?? 0) : grouped;
  };
  return fitting
    .map((candidate) => ({
      candidate,
      ranks: [...strategies.map((strategy) => rank(candidate, strategy)), candidate.grouped],
    }))
    .toSorted((one, other) => {
      const index = one.ranks.findIndex((value, position) => value !== other.ranks[position]);
      return index === -1 ? 0 : (one.ranks[index] ?? 0) - (other.ranks[index] ?? 0);
    })
    .map(({ candidate }) => candidate);
}
