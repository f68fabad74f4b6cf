import type { ScalingStep } from "../core/scaling/steps.ts";
import { suspendedState } from "../core/scaling/comparable.ts";

/** The step of a plan that sets a service's scaling once its rollout is over. */
export function scalingStepText(step: ScalingStep, indented: (input: object) => string): string {
  return `Once that has ended well: ${scalingCallsText(step, indented)}`;
}

/** The same step at once, with each call's input but for the service's own address. */
export function scalingCallsText(step: ScalingStep, indented: (input: object) => string): string {
  if (step.kind === "removeAutoscaling") {
    return "DeregisterScalableTarget, so that nothing scales the service any more";
  }
  const { target, deletePolicies, putPolicies, deleteActions, putActions } = step;
  const calls = {
    ...(target === undefined
      ? {}
      : {
          RegisterScalableTarget: {
            MinCapacity: target.minCapacity,
            MaxCapacity: target.maxCapacity,
            ...(target.suspension && { SuspendedState: suspendedState(target.suspension) }),
          },
        }),
    ...(deletePolicies.length === 0 ? {} : { DeleteScalingPolicy: deletePolicies }),
    ...(putPolicies.length === 0 ? {} : { PutScalingPolicy: putPolicies }),
    ...(deleteActions.length === 0 ? {} : { DeleteScheduledAction: deleteActions }),
    ...(putActions.length === 0 ? {} : { PutScheduledAction: putActions }),
  };
  return `${Object.keys(calls).join(", ")}\n${indented(calls)}`;
}
