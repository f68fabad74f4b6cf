import type { PlacementConstraint } from "@aws-sdk/client-ecs";

import { attributeOf } from "./attributes.ts";
import { parseQuery, type Query } from "./cluster-query.ts";
import type { HostUse } from "./host-use.ts";
import type { HostRecord, TaskDefinitionRecord } from "./state.ts";

/** What a task wants of a host. */
export interface Requirements {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly staticPorts: readonly number[];
  /** Network interfaces of its own: one in awsvpc mode. */
  readonly interfaces: number;
  /** Attributes that the host must have, with the value that is wanted. */
  readonly attributes: readonly (readonly [string, string])[];
  /** The revision's own constraints. */
  readonly constraints: readonly PlacementConstraint[];
}

/** A host that a task could go to. */
export interface Candidate {
  readonly host: HostRecord;
  readonly use: HostUse;
  /** How many tasks of the request's group are on it. */
  readonly grouped: number;
}

/** Placement constraints, read. */
export interface Constraints {
  readonly distinctInstance: boolean;
  readonly memberOf: readonly Query[];
}

/** What a revision asks of a host: the task's own size, else the sum of its containers'. */
export function requirements({ definition }: TaskDefinitionRecord): Requirements {
  const containers = definition.containerDefinitions ?? [];
  const sum = (values: (number | undefined)[]) =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const mode = definition.networkMode;
  const ports = containers.flatMap((container) => container.portMappings ?? []);
  const { cpuArchitecture, operatingSystemFamily = "LINUX" } = definition.runtimePlatform ?? {};
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
    interfaces: mode === "awsvpc" ? 1 : 0,
    attributes: [
      ...(cpuArchitecture === undefined
        ? []
        : [["ecs.cpu-architecture", cpuArchitecture.toLowerCase()] as const]),
      ...(operatingSystemFamily === "LINUX" ? [] : [["ecs.os-type", "windows"] as const]),
    ],
    constraints: definition.placementConstraints ?? [],
  };
}

/** Reads placement constraints. @throws QueryError for an expression that is not one of the language */
export function constraintsOf(constraints: readonly PlacementConstraint[]): Constraints {
  return {
    distinctInstance: constraints.some(({ type }) => type === "distinctInstance"),
    memberOf: constraints.flatMap(({ type, expression }) =>
      type === "memberOf" ? [parseQuery(expression ?? "")] : [],
    ),
  };
}

/**
 * Why a host does not take a task, in the words that follow `(container-instance ID)` in an event; undefined when it
 * does.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export function findMisfit(
  { host, use, grouped }: Candidate,
  wanted: Omit<Requirements, "constraints">,
  { distinctInstance, memberOf }: Constraints,
): string | undefined {
  if (wanted.attributes.some(([name, value]) => attributeOf(host, name) !== value)) {
    return "is missing an attribute required by your task";
  }
  const queried = { host, groups: use.groups, runningTasks: use.runningTasks };
  if (memberOf.some((meets) => !meets(queried))) {
    return 'encountered error "MemberOf placement constraint unsatisfied."';
  }
  if (distinctInstance && grouped > 0) {
    return 'encountered error "DistinctInstance placement constraint unsatisfied."';
  }
  if (wanted.staticPorts.some((port) => use.ports.has(port))) {
    return "is already using a port required by your task";
  }
  if (use.memoryMiBLeft < wanted.memoryMiB) return "has insufficient memory available";
  if (use.cpuLeft < wanted.cpu) return "has insufficient CPU units available";
  // The instance's own interface is one of those that its type takes.
  const interfaces = 1 + use.interfaces + wanted.interfaces;
  return wanted.interfaces > 0 && interfaces > (host.maximumInterfaces ?? Infinity)
    ? 'encountered error "RESOURCE:ENI"'
    : undefined;
}
