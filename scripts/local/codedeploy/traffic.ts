/**
 * How traffic moves from the original to the replacement task set.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html#deployment-configuration-ecs
 */
import type { TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";

import { forwardTargets } from "../elb/rules.ts";
import { shiftTraffic, weightsOf } from "../elb/shift.ts";
import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";
import { minutes } from "./durations.ts";

/** One step of a shift: so much of the traffic goes to the replacement, so long after the first step. */
export interface Shift {
  readonly after: number;
  readonly percent: number;
}

/** The steps of a configuration; the last one moves all traffic. */
export function shiftsOf({ type, timeBasedCanary, timeBasedLinear }: TrafficRoutingConfig): Shift[] {
  if (type === "TimeBasedCanary") {
    const { canaryPercentage = 10, canaryInterval = 5 } = timeBasedCanary ?? {};
    return [
      { after: 0, percent: canaryPercentage },
      { after: minutes(canaryInterval), percent: 100 },
    ];
  }
  if (type === "TimeBasedLinear") {
    const { linearPercentage = 10, linearInterval = 1 } = timeBasedLinear ?? {};
    const count = Math.ceil(100 / linearPercentage);
    return Array.from({ length: count }, (_, index) => ({
      after: minutes(index * linearInterval),
      percent: Math.min(100, (index + 1) * linearPercentage),
    }));
  }
  return [{ after: 0, percent: 100 }];
}

/** The original and the replacement target group of a deployment. */
export interface Pair {
  readonly blue: string;
  readonly green: string;
}

/** Those rules of a listener, the default one under the listener's own ARN, that forward to one of the groups. */
export function routesOf({ elb }: State, listenerArn: string, groups: readonly string[]): string[] {
  const listener = elb.listeners[listenerArn];
  if (!listener) return [];
  return listener.rules
    .filter(({ actions }) =>
      actions.some((action) => forwardTargets(action).some(({ arn }) => groups.includes(arn))),
    )
    .map(({ arn, isDefault }) => (isDefault ? listenerArn : arn));
}

/** Gives the replacement so much of the traffic of a listener. The original stays in its rules, at weight 0 if need be. */
export function setTraffic(
  transaction: Transaction,
  listenerArns: readonly string[],
  { blue, green }: Pair,
  greenPercent: number,
): void {
  for (const listenerArn of listenerArns) {
    for (const route of routesOf(transaction.state, listenerArn, [blue, green])) {
      const weights = [
        { arn: green, weight: greenPercent },
        { arn: blue, weight: 100 - greenPercent },
      ];
      // One order whichever of the two is the replacement, as on AWS.
      shiftTraffic(
        transaction,
        route,
        weights.toSorted((one, other) => (one.arn < other.arn ? -1 : 1)),
      );
    }
  }
}

/** The share of a listener's traffic that a target group gets, in percent. */
export function trafficWeight(state: State, listenerArns: readonly string[], group: string): number {
  const [route] = listenerArns.flatMap((arn) => routesOf(state, arn, [group]));
  const weights = route === undefined ? [] : weightsOf(state, route);
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  const own = weights.find(({ arn }) => arn === group)?.weight ?? 0;
  return total === 0 ? 0 : (100 * own) / total;
}
