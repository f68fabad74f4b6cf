import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import {
  DescribeAddressesCommand,
  DescribeFlowLogsCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { DescribeCapacityProvidersCommand, ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";

const region = "us-east-1";

/** Everything that the stacks could leave behind, by kind: names, ids or ARNs, sorted. */
export async function inventory(endpoint: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, (string | undefined)[]> = {
    ...(await networkInventory(endpoint)),
    ...(await clusterInventory(endpoint)),
    ...(await identityInventory(endpoint)),
    ...(await monitoringInventory(endpoint)),
    parameters: Object.keys(await stackOutputs(endpoint)),
  };
  return Object.fromEntries(
    Object.entries(found).map(([kind, ids]) => [kind, ids.filter((id) => id !== undefined).toSorted()]),
  );
}

/** The parameters below /slipway/, by name. */
export async function stackOutputs(endpoint: string): Promise<Readonly<Record<string, string>>> {
  const client = new SSMClient(settings(endpoint));
  const outputs: Record<string, string> = {};
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetParametersByPathCommand({
        Path: "/slipway",
        Recursive: true,
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    for (const { Name = "", Value = "" } of page.Parameters ?? []) {
      outputs[Name] = Value;
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return outputs;
}

async function networkInventory(endpoint: string): Promise<Record<string, (string | undefined)[]>> {
  const ec2 = new EC2Client(settings(endpoint));
  const elb = new ElasticLoadBalancingV2Client(settings(endpoint));
  const instances = (await ec2.send(new DescribeInstancesCommand())).Reservations ?? [];
  const alive = instances
    .flatMap((reservation) => reservation.Instances ?? [])
    .filter((instance) => instance.State?.Name !== "terminated");
  const gateways = (await ec2.send(new DescribeNatGatewaysCommand())).NatGateways ?? [];
  return {
    vpcs: (await ec2.send(new DescribeVpcsCommand())).Vpcs?.map((vpc) => vpc.VpcId) ?? [],
    subnets: (await ec2.send(new DescribeSubnetsCommand())).Subnets?.map((subnet) => subnet.SubnetId) ?? [],
    groups:
      (await ec2.send(new DescribeSecurityGroupsCommand())).SecurityGroups?.map((group) => group.GroupId) ??
      [],
    tables:
      (await ec2.send(new DescribeRouteTablesCommand())).RouteTables?.map((table) => table.RouteTableId) ??
      [],
    internet:
      (await ec2.send(new DescribeInternetGatewaysCommand())).InternetGateways?.map(
        (one) => one.InternetGatewayId,
      ) ?? [],
    nat: gateways.filter((gateway) => gateway.State !== "deleted").map((gateway) => gateway.NatGatewayId),
    addresses:
      (await ec2.send(new DescribeAddressesCommand())).Addresses?.map((address) => address.AllocationId) ??
      [],
    flowLogs: (await ec2.send(new DescribeFlowLogsCommand())).FlowLogs?.map((log) => log.FlowLogId) ?? [],
    templates:
      (await ec2.send(new DescribeLaunchTemplatesCommand())).LaunchTemplates?.map(
        (one) => one.LaunchTemplateId,
      ) ?? [],
    instances: alive.map((instance) => instance.InstanceId),
    balancers:
      (await elb.send(new DescribeLoadBalancersCommand())).LoadBalancers?.map((one) => one.LoadBalancerArn) ??
      [],
    targetGroups:
      (await elb.send(new DescribeTargetGroupsCommand())).TargetGroups?.map((one) => one.TargetGroupArn) ??
      [],
  };
}

async function clusterInventory(endpoint: string): Promise<Record<string, (string | undefined)[]>> {
  const ecs = new ECSClient(settings(endpoint));
  const scaling = new AutoScalingClient(settings(endpoint));
  const providers = (await ecs.send(new DescribeCapacityProvidersCommand())).capacityProviders ?? [];
  return {
    clusters: (await ecs.send(new ListClustersCommand())).clusterArns ?? [],
    providers: providers.filter(({ status }) => status === "ACTIVE").map(({ name }) => name),
    scalingGroups:
      (await scaling.send(new DescribeAutoScalingGroupsCommand())).AutoScalingGroups?.map(
        (group) => group.AutoScalingGroupName,
      ) ?? [],
  };
}

/** IAM and CloudWatch Logs are asked in their own protocols: the project has no client for them. */
async function identityInventory(endpoint: string): Promise<Record<string, string[]>> {
  const iam = async (action: string, tag: string): Promise<string[]> => {
    const text = await call(
      endpoint,
      "iam",
      "application/x-www-form-urlencoded",
      `Action=${action}&Version=2010-05-08`,
    );
    return [...text.matchAll(new RegExp(`<${tag}>([^<]+)</${tag}>`, "g"))].map(([, name = ""]) => name);
  };
  const logs = await call(
    endpoint,
    "logs",
    "application/x-amz-json-1.1",
    "{}",
    "Logs_20140328.DescribeLogGroups",
  );
  return {
    roles: await iam("ListRoles", "RoleName"),
    users: await iam("ListUsers", "UserName"),
    userGroups: await iam("ListGroups", "GroupName"),
    policies: await iam("ListPolicies&Scope=Local", "PolicyName"),
    profiles: await iam("ListInstanceProfiles", "InstanceProfileName"),
    logGroups: [...logs.matchAll(/"logGroupName": ?"([^"]+)"/g)].map(([, name = ""]) => name),
  };
}

/** Keys that are to be deleted are gone as far as the stacks go. */
async function monitoringInventory(endpoint: string): Promise<Record<string, string[]>> {
  const form = "application/x-www-form-urlencoded";
  const json = "application/x-amz-json-1.1";
  const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = ""]) => name);
  const aliases = await call(endpoint, "kms", json, "{}", "TrentService.ListAliases");
  const rules = await call(endpoint, "events", json, "{}", "AWSEvents.ListRules");
  const topics = await call(endpoint, "sns", form, "Action=ListTopics&Version=2010-03-31");
  const dashboards = await call(endpoint, "monitoring", form, "Action=ListDashboards&Version=2010-08-01");
  return {
    keyAliases: found(aliases, /"AliasName": ?"(alias\/slipway-[^"]+)"/g),
    eventRules: found(rules, /"Name": ?"([^"]+)"/g),
    topics: found(topics, /<TopicArn>([^<]+)</g),
    dashboards: found(dashboards, /<DashboardName>([^<]+)</g),
  };
}

async function call(
  endpoint: string,
  service: string,
  type: string,
  body: string,
  target?: string,
): Promise<string> {
  const scope = `local/20260101/${region}/${service}/aws4_request`;
  const response = await fetch(endpoint, {
    method: "POST",
    body,
    headers: {
      "content-type": type,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      ...(target === undefined ? {} : { "x-amz-target": target }),
    },
  });
  if (!response.ok) {
    throw new Error(`${service} answered ${response.status}: ${await response.text()}`);
  }
  return response.text();
}

function settings(endpoint: string) {
  return { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
}
