import type { Construct } from "constructs";
import { addTargetFirewall } from "./constructs/firewall.ts";
import { EnvironmentStack } from "./environment-stack.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import { networkOutputs } from "./network.ts";
import type { EnvironmentNetwork } from "./network.ts";

/** What makes an environment's part of another's network. */
export interface SharedNetworkStackSettings extends EnvironmentStackSettings {
  readonly owner: EnvironmentNetwork;
}

/** Another environment's VPC and subnets, with security groups of this environment's own hosts and tasks. */
export class SharedNetworkStack extends EnvironmentStack implements EnvironmentNetwork {
  readonly vpcId: string;
  readonly vpcCidr: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  readonly hostSecurityGroupId: string;
  readonly taskSecurityGroupId: string;

  constructor(scope: Construct, { owner, ...settings }: SharedNetworkStackSettings) {
    super(scope, "network", settings);
    this.vpcId = owner.vpcId;
    this.vpcCidr = owner.vpcCidr;
    this.publicSubnetIds = owner.publicSubnetIds;
    this.privateSubnetIds = owner.privateSubnetIds;
    const firewall = { environmentName: this.environment.name, vpcId: owner.vpcId };
    this.hostSecurityGroupId = addTargetFirewall(this, "hosts", firewall);
    this.taskSecurityGroupId = addTargetFirewall(this, "tasks", firewall);
    this.publish(networkOutputs(this));
  }
}
