import type { CapacityProviderStrategyItem } from "@aws-sdk/client-ecs";

import type { ServiceRevision } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

/** Where a task is to run. */
export interface Capacity {
  readonly launchType: "EC2" | "FARGATE" | "EXTERNAL";
  readonly capacityProvider: string | null;
}

/** Whether a capacity provider is one of AWS's own, for tasks without hosts. */
export function isFargate(provider: string): boolean {
  return provider === "FARGATE" || provider === "FARGATE_SPOT";
}

/**
 * Where the next task of a revision runs: by its launch type, or by its strategy, bases first, then the provider
 * that is furthest below its weight.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-capacity-providers.html
 */
export function capacityFor(revision: ServiceRevision, running: readonly TaskRecord[]): Capacity {
  if (revision.capacityProviderStrategy.length === 0) {
    return { launchType: revision.launchType ?? "EC2", capacityProvider: null };
  }
  const count = (item: CapacityProviderStrategyItem) =>
    running.filter((task) => task.capacityProvider === item.capacityProvider).length;
  const underBase = revision.capacityProviderStrategy.find((item) => count(item) < (item.base ?? 0));
  const load = (item: CapacityProviderStrategyItem) =>
    (item.weight ?? 0) === 0 ? Infinity : (count(item) - (item.base ?? 0) + 1) / (item.weight ?? 1);
  const [lightest] = revision.capacityProviderStrategy.toSorted((one, other) => load(one) - load(other));
  const provider = (underBase ?? lightest)?.capacityProvider ?? "";
  return { launchType: isFargate(provider) ? "FARGATE" : "EC2", capacityProvider: provider };
}
