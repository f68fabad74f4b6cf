import { current, isDraft } from "immer";

import type { Part } from "../world/part.ts";
import type { State } from "../world/state.ts";
import type { ElbState, TargetGroupRecord, TargetRecord } from "./state.ts";

/** How a target is named inside its group. */
export function targetKey(id: string, port: number): string {
  return `${id}:${port}`;
}

/** ARNs of the target groups that some rule forwards to; the others' targets are `unused`. */
export function targetGroupsInUse({ elb }: State): ReadonlySet<string> {
  // A draft that nobody has changed gives what it was made from, for which the answer is known already: every task set
  // asks, at every look.
  const listeners = isDraft(elb.listeners) ? current(elb.listeners) : elb.listeners;
  const found = inUseBy.get(listeners) ?? forwardedGroups(listeners);
  inUseBy.set(listeners, found);
  return found;
}

const inUseBy = new WeakMap<ElbState["listeners"], ReadonlySet<string>>();

function forwardedGroups(listeners: ElbState["listeners"]): ReadonlySet<string> {
  const inUse = new Set<string>();
  for (const listener of Object.values(listeners)) {
    for (const action of listener.rules.flatMap((rule) => rule.actions)) {
      for (const arn of forwardedTo(action)) inUse.add(arn);
    }
  }
  return inUse;
}

function forwardedTo(action: { TargetGroupArn?: string | undefined; ForwardConfig?: unknown }): string[] {
  const config = action.ForwardConfig as { TargetGroups?: { TargetGroupArn?: string }[] } | undefined;
  const arns = [action.TargetGroupArn, ...(config?.TargetGroups ?? []).map((group) => group.TargetGroupArn)];
  return arns.filter((arn) => arn !== undefined);
}

/** ARNs of the load balancers whose listeners forward to a target group. */
export function loadBalancersOf({ elb }: State, targetGroupArn: string): string[] {
  const arns = Object.values(elb.listeners)
    .filter((listener) =>
      listener.rules.some((rule) =>
        rule.actions.some((action) => forwardedTo(action).includes(targetGroupArn)),
      ),
    )
    .map((listener) => listener.loadBalancerArn);
  return [...new Set(arns)];
}

/** What a target is before its first check. */
export const registering = {
  state: "initial",
  reason: "Elb.RegistrationInProgress",
  description: "Target registration is in progress",
} as const;
/** Without health checks a target gets requests from the start. */
const unchecked = { state: "healthy", reason: null, description: null } as const;

/**
 * Registers a target. One that is there already stays as it is; one that drains is taken back in.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
 */
export function registerTarget(
  { elb }: State,
  now: number,
  targetGroupArn: string,
  target: { id: string; port: number; availabilityZone?: string | undefined },
): void {
  const targets = (elb.targets[targetGroupArn] ??= {});
  const key = targetKey(target.id, target.port);
  const known = targets[key];
  if (known && known.state !== "draining") return;
  targets[key] = {
    id: target.id,
    port: target.port,
    availabilityZone: target.availabilityZone ?? null,
    ...(elb.targetGroups[targetGroupArn]?.healthCheck.enabled === false ? unchecked : registering),
    successes: 0,
    failures: 0,
    registeredAt: now,
    drainedAt: null,
  };
}

/**
 * Deregisters a target: it drains for the whole of the group's deregistration delay, even when idle. A target that
 * no load balancer sends requests to is gone at once.
 *
 * @returns when the target will be gone; `now` when it is gone already
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay
 */
export function deregisterTarget(
  state: State,
  now: number,
  targetGroupArn: string,
  target: { id: string; port: number },
): number {
  const targets = state.elb.targets[targetGroupArn];
  const key = targetKey(target.id, target.port);
  const known = targets?.[key];
  if (!targets || !known) return now;
  if (known.state === "draining") return known.drainedAt ?? now;
  const group = state.elb.targetGroups[targetGroupArn];
  const delay = (group?.deregistrationDelaySeconds ?? 0) * 1000;
  if (delay === 0 || !targetGroupsInUse(state).has(targetGroupArn)) {
    Reflect.deleteProperty(targets, key);
    return now;
  }
  known.state = "draining";
  known.reason = "Target.DeregistrationInProgress";
  known.description = "Target deregistration is in progress";
  known.drainedAt = now + delay;
  return known.drainedAt;
}

/** Draining targets: each is gone once its time is over. */
export const drainingPart: Part = {
  nextDue: nextDrained,
  happen: ({ state, now }, before) => {
    if (nextDrained(before) <= now) removeDrained(state, now);
  },
};

function removeDrained({ elb }: State, now: number): void {
  for (const targets of Object.values(elb.targets)) {
    for (const [key, target] of Object.entries(targets)) {
      if (target.drainedAt !== null && target.drainedAt <= now) Reflect.deleteProperty(targets, key);
    }
  }
}

function nextDrained({ elb }: State): number {
  const times = Object.values(elb.targets).flatMap((targets) =>
    Object.values(targets).map((target) => target.drainedAt ?? Infinity),
  );
  return Math.min(Infinity, ...times);
}

/** A registered target, by its group, id and port. */
export function findTarget(
  { elb }: State,
  targetGroupArn: string,
  id: string,
  port: number,
): TargetRecord | undefined {
  return elb.targets[targetGroupArn]?.[targetKey(id, port)];
}

/** The port of a target whose registration names none: the group's. */
export function portOf(group: TargetGroupRecord, port: number | undefined): number {
  return port ?? group.port;
}
