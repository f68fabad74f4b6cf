import type { ScalingPolicy, ScheduledAction } from "@aws-sdk/client-application-auto-scaling";

import type { CurrentScaling } from "../scaling/plan-scaling.ts";
import { suspendedState } from "../scaling/comparable.ts";
import { withoutLabel } from "../scaling/request-count.ts";

/**
 * The template of what scales a service: without what AWS adds, and without the labels of the service's own target
 * group, which a run fills in.
 *
 * @param ownLabel of the service's one target group, where it has one behind an Application Load Balancer
 */
export function autoscalingTemplate({ target, plan }: CurrentScaling, ownLabel: string | undefined): object {
  const { minCapacity, maxCapacity, suspension } = target;
  const policies = plan.policies.map(policyTemplate);
  return {
    MinCapacity: minCapacity,
    MaxCapacity: maxCapacity,
    ...(Object.values(suspension).includes(true) ? { SuspendedState: suspendedState(suspension) } : {}),
    ScalingPolicies: ownLabel === undefined ? policies : withoutLabel(policies, ownLabel),
    ScheduledActions: plan.scheduledActions.map(actionTemplate),
  };
}

function policyTemplate(policy: ScalingPolicy): object {
  const { PolicyName, PolicyType } = policy;
  const {
    TargetTrackingScalingPolicyConfiguration: tracking,
    StepScalingPolicyConfiguration: steps,
    PredictiveScalingPolicyConfiguration: predictive,
  } = policy;
  return {
    PolicyName,
    PolicyType,
    ...(tracking && { TargetTrackingScalingPolicyConfiguration: tracking }),
    ...(steps && { StepScalingPolicyConfiguration: steps }),
    ...(predictive && { PredictiveScalingPolicyConfiguration: predictive }),
  };
}

function actionTemplate(action: ScheduledAction): object {
  const { ScheduledActionName, Schedule, Timezone, StartTime, EndTime, ScalableTargetAction } = action;
  return {
    ScheduledActionName,
    Schedule,
    ...(Timezone && { Timezone }),
    ...(StartTime && { StartTime: StartTime.toISOString() }),
    ...(EndTime && { EndTime: EndTime.toISOString() }),
    ScalableTargetAction,
  };
}
