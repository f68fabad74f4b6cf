import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones/index.js";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group/index.js";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway/index.js";
import { Route } from "@cdktf/provider-aws/lib/route/index.js";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table/index.js";
import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { Fn } from "cdktf";
import type { Construct } from "constructs";
import { subnetBlocks } from "../scripts/core/environments/subnets.ts";
import { addTargetFirewall } from "./constructs/firewall.ts";
import { allowStatement, assumableBy, policyDocument } from "./constructs/policy.ts";
import { Zone } from "./constructs/zone.ts";
import { EnvironmentStack } from "./environment-stack.ts";
import type { EnvironmentStackSettings, OutputValue } from "./environment-stack.ts";

/** Where an environment's load balancers, hosts and tasks are. */
export interface EnvironmentNetwork {
  readonly vpcId: string;
  readonly vpcCidr: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  readonly hostSecurityGroupId: string;
  readonly taskSecurityGroupId: string;
}

/** What deployments are told of a network. */
export function networkOutputs(network: EnvironmentNetwork): Record<string, OutputValue> {
  return {
    "vpc-id": network.vpcId,
    "vpc-cidr": network.vpcCidr,
    "public-subnet-ids": network.publicSubnetIds,
    "private-subnet-ids": network.privateSubnetIds,
    "instance-security-group-id": network.hostSecurityGroupId,
    "task-security-group-id": network.taskSecurityGroupId,
  };
}

/**
 * The VPC of an environment: public subnets for load balancers and NAT, private ones for hosts and tasks, over at
 * least two zones; and the security groups of hosts and tasks, which each load balancer opens for itself.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-example-private-subnets-nat.html
 */
export class NetworkStack extends EnvironmentStack implements EnvironmentNetwork {
  readonly vpcId: string;
  readonly vpcCidr: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  readonly hostSecurityGroupId: string;
  readonly taskSecurityGroupId: string;

  constructor(scope: Construct, settings: EnvironmentStackSettings) {
    super(scope, "network", settings);
    const { name, network } = this.environment;
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: network.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: name },
    });
    // Whatever lands in the default group by mistake can reach nothing and be reached by nothing.
    new DefaultSecurityGroup(this, "default-security-group", {
      vpcId: vpc.id,
      tags: { Name: `${name}-closed` },
    });

    const gateway = new InternetGateway(this, "internet-gateway", { vpcId: vpc.id, tags: { Name: name } });
    const publicRoutes = new RouteTable(this, "public-routes", {
      vpcId: vpc.id,
      tags: { Name: `${name}-public` },
    });
    const internetRoute = new Route(this, "internet-route", {
      routeTableId: publicRoutes.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.id,
    });

    const zoneNames = this.zoneNames();
    const blocks = subnetBlocks(network.cidr, zoneNames.length);
    let sharedNatGatewayId: string | undefined;
    const zones = zoneNames.map((zoneName, index) => {
      const zone = new Zone(this, `zone-${index}`, {
        environmentName: name,
        vpcId: vpc.id,
        zoneName,
        number: index + 1,
        publicBlock: blocks.public[index] ?? "",
        privateBlock: blocks.private[index] ?? "",
        publicRouteTableId: publicRoutes.id,
        natGatewayId: network.nat === "one" ? sharedNatGatewayId : undefined,
        internetRoute,
      });
      sharedNatGatewayId ??= zone.natGatewayId;
      return zone;
    });

    this.vpcId = vpc.id;
    this.vpcCidr = network.cidr;
    this.publicSubnetIds = zones.map((zone) => zone.publicSubnetId);
    this.privateSubnetIds = zones.map((zone) => zone.privateSubnetId);
    const firewall = { environmentName: name, vpcId: vpc.id };
    this.hostSecurityGroupId = addTargetFirewall(this, "hosts", firewall);
    this.taskSecurityGroupId = addTargetFirewall(this, "tasks", firewall);
    if (network.flowLogs !== false) {
      this.addFlowLogs(vpc.id, network.flowLogs.retentionDays);
    }
    this.publish(networkOutputs(this));
  }

  /** The zones by name, or the first ones of the region that need no opt-in. */
  private zoneNames(): string[] {
    const { zones } = this.environment.network;
    if (typeof zones !== "number") {
      return [...zones];
    }
    const available = new DataAwsAvailabilityZones(this, "zones", {
      state: "available",
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    });
    return Array.from({ length: zones }, (_, index) => Fn.element(available.names, index) as string);
  }

  private addFlowLogs(vpcId: string, retentionInDays: number): void {
    const { name } = this.environment;
    const logGroup = this.addLogGroup("flow-log-group", `/vpc/${name}/flow-logs`, retentionInDays);
    const role = new IamRole(this, "flow-log-role", {
      name: `${name}_vpc_flow_logs`,
      description: `Lets the flow logs of VPC ${name} write to CloudWatch Logs`,
      assumeRolePolicy: assumableBy("vpc-flow-logs.amazonaws.com"),
    });
    new IamRolePolicy(this, "flow-log-policy", {
      name: "write-flow-logs",
      role: role.name,
      policy: policyDocument([
        allowStatement(
          "WriteFlowLogs",
          ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          [`${logGroup.arn}:*`],
        ),
      ]),
    });
    new FlowLog(this, "flow-log", {
      vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 600,
      tags: { Name: name },
    });
  }
}
