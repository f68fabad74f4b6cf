/** Compares a service's scaling with what its template asks for, and plans what is to be done about it. */
import { differences, type Difference } from "../diff/compare.ts";
import type { ScalableTarget } from "../ports/auto-scaling.ts";
import type { ScalingPlan } from "../ports/scaling-plans.ts";
import { comparableAction, comparablePolicy, suspendedState, suspensionFrom } from "./comparable.ts";
import type { ScalingChanges, ScalingStep } from "./steps.ts";
import type { AutoscalingSettings, WantedAutoscaling } from "./wanted.ts";

/** What scales a service now. */
export interface CurrentScaling {
  readonly target: ScalableTarget;
  readonly plan: ScalingPlan;
}

/**
 * The step that brings a service's scaling to what the template asks for; undefined where it is so already.
 *
 * The template describes the service's scalable target as `service.json` describes the service: what it leaves out is
 * left alone, and a list that it gives is all that there is to be, whoever made what is not in it.
 *
 * @param current absent where nothing scales the service
 */
export function planScaling(
  wanted: WantedAutoscaling,
  current: CurrentScaling | undefined,
): ScalingStep | undefined {
  const found = scalingDifferences(wanted, current);
  if (found.length === 0) return undefined;
  if (wanted.kind === "none") {
    return { kind: "removeAutoscaling", work: "removeAutoscaling", differences: found };
  }
  const changes = changesOf(wanted.settings, current);
  return { kind: "setAutoscaling", work: "setAutoscaling", ...changes, differences: found };
}

/** What has to change of a service's scaling, in AWS's field names. */
export function scalingDifferences(
  wanted: WantedAutoscaling,
  current: CurrentScaling | undefined,
): readonly Difference[] {
  if (wanted.kind === "none") return current === undefined ? [] : differences(formOf(current), {}, "");
  const { settings } = wanted;
  const { ScalingPolicies, ScheduledActions, SuspendedState } = settings;
  const { minCapacity, maxCapacity } = limitsFor(settings, current);
  const to = {
    MinCapacity: minCapacity,
    MaxCapacity: maxCapacity,
    ...(SuspendedState && { SuspendedState: suspendedState(suspensionFrom(SuspendedState)) }),
    ...(ScalingPolicies && { ScalingPolicies: ScalingPolicies.map(comparablePolicy) }),
    ...(ScheduledActions && { ScheduledActions: ScheduledActions.map(comparableAction) }),
  };
  if (current === undefined) return differences({}, to, "");
  const from = formOf(current);
  // What the template leaves out is no difference.
  return differences(
    Object.fromEntries(Object.entries(from).filter(([name]) => Object.hasOwn(to, name))),
    to,
    "",
  );
}

/** What AWS has, in the form of a template. */
function formOf({ target, plan }: CurrentScaling): Readonly<Record<string, unknown>> {
  return {
    MinCapacity: target.minCapacity,
    MaxCapacity: target.maxCapacity,
    SuspendedState: suspendedState(target.suspension),
    ScalingPolicies: plan.policies.map(comparablePolicy),
    ScheduledActions: plan.scheduledActions.map(comparableAction),
  };
}

function changesOf(settings: AutoscalingSettings, current: CurrentScaling | undefined): ScalingChanges {
  const limits = limitsFor(settings, current);
  const { SuspendedState, ScalingPolicies, ScheduledActions } = settings;
  const suspension = SuspendedState && suspensionFrom(SuspendedState);
  const isAsWanted =
    current?.target.minCapacity === limits.minCapacity &&
    current.target.maxCapacity === limits.maxCapacity &&
    (suspension === undefined || same(suspension, current.target.suspension));
  const policies = byName(current?.plan.policies ?? [], ({ PolicyName }) => PolicyName);
  const actions = byName(
    current?.plan.scheduledActions ?? [],
    ({ ScheduledActionName }) => ScheduledActionName,
  );
  const wantedPolicies = byName(ScalingPolicies ?? [], ({ PolicyName }) => PolicyName);
  const wantedActions = byName(ScheduledActions ?? [], ({ ScheduledActionName }) => ScheduledActionName);
  return {
    ...(isAsWanted ? {} : { target: { ...limits, ...(suspension && { suspension }) } }),
    deletePolicies:
      ScalingPolicies === undefined
        ? []
        : [...policies].flatMap(([name, { PolicyType }]) => {
            const stays = wantedPolicies.get(name);
            // The type of a policy is not changed but by making it anew.
            return stays === undefined || stays.PolicyType !== PolicyType ? [name] : [];
          }),
    putPolicies: (ScalingPolicies ?? []).filter((policy) => {
      const there = policies.get(policy.PolicyName ?? "");
      return there === undefined || !same(comparablePolicy(policy), comparablePolicy(there));
    }),
    deleteActions:
      ScheduledActions === undefined ? [] : [...actions.keys()].filter((name) => !wantedActions.has(name)),
    putActions: (ScheduledActions ?? [])
      .filter((action) => {
        const there = actions.get(action.ScheduledActionName ?? "");
        return there === undefined || !same(comparableAction(action), comparableAction(there));
      })
      // AWS may keep a time zone that a call leaves out.
      .map((action) =>
        action.Timezone === undefined && actions.get(action.ScheduledActionName ?? "")?.Timezone !== undefined
          ? { ...action, Timezone: "UTC" }
          : action,
      ),
  };
}

/**
 * The capacities that the target is to have. A scheduled action sets those of the target, until another one does: what
 * one has set that the template has unchanged stays, so that an update at noon does not undo what began at eight.
 */
export function limitsFor(
  {
    MinCapacity,
    MaxCapacity,
    ScheduledActions,
  }: Pick<AutoscalingSettings, "MinCapacity" | "MaxCapacity" | "ScheduledActions">,
  current: CurrentScaling | undefined,
): { readonly minCapacity: number; readonly maxCapacity: number } {
  const base = { minCapacity: MinCapacity, maxCapacity: MaxCapacity };
  if (current === undefined) return base;
  const { target, plan } = current;
  const wanted = byName(ScheduledActions ?? [], ({ ScheduledActionName }) => ScheduledActionName);
  const kept = plan.scheduledActions
    .filter((action) => {
      const stays = wanted.get(action.ScheduledActionName ?? "");
      return (
        ScheduledActions === undefined || (stays && same(comparableAction(stays), comparableAction(action)))
      );
    })
    .map(({ ScalableTargetAction }) => ScalableTargetAction);
  const minCapacity = kept.some((action) => action?.MinCapacity === target.minCapacity)
    ? target.minCapacity
    : MinCapacity;
  const maxCapacity = kept.some((action) => action?.MaxCapacity === target.maxCapacity)
    ? target.maxCapacity
    : MaxCapacity;
  return minCapacity <= maxCapacity ? { minCapacity, maxCapacity } : base;
}

function same(left: object, right: object): boolean {
  return differences(left, right, "").length === 0;
}

function byName<Element>(
  elements: readonly Element[],
  nameOf: (element: Element) => string | undefined,
): ReadonlyMap<string, Element> {
  return new Map(elements.map((element) => [nameOf(element) ?? "", element]));
}
