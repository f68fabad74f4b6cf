/**
 * Moving traffic: what ECS and CodeDeploy do to the rules and listeners of a load balancer during a deployment.
 */
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { Transaction } from "../world/transaction.ts";
import type { State } from "../world/state.ts";
import { forwardTargets, type WeightedTargetGroup } from "./rules.ts";
import type { RuleRecord } from "./state.ts";

/** The rule with this ARN, or the default rule of the listener with it. */
export function findRule({ elb }: State, ruleOrListenerArn: string): RuleRecord | undefined {
  const listener = elb.listeners[ruleOrListenerArn];
  if (listener) return listener.rules.find(({ isDefault }) => isDefault);
  return Object.values(elb.listeners)
    .flatMap(({ rules }) => rules)
    .find(({ arn }) => arn === ruleOrListenerArn);
}

/** The target groups that a rule, or a listener's default rule, forwards to, with their weights. */
export function weightsOf(state: State, ruleOrListenerArn: string): WeightedTargetGroup[] {
  const action = findRule(state, ruleOrListenerArn)?.actions.find(({ Type }) => Type === "forward");
  return action ? forwardTargets(action) : [];
}

/**
 * Sets the target groups and weights of a rule's forward action, at once for requests and right after in moto. A rule
 * that is not there is left alone; any other action of it stays.
 */
export function shiftTraffic(
  { state, effects }: Transaction,
  ruleOrListenerArn: string,
  weights: readonly WeightedTargetGroup[],
): void {
  const rule = findRule(state, ruleOrListenerArn);
  if (!rule) return;
  const before = rule.actions.find(({ Type }) => Type === "forward");
  const stickiness = before?.ForwardConfig?.TargetGroupStickinessConfig;
  const forward: Action = {
    Type: "forward",
    ForwardConfig: {
      TargetGroups: weights.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight })),
      ...(stickiness && { TargetGroupStickinessConfig: stickiness }),
    },
    ...(before?.Order !== undefined && { Order: before.Order }),
  };
  rule.actions = [...rule.actions.filter(({ Type }) => Type !== "forward"), forward];
  effects.push({
    type: "shift-traffic",
    ruleOrListenerArn,
    // Effects outlive the draft, so they carry copies.
    actions: JSON.parse(JSON.stringify(rule.actions)) as Action[],
  });
}
