/**
 * Target health as a pure judgement of check results.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
import type { State } from "../world/state.ts";
import { targetGroupSettings } from "./settings.ts";
import type { HealthCheckSettings, TargetGroupRecord, TargetRecord } from "./state.ts";
import { findTarget, targetGroupsInUse } from "./targets.ts";

/** What one health check request came to. */
export type CheckOutcome =
  | { readonly type: "status"; readonly code: number }
  | { readonly type: "timeout" }
  | { readonly type: "refused" };

/** A target's health as DescribeTargetHealth tells it. */
export interface TargetHealth {
  readonly state: "initial" | "healthy" | "unhealthy" | "draining" | "unused" | "unavailable";
  readonly reason: string | null;
  readonly description: string | null;
}

/** Whether an HTTP status is among those of a matcher such as `200`, `200,202` or `200-299`. */
export function matches(matcher: string, code: number): boolean {
  return matcher.split(",").some((part) => {
    const [from, to] = part.split("-").map((text) => Number(text.trim()));
    return from !== undefined && code >= from && code <= (to ?? from);
  });
}

/**
 * Takes the outcome of one check into a target's health. A new target is healthy after one success; a target that
 * was found unhealthy needs `healthyThreshold` of them in a row; `unhealthyThreshold` failures in a row make any
 * target unhealthy.
 *
 * @returns whether the target's state changed
 */
export function judge(target: TargetRecord, settings: HealthCheckSettings, outcome: CheckOutcome): boolean {
  if (target.state === "draining") return false;
  const before = target.state;
  if (outcome.type === "status" && matches(settings.matcher, outcome.code)) succeed(target, settings);
  else fail(target, settings, outcome);
  return target.state !== before;
}

/** Whether the outcome of a check tells anything new of a target. */
export function isNews(target: TargetRecord, settings: HealthCheckSettings, outcome: CheckOutcome): boolean {
  const judged = { ...target };
  judge(judged, settings, outcome);
  return (Object.keys(judged) as (keyof TargetRecord)[]).some((key) => judged[key] !== target[key]);
}

function succeed(target: TargetRecord, settings: HealthCheckSettings): void {
  if (target.failures !== 0) target.failures = 0;
  if (target.state === "healthy") return;
  target.successes += 1;
  if (target.state === "unhealthy" && target.successes < settings.healthyThreshold) return;
  target.state = "healthy";
  target.reason = null;
  target.description = null;
  target.successes = 0;
}

function fail(target: TargetRecord, settings: HealthCheckSettings, outcome: CheckOutcome): void {
  target.successes = 0;
  // Beyond the threshold a failure more is no news.
  target.failures = Math.min(target.failures + 1, settings.unhealthyThreshold);
  if (target.state === "initial" && target.failures < settings.unhealthyThreshold) {
    target.reason = "Elb.InitialHealthChecking";
    target.description = "Initial health checks in progress";
    return;
  }
  if (target.failures < settings.unhealthyThreshold && target.state !== "unhealthy") return;
  target.state = "unhealthy";
  delete target.slowStartedAt;
  const { reason, description } = failure(outcome);
  target.reason = reason;
  target.description = description;
}

function failure(outcome: CheckOutcome): { reason: string; description: string } {
  switch (outcome.type) {
    case "status":
      return {
        reason: "Target.ResponseCodeMismatch",
        description: `Health checks failed with these codes: [${outcome.code}]`,
      };
    case "timeout":
      return { reason: "Target.Timeout", description: "Request timed out" };
    case "refused":
      return { reason: "Target.FailedHealthChecks", description: "Health checks failed" };
  }
}

/** A target's health as the API tells it: a target of a group that no rule forwards to is `unused`. */
export function describeHealth(
  state: State,
  group: TargetGroupRecord,
  id: string,
  port: number,
): TargetHealth {
  const target = findTarget(state, group.arn, id, port);
  if (!target) {
    return {
      state: "unused",
      reason: "Target.NotRegistered",
      description: "Target is not registered to the target group",
    };
  }
  if (target.state !== "draining" && !targetGroupsInUse(state).has(group.arn)) {
    return {
      state: "unused",
      reason: "Target.NotInUse",
      description: "Target group is not configured to receive traffic from the load balancer",
    };
  }
  if (target.instanceState !== undefined) {
    return {
      state: "unused",
      reason: "Target.InvalidState",
      description: `Target is in the ${target.instanceState} state`,
    };
  }
  if (!group.healthCheck.enabled && target.state !== "draining") {
    return {
      state: "unavailable",
      reason: "Target.HealthCheckDisabled",
      description: "Health checks are not enabled for this target",
    };
  }
  return { state: target.state, reason: target.reason, description: target.description };
}

/**
 * Starts the slow start of a target that has just become healthy, where its group has that and another target
 * already takes its full share.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#slow-start-mode
 */
export function startSlowly({ elb }: State, now: number, groupArn: string, target: TargetRecord): void {
  const { slowStartMs } = targetGroupSettings(elb.targetGroups[groupArn]);
  const others = Object.values(elb.targets[groupArn] ?? {}).filter(
    ({ id, port }) => id !== target.id || port !== target.port,
  );
  const carried = others.some(
    ({ state, slowStartedAt = -Infinity }) => state === "healthy" && now - slowStartedAt >= slowStartMs,
  );
  if (slowStartMs > 0 && carried) target.slowStartedAt = now;
}
