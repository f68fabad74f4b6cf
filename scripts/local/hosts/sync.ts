/**
 * Takes the hosts of moto's auto-scaling groups into the state as container instances.
 */
import {
  DescribeAutoScalingGroupsCommand,
  type AutoScalingClient,
  type AutoScalingGroup,
} from "@aws-sdk/client-auto-scaling";
import {
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSubnetsCommand,
  type EC2Client,
  type Instance,
} from "@aws-sdk/client-ec2";

import { firstDynamicPort } from "../ecs/ports.ts";
import { tasksOn } from "../ecs/queries.ts";
import type { HostRecord } from "../ecs/state.ts";
import { lookSoon } from "../ecs/wake.ts";
import { requestStop } from "../ecs/lifecycle.ts";
import { hexId } from "../world/identifiers.ts";
import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";

/** An EC2 instance of an auto-scaling group, and the cluster its agent is told to join. */
export interface FoundHost {
  readonly ec2InstanceId: string;
  readonly autoScalingGroup: string;
  readonly autoScalingGroupArn: string;
  /** From `ECS_CLUSTER=` in the launch template's user data; null when that names none. */
  readonly clusterName: string | null;
  readonly instanceType: string;
  readonly availabilityZone: string;
  readonly subnetId: string;
  readonly address: string;
  readonly imageId: string;
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** What the operating system and the agent keep of a host's memory. */
const memoryForTasks = 0.94;

/** Reads the instances of every auto-scaling group from moto. */
export async function readHosts(autoScaling: AutoScalingClient, ec2: EC2Client): Promise<FoundHost[]> {
  const { AutoScalingGroups = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
  const hosts = await Promise.all(AutoScalingGroups.map((group) => readGroup(ec2, group)));
  return hosts.flat();
}

async function readGroup(ec2: EC2Client, group: AutoScalingGroup): Promise<FoundHost[]> {
  const ids = (group.Instances ?? []).map(({ InstanceId }) => InstanceId ?? "");
  if (ids.length === 0) return [];
  const [clusterName, described] = await Promise.all([
    clusterOf(ec2, group),
    ec2.send(new DescribeInstancesCommand({ InstanceIds: ids })),
  ]);
  const instances = (described.Reservations ?? [])
    .flatMap(({ Instances = [] }) => Instances)
    .filter(({ State: state }) => state?.Name === "running");
  const types = [...new Set(instances.map(({ InstanceType }) => InstanceType ?? "t3.small"))];
  const sizes = new Map(
    await Promise.all(types.map(async (type) => [type, await sizeOf(ec2, type)] as const)),
  );
  return instances.map((instance) => foundHost(group, clusterName, instance, sizes));
}

function foundHost(
  group: AutoScalingGroup,
  clusterName: string | null,
  instance: Instance,
  sizes: ReadonlyMap<string, { cpu: number; memoryMiB: number }>,
): FoundHost {
  const instanceType = instance.InstanceType ?? "t3.small";
  return {
    ec2InstanceId: instance.InstanceId ?? "",
    autoScalingGroup: group.AutoScalingGroupName ?? "",
    autoScalingGroupArn: group.AutoScalingGroupARN ?? "",
    clusterName,
    instanceType,
    availabilityZone: instance.Placement?.AvailabilityZone ?? "",
    subnetId: instance.SubnetId ?? "",
    address: instance.PrivateIpAddress ?? "",
    imageId: instance.ImageId ?? "",
    ...(sizes.get(instanceType) ?? { cpu: 2048, memoryMiB: 1926 }),
  };
}

async function clusterOf(ec2: EC2Client, group: AutoScalingGroup): Promise<string | null> {
  const template =
    group.LaunchTemplate ?? group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  if (!template) return null;
  const { LaunchTemplateVersions = [] } = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({
      ...(template.LaunchTemplateId === undefined
        ? { LaunchTemplateName: template.LaunchTemplateName }
        : { LaunchTemplateId: template.LaunchTemplateId }),
      Versions: [template.Version ?? "$Default"],
    }),
  );
  const data = LaunchTemplateVersions[0]?.LaunchTemplateData?.UserData ?? "";
  const userData = Buffer.from(data, "base64").toString();
  return /ECS_CLUSTER=["']?([A-Za-z0-9_-]+)/.exec(userData)?.[1] ?? null;
}

async function sizeOf(ec2: EC2Client, type: string): Promise<{ cpu: number; memoryMiB: number }> {
  const { InstanceTypes = [] } = await ec2.send(
    new DescribeInstanceTypesCommand({ Filters: [{ Name: "instance-type", Values: [type] }] }),
  );
  const [info] = InstanceTypes;
  return {
    cpu: (info?.VCpuInfo?.DefaultVCpus ?? 2) * 1024,
    memoryMiB: Math.floor((info?.MemoryInfo?.SizeInMiB ?? 2048) * memoryForTasks),
  };
}

/** Reads subnets from moto, for tasks in awsvpc mode. */
export async function readSubnets(
  ec2: EC2Client,
): Promise<{ id: string; cidrBlock: string; availabilityZone: string }[]> {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  return Subnets.map((subnet) => ({
    id: subnet.SubnetId ?? "",
    cidrBlock: subnet.CidrBlock ?? "10.0.0.0/24",
    availabilityZone: subnet.AvailabilityZone ?? "",
  }));
}

/** Registers hosts that are new, and drops those that are gone together with their tasks. */
export function takeHosts(transaction: Transaction, found: readonly FoundHost[]): void {
  const { state, now, effects } = transaction;
  const joined = found.flatMap((host) => {
    const capacityProvider = providerOf(state, host);
    const clusterName = host.clusterName ?? clusterOfProvider(state, capacityProvider);
    const active = clusterName !== null && state.ecs.clusters[clusterName]?.status === "ACTIVE";
    return active ? [{ host, clusterName, capacityProvider }] : [];
  });
  const present = new Set(joined.map(({ host }) => host.ec2InstanceId));
  for (const record of Object.values(state.ecs.hosts)) {
    if (!present.has(record.ec2InstanceId)) removeHost(transaction, record);
  }
  for (const { host, clusterName, capacityProvider } of joined) {
    const known = Object.values(state.ecs.hosts).find(
      ({ ec2InstanceId }) => ec2InstanceId === host.ec2InstanceId,
    );
    if (known) {
      if (known.capacityProvider !== capacityProvider) known.capacityProvider = capacityProvider;
      continue;
    }
    addHost(state, now, host, clusterName, capacityProvider);
    effects.push({ type: "log", message: `host ${host.ec2InstanceId} joined cluster ${clusterName}` });
  }
}

function addHost(
  state: State,
  now: number,
  { autoScalingGroupArn: _arn, clusterName: _cluster, ...host }: FoundHost,
  clusterName: string,
  capacityProvider: string | null,
): void {
  const id = hexId(state);
  state.ecs.hosts[id] = {
    ...host,
    id,
    arn: `arn:aws:ecs:${state.region}:${state.account}:container-instance/${clusterName}/${id}`,
    clusterName,
    capacityProvider,
    status: "ACTIVE",
    registeredAt: now,
    taskArns: [],
    nextDynamicPort: firstDynamicPort,
  };
  for (const service of Object.values(state.ecs.services)) {
    if (service.clusterName === clusterName) lookSoon(state, now, service.arn);
  }
}

function removeHost(transaction: Transaction, host: HostRecord): void {
  const { state } = transaction;
  for (const task of tasksOn(state, host)) {
    requestStop(transaction, task, "TerminationNotice", "Host EC2 was terminated.");
  }
  Reflect.deleteProperty(state.ecs.hosts, host.id);
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
