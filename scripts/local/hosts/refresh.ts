/**
 * Instance refresh: the instances of an auto-scaling group are replaced, a batch at a time, by such as its launch
 * template now makes.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
 */
import { refreshLooksEvery, refreshWaitsForProtected } from "../ecs/durations.ts";
import { drainHost } from "../ecs/hosts-of-cluster.ts";
import { tasksOn } from "../ecs/queries.ts";
import type { AutoScalingGroupRecord, HostRecord } from "../ecs/state.ts";
import { uuid } from "../world/identifiers.ts";
import type { Part } from "../world/part.ts";
import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";
import { hasManagedDraining, hostOfInstance } from "./queries.ts";
import { activeRefresh, type InstanceRefreshRecord, type RefreshPreferences } from "./refresh-state.ts";

type Group = AutoScalingGroupRecord;

/** The instance refreshes that are under way. */
export const instanceRefreshPart: Part = {
  nextDue({ ecs }) {
    let due = Infinity;
    for (const { lookAt } of Object.values(ecs.instanceRefreshes ?? {}))
      due = Math.min(due, lookAt ?? Infinity);
    return due;
  },
  happen(transaction, before) {
    const { state, now } = transaction;
    for (const { id, lookAt } of Object.values(before.ecs.instanceRefreshes ?? {})) {
      const refresh = (lookAt ?? Infinity) <= now ? state.ecs.instanceRefreshes?.[id] : undefined;
      if (refresh) look(transaction, refresh);
    }
  },
};

/** Has a group's instances replaced; the caller sees to it that no other refresh of the group is under way. */
export function beginRefresh(
  { state, now }: Transaction,
  group: string,
  preferences: RefreshPreferences,
): string {
  const id = uuid(state);
  const known = state.ecs.autoScalingGroups?.[group];
  const toReplace = known ? instancesToReplace(known, preferences) : [];
  state.ecs.instanceRefreshes ??= {};
  state.ecs.instanceRefreshes[id] = {
    id,
    group,
    status: "Pending",
    statusReason: null,
    preferences,
    startedAt: now,
    endedAt: null,
    total: toReplace.length,
    toReplace,
    leaving: [],
    surge: 0,
    expected: 0,
    waitingSince: null,
    lookAt: now,
  };
  return id;
}

/** Has a group's refresh replace nothing more. Gives its id; null where none is under way. */
export function cancelRefresh({ state, now }: Transaction, group: string): string | null {
  const refresh = activeRefresh(state, group);
  if (!refresh) return null;
  refresh.status = "Cancelling";
  refresh.lookAt = now;
  return refresh.id;
}

/** The EC2 ids of the instances that are to be replaced, oldest first. */
function instancesToReplace(
  { template = null, instances = {} }: Group,
  { skipMatching, scaleInProtectedInstances }: RefreshPreferences,
): string[] {
  return Object.entries(instances).flatMap(([id, instance]) => {
    const matches = skipMatching && instance.template === template;
    const ignored = scaleInProtectedInstances === "Ignore" && instance.protected;
    return matches || ignored ? [] : [id];
  });
}

/** What part of a refresh's work is done, in whole percent. */
export function percentageComplete({ total, toReplace, leaving }: InstanceRefreshRecord): number {
  return total === 0 ? 100 : Math.floor(((total - toReplace.length - leaving.length) * 100) / total);
}

function look(transaction: Transaction, refresh: InstanceRefreshRecord): void {
  const group = transaction.state.ecs.autoScalingGroups?.[refresh.group];
  refresh.lookAt = transaction.now + refreshLooksEvery;
  if (!group) {
    end(transaction, refresh, "Failed", "The Auto Scaling group is gone.");
    return;
  }
  if (refresh.status === "Pending") refresh.status = "InProgress";
  const { instances = {} } = group;
  refresh.toReplace = refresh.toReplace.filter((id) => instances[id]);
  refresh.leaving = refresh.leaving.filter(({ ec2InstanceId }) => instances[ec2InstanceId]);
  if (refresh.leaving.length > 0) {
    for (const leaver of refresh.leaving) endWhenEmpty(transaction, refresh, leaver);
    return;
  }
  // What was asked for is there first: only then is it known which instances are the new ones.
  if (Object.keys(instances).length < group.desired + refresh.surge) return;
  const isCancelled = refresh.status === "Cancelling";
  if (!isCancelled && refresh.toReplace.length > 0) {
    replaceSome(transaction, refresh, group);
  } else if (refresh.surge > 0) {
    // Launched in the place of instances that stay after all, or went by themselves.
    leave(transaction, refresh, Object.keys(instances).slice(-refresh.surge));
  } else end(transaction, refresh, isCancelled ? "Cancelled" : "Successful");
}

function replaceSome(transaction: Transaction, refresh: InstanceRefreshRecord, group: Group): void {
  const { state, now, effects } = transaction;
  const { preferences, toReplace } = refresh;
  const { instances = {} } = group;
  const staying = Object.keys(instances).filter((id) => !toReplace.includes(id));
  if (!staying.every((id) => isReady(state, now, group, refresh, id))) return;
  const replaceable = toReplace.filter(
    (id) => preferences.scaleInProtectedInstances === "Refresh" || instances[id]?.protected !== true,
  );
  if (replaceable.length === 0) {
    waitForProtected(transaction, refresh);
    return;
  }
  refresh.waitingSince = null;
  if (refresh.surge === 0) {
    refresh.surge = Math.min(replaceable.length, batchSize(group, preferences));
    refresh.expected += refresh.surge;
    effects.push({ type: "resize-group", group: group.name, desired: group.desired + refresh.surge });
    if (launchesFirst(preferences)) return;
  }
  leave(transaction, refresh, replaceable.slice(0, refresh.surge));
}

function waitForProtected(transaction: Transaction, refresh: InstanceRefreshRecord): void {
  refresh.waitingSince ??= transaction.now;
  if (transaction.now < refresh.waitingSince + refreshWaitsForProtected) return;
  end(transaction, refresh, "Failed", "Instances are protected from scale in.");
}

/** Whether new ones are to be ready before old ones leave, as where none of the capacity may be missing. */
function launchesFirst({ minHealthyPercentage }: RefreshPreferences): boolean {
  return minHealthyPercentage === 100;
}

function batchSize({ desired }: Group, preferences: RefreshPreferences): number {
  const { minHealthyPercentage, maxHealthyPercentage } = preferences;
  const percent = launchesFirst(preferences) ? maxHealthyPercentage - 100 : 100 - minHealthyPercentage;
  return Math.max(1, Math.floor((desired * percent) / 100));
}

/** Whether an instance is in service, and has been for its warm-up. */
function isReady(
  state: State,
  now: number,
  { warmup = 0, instances = {} }: Group,
  { preferences, startedAt }: InstanceRefreshRecord,
  id: string,
): boolean {
  const since = instances[id]?.since ?? now;
  const host = hostOfInstance(state, id);
  if (host?.status === "REGISTERING") return false;
  if (since < startedAt) return true;
  const takes = preferences.instanceWarmup === null ? warmup : preferences.instanceWarmup * 1000;
  return now >= (host?.registeredAt ?? since) + takes;
}

/** Has instances drain, if ECS does that for them, before they are ended. */
function leave(transaction: Transaction, refresh: InstanceRefreshRecord, ids: readonly string[]): void {
  refresh.toReplace = refresh.toReplace.filter((id) => !ids.includes(id));
  for (const ec2InstanceId of ids) {
    const host = hostOfInstance(transaction.state, ec2InstanceId);
    if (host && hasManagedDraining(transaction.state, host)) drainHost(transaction, host);
    refresh.leaving.push({ ec2InstanceId, ended: false });
  }
}

function endWhenEmpty(
  { state, effects }: Transaction,
  refresh: InstanceRefreshRecord,
  leaver: InstanceRefreshRecord["leaving"][number],
): void {
  const host = hostOfInstance(state, leaver.ec2InstanceId);
  if (leaver.ended || (host !== undefined && stillDrains(state, host))) return;
  leaver.ended = true;
  refresh.surge -= 1;
  effects.push({ type: "terminate-host", ec2InstanceId: leaver.ec2InstanceId });
  effects.push({ type: "log", message: `instance refresh ${refresh.id} ends ${leaver.ec2InstanceId}` });
}

function stillDrains(state: State, host: HostRecord): boolean {
  return hasManagedDraining(state, host) && tasksOn(state, host).length > 0;
}

function end(
  { now, effects }: Transaction,
  refresh: InstanceRefreshRecord,
  status: "Successful" | "Cancelled" | "Failed",
  reason: string | null = null,
): void {
  Object.assign(refresh, { status, statusReason: reason, endedAt: now, lookAt: null, surge: 0, expected: 0 });
  effects.push({ type: "log", message: `instance refresh ${refresh.id} of ${refresh.group} ${status}` });
}
