import type { ScalingPolicy, ScheduledAction } from "@aws-sdk/client-application-auto-scaling";

import type { NewScalingPolicy, NewScheduledAction } from "../ports/scaling-plans.ts";

/** The services between which a policy is copied, and their target groups' ARNs. */
export interface Between {
  readonly from: string;
  readonly to: string;
  readonly groups: { readonly from: string; readonly to: string };
}

/**
 * A policy as another service is to have it. Where it measures what is the one service's own (its name in a
 * dimension, its target group in a resource label), the other's stands instead. It depends on nothing but them, so
 * doing it again does no harm.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
 */
export function copiedPolicy(policy: ScalingPolicy, between: Between): NewScalingPolicy {
  const {
    PolicyName,
    PolicyType,
    TargetTrackingScalingPolicyConfiguration,
    StepScalingPolicyConfiguration,
    PredictiveScalingPolicyConfiguration,
  } = policy;
  return {
    PolicyName,
    PolicyType,
    ...(TargetTrackingScalingPolicyConfiguration && {
      TargetTrackingScalingPolicyConfiguration: replaced(TargetTrackingScalingPolicyConfiguration, between),
    }),
    ...(StepScalingPolicyConfiguration && { StepScalingPolicyConfiguration }),
    ...(PredictiveScalingPolicyConfiguration && {
      PredictiveScalingPolicyConfiguration: replaced(PredictiveScalingPolicyConfiguration, between),
    }),
  };
}

/** A scheduled action as another service is to have it. */
export function copiedAction(action: ScheduledAction): NewScheduledAction {
  const { ScheduledActionName, Schedule, Timezone, StartTime, EndTime, ScalableTargetAction } = action;
  return {
    ScheduledActionName,
    Schedule,
    ...(Timezone === undefined ? {} : { Timezone }),
    ...(StartTime === undefined ? {} : { StartTime }),
    ...(EndTime === undefined ? {} : { EndTime }),
    ...(ScalableTargetAction === undefined ? {} : { ScalableTargetAction }),
  };
}

/** The configuration with the one service's own names exchanged for the other's, wherever a text has them. */
function replaced<Configuration extends object>(
  configuration: Configuration,
  { from, to, groups }: Between,
): Configuration {
  const exchange = (text: string): string =>
    text === from
      ? to
      : text.replaceAll(`targetgroup/${labelOf(groups.from)}`, `targetgroup/${labelOf(groups.to)}`);
  const visit = (value: unknown): unknown => {
    if (typeof value === "string") return exchange(value);
    if (Array.isArray(value)) return value.map(visit);
    if (value === null || typeof value !== "object" || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, visit(member)]));
  };
  // Only texts within it change, so it has the shape that it had.
  return visit(configuration) as Configuration;
}

/** `name/id` of a target group, as resource labels and dimensions have it. */
function labelOf(targetGroupArn: string): string {
  return targetGroupArn.slice(targetGroupArn.indexOf(":targetgroup/") + ":targetgroup/".length);
}
