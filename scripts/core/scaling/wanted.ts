import type { SuspendedState } from "@aws-sdk/client-application-auto-scaling";

import type { NewScalingPolicy, NewScheduledAction } from "../ports/scaling-plans.ts";

/** A service's scaling as its template asks for it, in AWS's field names. A list that is absent is left alone. */
export interface AutoscalingSettings {
  /** Tasks. */
  readonly MinCapacity: number;
  /** Tasks. */
  readonly MaxCapacity: number;
  readonly SuspendedState?: SuspendedState;
  readonly ScalingPolicies?: readonly NewScalingPolicy[];
  readonly ScheduledActions?: readonly NewScheduledAction[];
}

/** What a template for autoscaling asks for: `{}` that nothing scales the service. */
export type WantedAutoscaling =
  { readonly kind: "none" } | { readonly kind: "scaled"; readonly settings: AutoscalingSettings };

/** @param document a filled template that was checked */
export function wantedAutoscaling(document: object): WantedAutoscaling {
  if (Object.keys(document).length === 0) return { kind: "none" };
  const settings = document as AutoscalingSettings;
  const { ScheduledActions } = settings;
  if (ScheduledActions === undefined) return { kind: "scaled", settings };
  return { kind: "scaled", settings: { ...settings, ScheduledActions: ScheduledActions.map(withDates) } };
}

/** The template has times as texts, the API's client as dates. */
function withDates(action: NewScheduledAction): NewScheduledAction {
  const { StartTime, EndTime } = action;
  return {
    ...action,
    ...(StartTime === undefined ? {} : { StartTime: new Date(StartTime) }),
    ...(EndTime === undefined ? {} : { EndTime: new Date(EndTime) }),
  };
}

/** How many tasks a service starts with whose template leaves that to autoscaling; at least one, where that may be. */
export function firstCount(wanted: WantedAutoscaling): number | undefined {
  if (wanted.kind === "none") return undefined;
  const { MinCapacity, MaxCapacity } = wanted.settings;
  return Math.min(Math.max(1, MinCapacity), MaxCapacity);
}
