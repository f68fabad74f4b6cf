/**
 * Which host a task goes to.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
 */
import type { PlacementConstraint, PlacementStrategy } from "@aws-sdk/client-ecs";

import type { State } from "../world/state.ts";
import { constraintsOf, findMisfit, requirements, type Candidate, type Requirements } from "./fit.ts";
import { hostUse } from "./host-use.ts";
import { hostsOf } from "./queries.ts";
import type { HostRecord, TaskDefinitionRecord } from "./state.ts";
import { sortByStrategy } from "./placement-strategy.ts";

export { requirements, type Requirements };

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

const noHosts = "Reason: No Container Instances were found in your cluster.";

/** Chooses a host for a task. */
export function place(state: State, wanted: Requirements, request: PlacementRequest): Placement {
  const { capacityProvider } = request;
  const candidates = hostsOf(state, request.clusterName).map((host) => candidate(state, host, request.group));
  const eligible = candidates.filter(
    ({ host }) =>
      host.status === "ACTIVE" && (capacityProvider === null || host.capacityProvider === capacityProvider),
  );
  if (eligible.length === 0) return { failure: noHosts };
  const constraints = constraintsOf([...request.constraints, ...wanted.constraints]);
  const misfits = eligible.map((one) => findMisfit(one, wanted, constraints));
  const fitting = eligible.filter((_, index) => misfits[index] === undefined);
  const [best] = sortByStrategy(state, fitting, candidates, request.strategy);
  if (best) return { host: best.host };
  const closest = indexOfClosest(eligible);
  const reason = misfits[closest] ?? "";
  return {
    failure: `The closest matching (container-instance ${eligible[closest]?.host.id ?? ""}) ${reason}.`,
  };
}

function candidate(state: State, host: HostRecord, group: string): Candidate {
  const use = hostUse(state, host);
  return { host, use, grouped: use.groups.filter((other) => other === group).length };
}

function indexOfClosest(eligible: readonly Candidate[]): number {
  return eligible.reduce(
    (best, { use }, index) => (use.cpuLeft > (eligible[best]?.use.cpuLeft ?? -Infinity) ? index : best),
    0,
  );
}

/** The hosts of a cluster that take tasks and meet the constraints, whatever is left of their resources. */
export function hostsFor(
  state: State,
  definition: TaskDefinitionRecord | undefined,
  request: Pick<PlacementRequest, "clusterName" | "capacityProvider" | "constraints">,
): HostRecord[] {
  const wanted = definition && requirements(definition);
  const constraints = constraintsOf([...request.constraints, ...(wanted?.constraints ?? [])]);
  return hostsOf(state, request.clusterName).filter((host) => {
    if (host.status !== "ACTIVE") return false;
    if (request.capacityProvider !== null && host.capacityProvider !== request.capacityProvider) return false;
    const empty: Candidate = {
      host,
      use: { ...hostUse(state, host), cpuLeft: Infinity, memoryMiBLeft: Infinity, ports: new Set() },
      grouped: 0,
    };
    return (
      findMisfit(
        empty,
        { cpu: 0, memoryMiB: 0, staticPorts: [], interfaces: 0, attributes: wanted?.attributes ?? [] },
        constraints,
      ) === undefined
    );
  });
}
