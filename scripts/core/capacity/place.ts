import type { PlacementStrategy } from "@aws-sdk/client-ecs";

import { isCandidate, misfitOf, type Slot } from "./fit.ts";
import type { Rollout, StrategyItem } from "./model.ts";

const spreadOverZones: PlacementStrategy = { type: "spread", field: "attribute:ecs.availability-zone" };

/**
 * The capacity provider that the next task goes to: bases first, then the one that is furthest below its weight.
 *
 * @param tasks how many tasks of the deployment each provider has
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-capacity-providers.html
 */
export function nextProvider(
  strategy: readonly StrategyItem[],
  tasks: ReadonlyMap<string, number>,
): StrategyItem | undefined {
  const count = ({ provider }: StrategyItem): number => tasks.get(provider) ?? 0;
  const underBase = strategy.find((item) => count(item) < item.base);
  if (underBase !== undefined) return underBase;
  const load = (item: StrategyItem): number =>
    item.weight === 0 ? Infinity : (count(item) - item.base + 1) / item.weight;
  return strategy.toSorted((one, other) => load(one) - load(other))[0];
}

/**
 * The host that the next task goes to; undefined where it fits nowhere. Among hosts that the strategy does not tell
 * apart, those with fewer tasks of the service come first.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html
 */
export function placeOn(
  slots: readonly Slot[],
  rollout: Rollout,
  provider: string | undefined,
): Slot | undefined {
  const fitting = slots.filter(
    (slot) => isCandidate(slot, provider) && misfitOf(slot, rollout) === undefined,
  );
  const strategies = rollout.placementStrategy.length > 0 ? rollout.placementStrategy : [spreadOverZones];
  const tasksOn = (slot: Slot): number => slot.tasks.get(rollout.service) ?? 0;
  const ranks = [...strategies.map((strategy) => rankBy(strategy, slots, tasksOn)), tasksOn];
  return fitting.toSorted((one, other) => {
    for (const rank of ranks) {
      const difference = rank(one) - rank(other);
      if (difference !== 0) return difference;
    }
    return 0;
  })[0];
}

function rankBy(
  { type, field = "" }: PlacementStrategy,
  slots: readonly Slot[],
  tasksOn: (slot: Slot) => number,
): (slot: Slot) => number {
  if (type === "random") return () => 0;
  if (type === "binpack") {
    return field.toLowerCase() === "cpu" ? ({ cpu }) => cpu : ({ memoryMiB }) => memoryMiB;
  }
  const attribute = /^attribute:(.+)$/.exec(field)?.[1];
  if (attribute === undefined) return tasksOn;
  const valueOf = ({ host }: Slot): string => host.attributes.get(attribute) ?? "";
  const counts = new Map<string, number>();
  for (const slot of slots) counts.set(valueOf(slot), (counts.get(valueOf(slot)) ?? 0) + tasksOn(slot));
  return (slot) => counts.get(valueOf(slot)) ?? 0;
}
