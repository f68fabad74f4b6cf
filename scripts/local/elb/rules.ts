/**
 * Which rule of a listener a request meets, and the target groups that it forwards to.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";

import { predicate, type Predicate } from "./conditions.ts";
import type { RoutedRequest } from "./routed-request.ts";
import type { RuleRecord } from "./state.ts";

/** Conditions never change inside a record of the state, so each list is made into functions once. */
const predicates = new WeakMap<RuleRecord["conditions"], readonly Predicate[]>();

/** The first rule in the order of evaluation whose every condition holds; the default rule has none. */
export function matchRule(rules: readonly RuleRecord[], request: RoutedRequest): RuleRecord | undefined {
  return rules.find(({ conditions }) => {
    let tests = predicates.get(conditions);
    if (!tests) {
      tests = conditions.map(predicate);
      predicates.set(conditions, tests);
    }
    return tests.every((holds) => holds(request));
  });
}

/** Rules in the order of their evaluation: by priority, the default rule last. */
export function inOrderOfEvaluation(rules: readonly RuleRecord[]): RuleRecord[] {
  return rules.toSorted((one, other) => rank(one) - rank(other));
}

function rank(rule: RuleRecord): number {
  return rule.isDefault ? Infinity : rule.priority;
}

/** A target group of a forward action and its weight. */
export interface WeightedTargetGroup {
  readonly arn: string;
  readonly weight: number;
}

/** The target groups that a forward action names; a single one has weight 1. */
export function forwardTargets(action: Action): WeightedTargetGroup[] {
  const groups = action.ForwardConfig?.TargetGroups ?? [];
  if (groups.length === 0) return action.TargetGroupArn ? [{ arn: action.TargetGroupArn, weight: 1 }] : [];
  return groups.map((group) => ({ arn: group.TargetGroupArn ?? "", weight: group.Weight ?? 1 }));
}

/**
 * The target group for one request.
 *
 * @param draw a number from 0 (inclusive) to 1 (exclusive)
 * @returns undefined when every weight is 0, which a load balancer answers with 503
 */
export function chooseTargetGroup(groups: readonly WeightedTargetGroup[], draw: number): string | undefined {
  const total = groups.reduce((sum, { weight }) => sum + weight, 0);
  let rest = draw * total;
  for (const { arn, weight } of groups) {
    if (rest < weight) return arn;
    rest -= weight;
  }
  return undefined;
}
