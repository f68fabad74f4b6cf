/**
 * Which rule of a listener a request meets.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { RuleRecord } from "./state.ts";

/** The parts of a request that conditions look at. */
export interface RoutedRequest {
  /** The Host header, with or without a port. */
  readonly host: string;
  /** Path and query, as on the request line. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** The first rule in the order of evaluation whose every condition holds; the default rule has none. */
export function matchRule(rules: readonly RuleRecord[], request: RoutedRequest): RuleRecord | undefined {
  return rules.find((rule) => rule.conditions.every((condition) => holds(condition, request)));
}

/** Rules in the order of their evaluation: by priority, the default rule last. */
export function inOrderOfEvaluation(rules: readonly RuleRecord[]): RuleRecord[] {
  return rules.toSorted((one, other) => rank(one) - rank(other));
}

function rank(rule: RuleRecord): number {
  return rule.isDefault ? Infinity : rule.priority;
}

function holds(condition: RuleCondition, request: RoutedRequest): boolean {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const values = (own: readonly string[] | undefined) => own ?? condition.Values ?? [];
  switch (condition.Field ?? "") {
    case "host-header":
      return values(condition.HostHeaderConfig?.Values).some((pattern) =>
        wildcard(pattern.toLowerCase(), request.host.replace(/:\d+$/, "").toLowerCase()),
      );
    case "path-pattern":
      return values(condition.PathPatternConfig?.Values).some((pattern) => wildcard(pattern, pathname));
    case "http-request-method":
      return values(condition.HttpRequestMethodConfig?.Values).includes(request.method);
    case "http-header": {
      const name = condition.HttpHeaderConfig?.HttpHeaderName?.toLowerCase() ?? "";
      const sent = [request.headers[name] ?? []].flat().map((value) => value.toLowerCase());
      const patterns = values(condition.HttpHeaderConfig?.Values).map((value) => value.toLowerCase());
      return sent.some((value) => patterns.some((pattern) => wildcard(pattern, value)));
    }
    case "query-string":
      return (condition.QueryStringConfig?.Values ?? []).some(({ Key, Value }) =>
        [...searchParams].some(
          ([key, value]) =>
            (Key === undefined || wildcard(Key.toLowerCase(), key.toLowerCase())) &&
            wildcard((Value ?? "").toLowerCase(), value.toLowerCase()),
        ),
      );
    default:
      return false;
  }
}

/** Whether a text fits a pattern in which `*` stands for any characters and `?` for exactly one. */
function wildcard(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
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
