import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeImagesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  CreateCapacityProviderCommand,
  CreateClusterCommand,
  ECSClient,
  PutClusterCapacityProvidersCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  type TargetTypeEnum,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

/** What the clients of this file are built with. */
export interface LocalAwsAddress {
  readonly endpoint: string;
  readonly region: string;
}

export interface QuickEnvironmentSettings {
  readonly name: string;
  /** Hosts in the auto-scaling group. */
  readonly hosts: number;
  readonly instanceType: string;
}

/** Where the quick environment stands. */
export interface QuickEnvironment {
  readonly targetGroupArn: string;
  readonly ipTargetGroupArn: string;
  readonly outputs: ReadonlyMap<string, string>;
}

/**
 * The least that the example templates need, made by API calls in about a second: for tests and benchmarks of the
 * deploy script, where a minute of Terraform would measure nothing. It is not how infrastructure is made; the stacks
 * are.
 */
export async function createQuickEnvironment(
  { endpoint, region }: LocalAwsAddress,
  { name, hosts, instanceType }: QuickEnvironmentSettings,
): Promise<QuickEnvironment> {
  const settings = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  const network = await createNetwork(new EC2Client(settings), region);
  const balancer = await createLoadBalancer(new ElasticLoadBalancingV2Client(settings), name, network);
  await createCluster(settings, name, { hosts, instanceType }, network);
  await createTaskSurroundings(settings, name);

  const outputs = new Map([
    ["vpc-id", network.vpcId],
    ["private-subnet-ids", network.subnetIds.join(",")],
    ["task-security-group-id", network.securityGroupId],
    ["alb-external-dns-name", balancer.dnsName],
    ["alb-external-target-group-arn", balancer.targetGroupArn],
    ["alb-external-ip-target-group-arn", balancer.ipTargetGroupArn],
    ["ecs-lb-role-arn", roleArn(`${name}_ecs_lb_role`)],
    ["default-task-role-arn", roleArn(`${name}_default_task`)],
    ["execution-role-arn", roleArn(`${name}_execution`)],
    ["cluster-name", name],
    ["log-group-name", `/ecs/${name}`],
    ["capacity-provider-name", `${name}-default`],
  ]);
  const parameters = new SSMClient(settings);
  for (const [output, value] of outputs) {
    await parameters.send(
      new PutParameterCommand({
        Name: `/slipway/${name}/${output}`,
        Value: value,
        Type: "String",
        Overwrite: true,
      }),
    );
  }
  return { targetGroupArn: balancer.targetGroupArn, ipTargetGroupArn: balancer.ipTargetGroupArn, outputs };
}

interface Network {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
}

async function createNetwork(ec2: EC2Client, region: string): Promise<Network> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
  const vpcId = given(Vpc?.VpcId);
  const subnetIds: string[] = [];
  for (const [index, zone] of ["a", "b"].entries()) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock: `10.9.${index}.0/24`,
        AvailabilityZone: `${region}${zone}`,
      }),
    );
    subnetIds.push(given(Subnet?.SubnetId));
  }
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "tasks", Description: "Tasks", VpcId: vpcId }),
  );
  return { vpcId, subnetIds, securityGroupId: given(GroupId) };
}

async function createLoadBalancer(
  elb: ElasticLoadBalancingV2Client,
  name: string,
  { vpcId, subnetIds }: Network,
): Promise<{ dnsName: string; targetGroupArn: string; ipTargetGroupArn: string }> {
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name: `${name}-external`, Subnets: [...subnetIds] }),
  );
  const targetGroup = async (type: TargetTypeEnum): Promise<string> => {
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({
        Name: `${name}-${type}`,
        Protocol: "HTTP",
        Port: 80,
        VpcId: vpcId,
        TargetType: type,
        HealthCheckIntervalSeconds: 10,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 2,
      }),
    );
    return given(TargetGroups?.[0]?.TargetGroupArn);
  };
  const targetGroupArn = await targetGroup("instance");
  const ipTargetGroupArn = await targetGroup("ip");
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: given(LoadBalancers?.[0]?.LoadBalancerArn),
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
    }),
  );
  await elb.send(
    new CreateRuleCommand({
      ListenerArn: given(Listeners?.[0]?.ListenerArn),
      Priority: 1000,
      Conditions: [{ Field: "path-pattern", Values: ["/hello*"] }],
      Actions: [{ Type: "forward", TargetGroupArn: ipTargetGroupArn }],
    }),
  );
  return { dnsName: given(LoadBalancers?.[0]?.DNSName), targetGroupArn, ipTargetGroupArn };
}

async function createCluster(
  settings: ConstructorParameters<typeof ECSClient>[0],
  name: string,
  { hosts, instanceType }: Pick<QuickEnvironmentSettings, "hosts" | "instanceType">,
  { subnetIds }: Network,
): Promise<void> {
  const ecs = new ECSClient(settings ?? {});
  const ec2 = new EC2Client(settings ?? {});
  const autoScaling = new AutoScalingClient(settings ?? {});
  const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ["amazon"] }));
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: {
        ImageId: given(Images?.[0]?.ImageId),
        InstanceType: instanceType as "t3.small",
        UserData: Buffer.from(`#!/bin/bash\necho ECS_CLUSTER=${name} >> /etc/ecs/ecs.config\n`).toString(
          "base64",
        ),
      },
    }),
  );
  await ecs.send(new CreateClusterCommand({ clusterName: name }));
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: `${name}-default`,
      LaunchTemplate: { LaunchTemplateName: name },
      MinSize: 0,
      MaxSize: 10,
      DesiredCapacity: hosts,
      VPCZoneIdentifier: subnetIds.join(","),
    }),
  );
  const { AutoScalingGroups } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [`${name}-default`] }),
  );
  await ecs.send(
    new CreateCapacityProviderCommand({
      name: `${name}-default`,
      autoScalingGroupProvider: { autoScalingGroupArn: given(AutoScalingGroups?.[0]?.AutoScalingGroupARN) },
    }),
  );
  await ecs.send(
    new PutClusterCapacityProvidersCommand({
      cluster: name,
      capacityProviders: [`${name}-default`, "FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategy: [{ capacityProvider: `${name}-default`, weight: 1 }],
    }),
  );
}

/** What the tasks themselves need: the role that ECS starts them with, and somewhere to log. */
async function createTaskSurroundings(
  settings: ConstructorParameters<typeof IAMClient>[0],
  name: string,
): Promise<void> {
  const iam = new IAMClient(settings ?? {});
  const RoleName = `${name}_execution`;
  const trust = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  };
  await iam.send(
    new CreateRoleCommand({ RoleName, Path: "/ecs/", AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  await iam.send(
    new AttachRolePolicyCommand({
      RoleName,
      PolicyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    }),
  );
  const logs = new CloudWatchLogsClient(settings ?? {});
  await logs.send(new CreateLogGroupCommand({ logGroupName: `/ecs/${name}` }));
}

function roleArn(name: string): string {
  return `arn:aws:iam::123456789012:role/ecs/${name}`;
}

function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("The local AWS left out what AWS always answers here.");
  return value;
}
