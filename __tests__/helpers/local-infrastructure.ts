import { AutoScalingClient, CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeImagesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CreateClusterCommand, DescribeServicesCommand, ECSClient, type Service } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import type { LocalAws } from "../../scripts/local/start.ts";

/** SDK clients for a local AWS, with no setting but the endpoint and credentials. */
export function clientsFor(local: LocalAws) {
  const settings = {
    endpoint: local.endpoint,
    region: local.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const clients = {
    ecs: new ECSClient(settings),
    ec2: new EC2Client(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    autoScaling: new AutoScalingClient(settings),
  };
  const destroy = () => {
    for (const client of Object.values(clients)) client.destroy();
  };
  return { ...clients, destroy };
}

export type Clients = ReturnType<typeof clientsFor>;

/** What the services of a test stand on. */
export interface Infrastructure {
  readonly subnetIds: readonly string[];
  /** Target group of type `instance` behind the listener on port 80. */
  readonly instanceGroupArn: string;
  /** Target group of type `ip` behind a listener on port 81. */
  readonly addressGroupArn: string;
  readonly listenerArn: string;
}

const given = (value: string | undefined): string => {
  if (value === undefined) throw new Error("AWS left out a value that it always gives.");
  return value;
};

/** Makes cluster `test` with two hosts in two zones, and a load balancer with two listeners. */
export async function createInfrastructure({ ecs, ec2, elb, autoScaling }: Clients): Promise<Infrastructure> {
  await ecs.send(new CreateClusterCommand({ clusterName: "test" }));
  const vpc = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const VpcId = vpc.Vpc?.VpcId;
  const subnetIds: string[] = [];
  for (const [index, zone] of ["a", "b"].entries()) {
    const subnet = await ec2.send(
      new CreateSubnetCommand({
        VpcId,
        CidrBlock: `10.0.${index}.0/24`,
        AvailabilityZone: `us-east-1${zone}`,
      }),
    );
    subnetIds.push(given(subnet.Subnet?.SubnetId));
  }
  const images = await ec2.send(new DescribeImagesCommand({ Owners: ["amazon"] }));
  const userData = "#!/bin/bash\necho ECS_CLUSTER=test >> /etc/ecs/ecs.config\n";
  const template = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: "hosts",
      LaunchTemplateData: {
        ImageId: images.Images?.[0]?.ImageId,
        InstanceType: "t3.small",
        UserData: Buffer.from(userData).toString("base64"),
      },
    }),
  );
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: "hosts",
      LaunchTemplate: { LaunchTemplateId: template.LaunchTemplate?.LaunchTemplateId, Version: "$Latest" },
      MinSize: 2,
      MaxSize: 2,
      VPCZoneIdentifier: subnetIds.join(","),
    }),
  );
  const created = await elb.send(new CreateLoadBalancerCommand({ Name: "test", Subnets: subnetIds }));
  const LoadBalancerArn = created.LoadBalancers?.[0]?.LoadBalancerArn;
  const group = async (Name: string, TargetType: "instance" | "ip") => {
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({
        Name,
        TargetType,
        Protocol: "HTTP",
        Port: 80,
        VpcId,
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
      }),
    );
    const TargetGroupArn = given(TargetGroups?.[0]?.TargetGroupArn);
    const delay = { Key: "deregistration_delay.timeout_seconds", Value: "30" };
    await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [delay] }));
    return TargetGroupArn;
  };
  const instanceGroupArn = await group("instances", "instance");
  const addressGroupArn = await group("addresses", "ip");
  const listener = async (Port: number, TargetGroupArn: string) => {
    const { Listeners } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Port,
        Protocol: "HTTP",
        DefaultActions: [{ Type: "forward", TargetGroupArn }],
      }),
    );
    return given(Listeners?.[0]?.ListenerArn);
  };
  const listenerArn = await listener(80, instanceGroupArn);
  await listener(81, addressGroupArn);
  return { subnetIds, instanceGroupArn, addressGroupArn, listenerArn };
}

/** The address of a listener on this machine. */
export async function urlOfPort(local: LocalAws, port: number): Promise<string> {
  const { listeners } = await local.status();
  return given(listeners.find((listener) => listener.port === port)?.url);
}

/** Polls a service until a condition holds; a bounded number of times. */
export async function serviceUntil(
  { ecs }: Clients,
  service: string,
  condition: (service: Service) => boolean,
  withinMs = 20_000,
): Promise<Service> {
  for (const until = Date.now() + withinMs; ;) {
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: "test", services: [service] }),
    );
    const [found] = services ?? [];
    if (found && condition(found)) return found;
    if (Date.now() > until) {
      const events = (found?.events ?? []).slice(0, 10).map(({ message }) => message);
      throw new Error(
        `Service ${service} did not get there within ${withinMs} ms. Newest events:\n${events.join("\n")}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Whether a service's one deployment has completed. */
export function isCompleted({ deployments = [], runningCount, desiredCount }: Service): boolean {
  const [primary] = deployments;
  return deployments.length === 1 && primary?.rolloutState === "COMPLETED" && runningCount === desiredCount;
}
