import { createHash } from "node:crypto";

import type { PlacementStrategy } from "@aws-sdk/client-ecs";

import type { State } from "../world/state.ts";
import { attributeOf } from "./attributes.ts";
import type { Candidate } from "./fit.ts";

const spreadOverZones: PlacementStrategy = { type: "spread", field: "attribute:ecs.availability-zone" };

/**
 * Best first. Ties go to the host with the fewest tasks of the group, then to the one registered first.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html
 */
export function sortByStrategy(
  state: State,
  fitting: readonly Candidate[],
  all: readonly Candidate[],
  asked: readonly PlacementStrategy[],
): Candidate[] {
  const strategies = asked.length > 0 ? asked : [spreadOverZones];
  const ranks = strategies.map((strategy) => rankBy(state, strategy, all));
  return fitting
    .map((candidate) => ({ candidate, ranks: [...ranks.map((rank) => rank(candidate)), candidate.grouped] }))
    .toSorted((one, other) => {
      const index = one.ranks.findIndex((value, position) => value !== other.ranks[position]);
      return index === -1 ? 0 : (one.ranks[index] ?? 0) - (other.ranks[index] ?? 0);
    })
    .map(({ candidate }) => candidate);
}

function rankBy(
  state: State,
  { type, field = "" }: PlacementStrategy,
  all: readonly Candidate[],
): (candidate: Candidate) => number {
  if (type === "binpack") {
    return field.toLowerCase() === "cpu" ? ({ use }) => use.cpuLeft : ({ use }) => use.memoryMiBLeft;
  }
  if (type === "random") {
    const { seed, next } = state.identifiers;
    return ({ host }) => createHash("sha256").update(`${seed}:${next}:${host.id}`).digest().readUInt32BE();
  }
  const attribute = /^attribute:(.+)$/.exec(field)?.[1];
  if (attribute === undefined) return ({ grouped }) => grouped;
  const valueOf = ({ host }: Candidate) => attributeOf(host, attribute) ?? "";
  const counts = new Map<string, number>();
  for (const one of all) counts.set(valueOf(one), (counts.get(valueOf(one)) ?? 0) + one.grouped);
  return (candidate) => counts.get(valueOf(candidate)) ?? 0;
}
