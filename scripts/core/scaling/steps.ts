import type { Difference } from "../diff/compare.ts";
import type { Suspension } from "../ports/auto-scaling.ts";
import type { NewScalingPolicy, NewScheduledAction } from "../ports/scaling-plans.ts";

/** What brings a service's scaling to what its template says. Each part may be done again. */
export interface ScalingChanges {
  /** The scalable target's capacities, in tasks, where it is new or has others. */
  readonly target?: {
    readonly minCapacity: number;
    readonly maxCapacity: number;
    /** Absent where what is suspended stays as it is. */
    readonly suspension?: Suspension;
  };
  /** Names of policies that go before any is put. */
  readonly deletePolicies: readonly string[];
  readonly putPolicies: readonly NewScalingPolicy[];
  /** Names of scheduled actions that go before any is put. */
  readonly deleteActions: readonly string[];
  readonly putActions: readonly NewScheduledAction[];
}

/** Steps of a plan that are Application Auto Scaling's: the last one, once the rollout has ended well. */
export type ScalingStep =
  | ({
      readonly kind: "setAutoscaling";
      readonly work: "setAutoscaling";
      readonly differences: readonly Difference[];
    } & ScalingChanges)
  | {
      readonly kind: "removeAutoscaling";
      readonly work: "removeAutoscaling";
      readonly differences: readonly Difference[];
    };

const kinds = { setAutoscaling: true, removeAutoscaling: true } as const satisfies Record<
  ScalingStep["kind"],
  true
>;

/** Whether a step is one of these. */
export function isScalingStep<Step extends { readonly kind: string }>(
  step: Step,
): step is Extract<Step, ScalingStep> {
  return Object.hasOwn(kinds, step.kind);
}
