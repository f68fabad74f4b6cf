/** What cases stand on: subnets, a load balancer with target groups, and a cluster with hosts. Made once, when needed. */
import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeSubnetsCommand,
} from "@aws-sdk/client-ec2";
import { CreateClusterCommand } from "@aws-sdk/client-ecs";
import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { given, type Clients } from "./clients.ts";
import type { Need } from "./contract-case.ts";
import { makeHosts } from "./hosts.ts";
import type { Target } from "./target.ts";

type CleanUp = () => Promise<unknown>;

/** Subnets in two zones, and their VPC. */
export interface Network {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

/** What is shared by the cases of a run. */
export class Ground {
  readonly #target: Target;
  readonly #clients: Clients;
  readonly #prefix: string;
  readonly #cleanUps: CleanUp[] = [];
  #network: Promise<Network> | undefined;
  #loadBalancer: Promise<string> | undefined;
  #cluster: Promise<string> | undefined;
  #port = 1000;

  constructor(target: Target, clients: Clients, prefix: string) {
    this.#target = target;
    this.#clients = clients;
    this.#prefix = prefix;
  }

  /** Why a case cannot run here; undefined when it can. */
  static lacks(target: Target, needs: readonly Need[] = []): string | undefined {
    if (needs.includes("rate limits") && !target.limited) return "the endpoint enforces no rate limits";
    if (target.kind !== "aws") return undefined;
    if (needs.includes("hosts") && !process.env["SLIPWAY_CONTRACT_CLUSTER"]) {
      return "SLIPWAY_CONTRACT_CLUSTER names no cluster with container instances";
    }
    const network = needs.length > 0 && !process.env["SLIPWAY_CONTRACT_SUBNETS"];
    return network ? "SLIPWAY_CONTRACT_SUBNETS names no subnets in two zones" : undefined;
  }

  network(): Promise<Network> {
    return (this.#network ??= this.#makeNetwork());
  }

  /** The ARN of an internal Application Load Balancer. */
  loadBalancer(): Promise<string> {
    return (this.#loadBalancer ??= this.#makeLoadBalancer());
  }

  /** The name of a cluster with two hosts. */
  cluster(): Promise<string> {
    return (this.#cluster ??= this.#makeCluster());
  }

  /** A port that no listener of the load balancer has yet. */
  nextPort(): number {
    this.#port += 1;
    return this.#port;
  }

  /** Removes what it has made, newest first; what cannot be removed yet is left and told. */
  async close(): Promise<string[]> {
    const left: string[] = [];
    for (const cleanUp of this.#cleanUps.toReversed()) {
      await cleanUp().catch((error: unknown) => left.push(String(error)));
    }
    return left;
  }

  async #makeNetwork(): Promise<Network> {
    const { ec2 } = this.#clients;
    const named = process.env["SLIPWAY_CONTRACT_SUBNETS"];
    if (this.#target.kind === "aws" && named) {
      const subnetIds = named.split(",");
      const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: subnetIds }));
      return { vpcId: given(Subnets?.[0]?.VpcId), subnetIds };
    }
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.77.0.0/16" }));
    const vpcId = given(Vpc?.VpcId);
    this.#cleanUps.push(() => ec2.send(new DeleteVpcCommand({ VpcId: vpcId })));
    const subnetIds: string[] = [];
    for (const [index, zone] of ["a", "b"].entries()) {
      const { Subnet } = await ec2.send(
        new CreateSubnetCommand({
          VpcId: vpcId,
          CidrBlock: `10.77.${index * 16}.0/20`,
          AvailabilityZone: `${this.#target.region}${zone}`,
        }),
      );
      const SubnetId = given(Subnet?.SubnetId);
      subnetIds.push(SubnetId);
      this.#cleanUps.push(() => ec2.send(new DeleteSubnetCommand({ SubnetId })));
    }
    return { vpcId, subnetIds };
  }

  async #makeLoadBalancer(): Promise<string> {
    const { elb } = this.#clients;
    const { subnetIds } = await this.network();
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({ Name: this.#prefix, Subnets: [...subnetIds], Scheme: "internal" }),
    );
    const LoadBalancerArn = given(LoadBalancers?.[0]?.LoadBalancerArn);
    this.#cleanUps.push(() => elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn })));
    return LoadBalancerArn;
  }

  async #makeCluster(): Promise<string> {
    const named = process.env["SLIPWAY_CONTRACT_CLUSTER"];
    if (this.#target.kind === "aws" && named) return named;
    const cluster = `${this.#prefix}-hosts`;
    await this.#clients.ecs.send(
      new CreateClusterCommand({ clusterName: cluster, capacityProviders: ["FARGATE", "FARGATE_SPOT"] }),
    );
    const { subnetIds } = await this.network();
    const afterwards = (cleanUp: CleanUp): unknown => this.#cleanUps.push(cleanUp);
    await makeHosts(this.#clients, { cluster, count: 2, subnetIds, afterwards });
    return cluster;
  }
}
