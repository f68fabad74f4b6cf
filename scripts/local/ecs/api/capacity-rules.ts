/**
 * What is refused of a capacity provider strategy, in AWS's words.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
 */
import type { CapacityProviderStrategyItem } from "@aws-sdk/client-ecs";

import { isFargate } from "../capacity.ts";
import type { ClusterRecord } from "../state.ts";
import { nameOf, type Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";

const mostProviders = 20;
const greatestBase = 100_000;
const greatestWeight = 1000;

/** Throws for the first rule that a strategy breaks that was given for a service or task of a cluster. */
export function checkStrategy(
  call: Call,
  cluster: ClusterRecord,
  strategy: readonly CapacityProviderStrategyItem[] | undefined,
): void {
  if (!strategy || strategy.length === 0) return;
  if (strategy.length > mostProviders) {
    throw invalidParameter(`capacityProviderStrategy can have at most ${mostProviders} items.`);
  }
  const names = strategy.map(({ capacityProvider }) => nameOf(capacityProvider ?? ""));
  for (const name of names) checkProvider(call, cluster, name);
  if (new Set(names).size < names.length) {
    throw invalidParameter(
      "The specified capacity provider strategy contains the same capacity provider more than once.",
    );
  }
  if (names.some(isFargate) && !names.every(isFargate)) {
    throw invalidParameter(
      "The specified capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling " +
        "groups and Fargate.",
    );
  }
  checkShares(strategy);
}

function checkProvider({ state }: Call, cluster: ClusterRecord, name: string): void {
  if (!isFargate(name) && state.ecs.capacityProviders[name]?.status !== "ACTIVE") {
    throw invalidParameter(
      "The specified capacity provider does not exist. Specify a valid name or ARN and try again.",
    );
  }
  if (!cluster.capacityProviders.map(nameOf).includes(name)) {
    throw invalidParameter(
      "The specified capacity provider strategy cannot contain a capacity provider that is not associated with " +
        "the cluster. Associate the capacity provider with the cluster and try again.",
    );
  }
}

function checkShares(strategy: readonly CapacityProviderStrategyItem[]): void {
  const outside = (value: number | undefined, greatest: number) =>
    value !== undefined && (value < 0 || value > greatest);
  for (const { base, weight } of strategy) {
    if (outside(base, greatestBase)) {
      throw invalidParameter(`base must be between 0 and ${greatestBase}.`);
    }
    if (outside(weight, greatestWeight)) {
      throw invalidParameter(`weight must be between 0 and ${greatestWeight}.`);
    }
  }
  if (strategy.filter(({ base = 0 }) => base > 0).length > 1) {
    throw invalidParameter(
      "There are multiple capacity providers in the specified capacity provider strategy with a base value " +
        "defined. Only one capacity provider in a strategy can have a base value defined.",
    );
  }
  const several = strategy.length > 1;
  if (strategy.every(({ weight }) => (several ? (weight ?? 0) : weight) === 0)) {
    throw invalidParameter(
      "There are no capacity providers in the capacity provider strategy with a weight value greater than zero. " +
        "Specify a weight value greater than zero and try again.",
    );
  }
}
