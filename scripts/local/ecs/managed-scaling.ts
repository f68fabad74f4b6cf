/**
 * Managed scaling: a capacity provider adds hosts for tasks that wait for one, and removes those it can do without.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-scaling-behavior.html
 */
import { surgeOf } from "../hosts/refresh-state.ts";
import type { Part } from "../world/part.ts";
import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";
import { scaleInAfter } from "./durations.ts";
import { drainHost, wakeServicesOf } from "./hosts-of-cluster.ts";
import { launchTask } from "./launch.ts";
import { groupOf, hostsNeeded, isIdle } from "./managed-scaling-need.ts";
import { taskDefinition } from "./queries.ts";
import type { CapacityProviderRecord, HostRecord } from "./state.ts";
import { isManaged, lookLater, waitingTasks } from "./waiting.ts";

/** Hosts that register, and capacity providers with managed scaling. */
export const managedScalingPart: Part = {
  nextDue({ ecs }) {
    let due = Infinity;
    for (const { scaling } of Object.values(ecs.capacityProviders)) {
      due = Math.min(due, scaling?.lookAt ?? Infinity, scaling?.tryAt ?? Infinity);
    }
    for (const { status, registersAt } of Object.values(ecs.hosts)) {
      if (status === "REGISTERING") due = Math.min(due, registersAt ?? Infinity);
    }
    return due;
  },
  happen(transaction, before) {
    const { state, now } = transaction;
    for (const { id, status, registersAt = Infinity } of Object.values(before.ecs.hosts)) {
      const host = status === "REGISTERING" && registersAt <= now ? state.ecs.hosts[id] : undefined;
      if (host) activate(transaction, host);
    }
    for (const { id, retired, taskArns } of Object.values(before.ecs.hosts)) {
      if (retired === true && taskArns.length === 0) Reflect.deleteProperty(state.ecs.hosts, id);
    }
    for (const { name, scaling } of Object.values(before.ecs.capacityProviders)) {
      const provider = state.ecs.capacityProviders[name];
      if (!provider || !scaling) continue;
      if ((scaling.tryAt ?? Infinity) <= now) tryAgain(transaction, provider);
      if ((scaling.lookAt ?? Infinity) <= now) look(transaction, provider);
    }
    noticeScaling(transaction, before);
  },
};

function activate(transaction: Transaction, host: HostRecord): void {
  const { state, now, effects } = transaction;
  host.status = "ACTIVE";
  host.registeredAt = now;
  effects.push({ type: "log", message: `host ${host.ec2InstanceId} ACTIVE` });
  if (host.capacityProvider !== null) placeWaiting(transaction, host.capacityProvider);
  wakeServicesOf(state, now, host.clusterName);
}

/**
 * Has every capacity provider look at its hosts soon that has tasks waiting or hosts to spare. `seen` is a state to
 * read that from, the transaction's own unless a cheaper one is at hand.
 */
export function noticeScaling({ state, now }: Transaction, seen: State = state): void {
  for (const provider of Object.values(seen.ecs.capacityProviders)) {
    if (!isManaged(provider)) continue;
    const waits = waitingTasks(seen, provider.name).length > 0;
    if (!waits && !hasSpare(seen, provider)) continue;
    lookLater(state, now, provider.name, waits);
  }
}

function hasSpare(state: State, provider: CapacityProviderRecord): boolean {
  const group = groupOf(state, provider);
  if (!group || group.desired <= group.minimum) return false;
  return group.desired > wanted(state, provider);
}

function wanted(state: State, provider: CapacityProviderRecord): number {
  const group = groupOf(state, provider);
  const target = provider.autoScalingGroupProvider.managedScaling?.targetCapacity ?? 100;
  const count = Math.ceil((hostsNeeded(state, provider) * 100) / target);
  return Math.min(group?.maximum ?? 0, Math.max(group?.minimum ?? 0, count));
}

function tryAgain(transaction: Transaction, { name, scaling }: CapacityProviderRecord): void {
  placeWaiting(transaction, name);
  if (scaling) scaling.tryAt = null;
}

function look(transaction: Transaction, provider: CapacityProviderRecord): void {
  const { state, now, effects } = transaction;
  const { scaling } = provider;
  const group = groupOf(state, provider);
  if (!scaling) return;
  scaling.lookAt = null;
  if (!group || !isManaged(provider)) return;
  const count = wanted(state, provider);
  if (count <= group.desired)
    scaling.excessSince = count < group.desired ? (scaling.excessSince ?? now) : null;
  if (count > group.desired) {
    const { minimumScalingStepSize = 1, maximumScalingStepSize = 10_000 } =
      provider.autoScalingGroupProvider.managedScaling ?? {};
    const step = Math.min(maximumScalingStepSize, Math.max(minimumScalingStepSize, count - group.desired));
    const desired = Math.min(group.maximum, group.desired + step);
    scaling.expected += desired - group.desired;
    scaling.excessSince = null;
    group.desired = desired;
    effects.push({ type: "resize-group", group: group.name, desired: desired + surgeOf(state, group.name) });
    effects.push({ type: "log", message: `capacity provider ${provider.name} asks for ${desired} hosts` });
  } else if (scaling.excessSince !== null && now >= scaling.excessSince + scaleInAfter) {
    removeIdle(transaction, provider, group.desired - count);
  }
}

/** Places those of the waiting tasks that now fit somewhere. */
function placeWaiting(transaction: Transaction, provider: string): void {
  const { state } = transaction;
  for (const task of waitingTasks(state, provider)) {
    const definition = taskDefinition(state, task.taskDefinition);
    if (definition && task.waiting) launchTask(transaction, { ...task.waiting, definition }, task);
  }
}

function removeIdle(transaction: Transaction, provider: CapacityProviderRecord, count: number): void {
  const { state, now, effects } = transaction;
  const group = groupOf(state, provider);
  const warmUp = (provider.autoScalingGroupProvider.managedScaling?.instanceWarmupPeriod ?? 300) * 1000;
  const idle = Object.values(state.ecs.hosts).filter(
    (host) =>
      host.capacityProvider === provider.name &&
      host.status === "ACTIVE" &&
      isIdle(state, host) &&
      now >= host.registeredAt + warmUp,
  );
  for (const host of idle.slice(0, count)) {
    // Daemons on it stop, and nothing new is placed on it while the group takes it away.
    drainHost(transaction, host);
    if (group) group.desired -= 1;
    effects.push({ type: "terminate-host", ec2InstanceId: host.ec2InstanceId });
    effects.push({
      type: "log",
      message: `capacity provider ${provider.name} gives up ${host.ec2InstanceId}`,
    });
  }
}
