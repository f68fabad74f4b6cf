/** A service's scaling in the form in which what a template asks for and what AWS tells are alike where they mean the same. */
import type { SuspendedState } from "@aws-sdk/client-application-auto-scaling";

import { changedMembers, membersOf, withoutDefaults, type Members } from "../diff/members.ts";
import type { Suspension } from "../ports/auto-scaling.ts";
import type { NewScalingPolicy, NewScheduledAction } from "../ports/scaling-plans.ts";

/** AWS's defaults for services of ECS. */
const tracking = { ScaleInCooldown: 300, ScaleOutCooldown: 300, DisableScaleIn: false };
const steps = { Cooldown: 300, MetricAggregationType: "Average" };

/**
 * A policy without what AWS adds to it (ARN, alarms, times) and without what holds anyway.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalingPolicy.html
 */
export function comparablePolicy(policy: NewScalingPolicy): Members {
  const { PolicyName, PolicyType } = policy;
  return {
    PolicyName,
    PolicyType,
    ...changedMembers(
      {
        TargetTrackingScalingPolicyConfiguration: policy.TargetTrackingScalingPolicyConfiguration,
        StepScalingPolicyConfiguration: policy.StepScalingPolicyConfiguration,
        PredictiveScalingPolicyConfiguration: policy.PredictiveScalingPolicyConfiguration,
      },
      {
        TargetTrackingScalingPolicyConfiguration: (one) => withoutDefaults(one, tracking),
        StepScalingPolicyConfiguration: (one) =>
          changedMembers(withoutDefaults(one, steps), { StepAdjustments: sortedSteps }),
      },
    ),
  };
}

/** The order of steps means nothing. */
function sortedSteps(list: unknown): unknown {
  const lowest = (step: unknown): number => {
    const bound = membersOf(step)["MetricIntervalLowerBound"];
    return typeof bound === "number" ? bound : Number.NEGATIVE_INFINITY;
  };
  return Array.isArray(list) ? list.toSorted((left, right) => lowest(left) - lowest(right)) : list;
}

/**
 * A scheduled action likewise.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ScheduledAction.html
 */
export function comparableAction(action: NewScheduledAction): Members {
  const { ScheduledActionName, Schedule, Timezone, StartTime, EndTime, ScalableTargetAction } = action;
  return {
    ScheduledActionName,
    Schedule,
    Timezone: Timezone === "UTC" ? undefined : Timezone,
    StartTime: timeOf(StartTime),
    EndTime: timeOf(EndTime),
    ScalableTargetAction,
  };
}

/** AWS keeps whole seconds. */
function timeOf(date: Date | undefined): string | undefined {
  return date === undefined ? undefined : new Date(Math.floor(date.getTime() / 1_000) * 1_000).toISOString();
}

/** What is suspended, in AWS's field names. */
export function suspendedState({
  dynamicScalingIn,
  dynamicScalingOut,
  scheduledScaling,
}: Suspension): Required<SuspendedState> {
  return {
    DynamicScalingInSuspended: dynamicScalingIn,
    DynamicScalingOutSuspended: dynamicScalingOut,
    ScheduledScalingSuspended: scheduledScaling,
  };
}

/** The same the other way; what a template leaves out is not suspended. */
export function suspensionFrom(state: SuspendedState): Suspension {
  return {
    dynamicScalingIn: state.DynamicScalingInSuspended ?? false,
    dynamicScalingOut: state.DynamicScalingOutSuspended ?? false,
    scheduledScaling: state.ScheduledScalingSuspended ?? false,
  };
}
