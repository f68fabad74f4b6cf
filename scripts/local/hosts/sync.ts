/**
 * Takes the hosts of moto's auto-scaling groups into the state as container instances.
 */
import { hostRegistersAfter } from "../ecs/durations.ts";
import { drainHost, wakeServicesOf } from "../ecs/hosts-of-cluster.ts";
import { requestStop } from "../ecs/lifecycle.ts";
import { noticeScaling } from "../ecs/managed-scaling.ts";
import { firstDynamicPort } from "../ecs/ports.ts";
import { tasksOn } from "../ecs/queries.ts";
import type { AutoScalingGroupRecord, HostRecord } from "../ecs/state.ts";
import { hexId } from "../world/identifiers.ts";
import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";
import { hasManagedDraining } from "./queries.ts";
import type { FoundGroup, FoundHost } from "./read.ts";
import { activeRefresh, surgeOf } from "./refresh-state.ts";

export type { FoundHost };

/**
 * Registers hosts that are new, and drops those that are gone together with their tasks. One that its group took away
 * drains first, where its capacity provider has managed draining.
 */
export function takeHosts(
  transaction: Transaction,
  found: readonly FoundHost[],
  foundGroups: readonly FoundGroup[] = [],
): void {
  const { state, now, effects } = transaction;
  const groups = foundGroups.map((group) => groupRecord(state, now, group));
  const shrunk = shrunkGroups(state, groups);
  state.ecs.autoScalingGroups = Object.fromEntries(groups.map((group) => [group.name, group]));
  const joined = found.flatMap((host) => {
    const capacityProvider = providerOf(state, host);
    const clusterName = host.clusterName ?? clusterOfProvider(state, capacityProvider);
    const active = clusterName !== null && state.ecs.clusters[clusterName]?.status === "ACTIVE";
    return active ? [{ host, clusterName, capacityProvider }] : [];
  });
  const present = new Set(joined.map(({ host }) => host.ec2InstanceId));
  for (const record of Object.values(state.ecs.hosts)) {
    if (present.has(record.ec2InstanceId)) continue;
    if (shrunk.has(record.autoScalingGroup) && drainsFirst(state, record)) retire(transaction, record);
    else if (record.retired !== true) removeHost(transaction, record);
  }
  const known = new Map(Object.values(state.ecs.hosts).map((record) => [record.ec2InstanceId, record]));
  const deregistered = new Set(state.ecs.deregisteredHosts);
  for (const { host, clusterName, capacityProvider } of joined) {
    const record = known.get(host.ec2InstanceId);
    if (record && record.capacityProvider !== capacityProvider) record.capacityProvider = capacityProvider;
    if (record || deregistered.has(host.ec2InstanceId)) continue;
    addHost(state, now, host, clusterName, capacityProvider);
    effects.push({ type: "log", message: `host ${host.ec2InstanceId} joined cluster ${clusterName}` });
  }
  noticeScaling(transaction);
}

/** A group as it is kept: with what is remembered of its instances and its hosts' size. */
function groupRecord(state: State, now: number, group: FoundGroup): AutoScalingGroupRecord {
  const { instances, warmupSeconds, ...found } = group;
  const known = state.ecs.autoScalingGroups?.[group.name];
  const joined = instances.map(({ ec2InstanceId, isProtected }) => {
    const { template, since } = known?.instances?.[ec2InstanceId] ?? { template: group.template, since: now };
    return [ec2InstanceId, { template, since, protected: isProtected }] as const;
  });
  return {
    ...found,
    desired: group.desired - surgeOf(state, group.name),
    size: group.size ?? known?.size ?? null,
    warmup: warmupSeconds * 1000,
    instances: Object.fromEntries(joined.toSorted(([, a], [, b]) => a.since - b.since)),
  };
}

/** The groups that want fewer instances than before. */
function shrunkGroups({ ecs }: State, groups: readonly AutoScalingGroupRecord[]): ReadonlySet<string> {
  const shrunk = groups.filter(
    ({ name, desired }) => desired < (ecs.autoScalingGroups?.[name]?.desired ?? 0),
  );
  return new Set(shrunk.map(({ name }) => name));
}

function drainsFirst(state: State, host: HostRecord): boolean {
  return hasManagedDraining(state, host) && tasksOn(state, host).length > 0;
}

function retire(transaction: Transaction, host: HostRecord): void {
  host.retired = true;
  drainHost(transaction, host);
}

function addHost(
  state: State,
  now: number,
  { autoScalingGroupArn: _arn, clusterName: _cluster, ...host }: FoundHost,
  clusterName: string,
  capacityProvider: string | null,
): void {
  const id = hexId(state);
  const asking = [
    state.ecs.capacityProviders[capacityProvider ?? ""]?.scaling,
    activeRefresh(state, host.autoScalingGroup),
  ].find((record) => record !== undefined && record.expected > 0);
  const asked = asking !== undefined;
  if (asked) asking.expected -= 1;
  state.ecs.hosts[id] = {
    ...host,
    id,
    arn: `arn:aws:ecs:${state.region}:${state.account}:container-instance/${clusterName}/${id}`,
    clusterName,
    capacityProvider,
    status: asked ? "REGISTERING" : "ACTIVE",
    ...(asked && { registersAt: now + hostRegistersAfter }),
    registeredAt: now,
    taskArns: [],
    nextDynamicPort: firstDynamicPort,
  };
  wakeServicesOf(state, now, clusterName);
}

function removeHost(transaction: Transaction, host: HostRecord): void {
  const { state, now } = transaction;
  for (const task of tasksOn(state, host)) {
    requestStop(
      transaction,
      task,
      "TerminationNotice",
      `Host EC2 (instance ${host.ec2InstanceId}) terminated.`,
    );
  }
  Reflect.deleteProperty(state.ecs.hosts, host.id);
  wakeServicesOf(state, now, host.clusterName);
}

function providerOf({ ecs }: State, host: FoundHost): string | null {
  const provider = Object.values(ecs.capacityProviders).find(
    ({ status, autoScalingGroupProvider }) =>
      status === "ACTIVE" &&
      [host.autoScalingGroupArn, host.autoScalingGroup].includes(
        autoScalingGroupProvider.autoScalingGroupArn ?? "",
      ),
  );
  return provider?.name ?? null;
}

function clusterOfProvider({ ecs }: State, provider: string | null): string | null {
  if (provider === null) return null;
  const cluster = Object.values(ecs.clusters).find(
    ({ status, capacityProviders }) => status === "ACTIVE" && capacityProviders.includes(provider),
  );
  return cluster?.name ?? null;
}
