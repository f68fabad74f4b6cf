/**
 * Reads auto-scaling groups with their instances, and subnets, from moto.
 */
import {
  paginateDescribeAutoScalingGroups,
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

import type { AutoScalingGroupRecord } from "../ecs/state.ts";

/** An auto-scaling group as moto tells it. */
export interface FoundGroup extends Pick<
  AutoScalingGroupRecord,
  "name" | "arn" | "minimum" | "maximum" | "desired" | "size"
> {
  /** The version of the launch template that it launches from, as `ID:NUMBER`; null without one. */
  readonly template: string | null;
  readonly warmupSeconds: number;
  readonly instances: readonly { readonly ec2InstanceId: string; readonly isProtected: boolean }[];
}

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
  readonly vpcId?: string;
  readonly cpuArchitecture?: "x86_64" | "arm64";
  /** How many network interfaces its type takes. */
  readonly maximumInterfaces?: number;
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** What an instance type offers to tasks. */
interface Size {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly maximumInterfaces?: number;
}

/** What the operating system and the agent keep of a host's memory. */
const memoryForTasks = 0.94;

/** Reads every auto-scaling group from moto, and the instances of each. */
export async function readHosts(
  autoScaling: AutoScalingClient,
  ec2: EC2Client,
): Promise<{ hosts: FoundHost[]; groups: FoundGroup[] }> {
  const found: AutoScalingGroup[] = [];
  for await (const page of paginateDescribeAutoScalingGroups({ client: autoScaling }, {})) {
    found.push(...(page.AutoScalingGroups ?? []));
  }
  const read = await Promise.all(found.map((group) => readGroup(ec2, group)));
  return { hosts: read.flatMap(({ hosts }) => hosts), groups: read.map(({ group }) => group) };
}

async function readGroup(
  ec2: EC2Client,
  group: AutoScalingGroup,
): Promise<{ hosts: FoundHost[]; group: FoundGroup }> {
  const { Instances = [] } = group;
  const template = Instances.length === 0 ? null : await templateOf(ec2, group);
  const hosts = await hostsOf(ec2, group, template?.clusterName ?? null);
  const [first] = hosts;
  return {
    hosts,
    group: {
      name: group.AutoScalingGroupName ?? "",
      arn: group.AutoScalingGroupARN ?? "",
      minimum: group.MinSize ?? 0,
      maximum: group.MaxSize ?? 0,
      desired: group.DesiredCapacity ?? 0,
      size: first ? { cpu: first.cpu, memoryMiB: first.memoryMiB } : null,
      template: template?.name ?? null,
      warmupSeconds: group.DefaultInstanceWarmup ?? group.HealthCheckGracePeriod ?? 0,
      instances: Instances.map(({ InstanceId = "", ProtectedFromScaleIn: isProtected = false }) => ({
        ec2InstanceId: InstanceId,
        isProtected,
      })),
    },
  };
}

async function hostsOf(
  ec2: EC2Client,
  group: AutoScalingGroup,
  clusterName: string | null,
): Promise<FoundHost[]> {
  const ids = (group.Instances ?? []).map(({ InstanceId }) => InstanceId ?? "");
  if (ids.length === 0) return [];
  const described = await ec2.send(new DescribeInstancesCommand({ InstanceIds: ids }));
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
  sizes: ReadonlyMap<string, Size>,
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
    ...(instance.VpcId !== undefined && { vpcId: instance.VpcId }),
    cpuArchitecture: instance.Architecture === "arm64" ? "arm64" : "x86_64",
    ...(sizes.get(instanceType) ?? { cpu: 2048, memoryMiB: 1926 }),
  };
}

/** The version of its launch template that a group uses, and the cluster that the template's user data names. */
async function templateOf(
  ec2: EC2Client,
  group: AutoScalingGroup,
): Promise<{ name: string; clusterName: string | null } | null> {
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
  const [version] = LaunchTemplateVersions;
  const userData = Buffer.from(version?.LaunchTemplateData?.UserData ?? "", "base64").toString();
  return {
    name: `${version?.LaunchTemplateId ?? ""}:${version?.VersionNumber ?? ""}`,
    clusterName: /ECS_CLUSTER=["']?([A-Za-z0-9_-]+)/.exec(userData)?.[1] ?? null,
  };
}

async function sizeOf(ec2: EC2Client, type: string): Promise<Size> {
  const { InstanceTypes = [] } = await ec2.send(
    new DescribeInstanceTypesCommand({ Filters: [{ Name: "instance-type", Values: [type] }] }),
  );
  const [info] = InstanceTypes;
  const maximumInterfaces = info?.NetworkInfo?.MaximumNetworkInterfaces;
  return {
    ...(maximumInterfaces !== undefined && { maximumInterfaces }),
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
