import type { Construct } from "constructs";
import { addAliasRecords } from "./constructs/alias-records.ts";
import { connectTargets } from "./constructs/firewall.ts";
import { addCertificate } from "./constructs/listeners.ts";
import { hostPorts, taskPorts } from "./constructs/service-ports.ts";
import type { DomainEntry } from "./domain.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import type { EnvironmentNetwork } from "./network.ts";
import { TrafficStack } from "./traffic-stack.ts";
import type { LoadBalancerEntry, LoadBalancerVariant } from "./traffic-stack.ts";

/** What makes an environment's part of another's load balancer. */
export interface SharedLoadBalancerStackSettings extends EnvironmentStackSettings {
  readonly network: EnvironmentNetwork;
  /** Of this environment, not of the load balancer's. */
  readonly domain: DomainEntry;
  readonly variant: LoadBalancerVariant;
  readonly entry: LoadBalancerEntry;
}

/**
 * An environment's part of a load balancer that belongs to another one: the ports of its services opened, their target
 * groups and rules, its certificate and its names. It publishes no target group for every service: the load balancer's own ones get the
 * requests of the other environment.
 */
export class SharedLoadBalancerStack extends TrafficStack {
  readonly entry: LoadBalancerEntry;

  constructor(scope: Construct, settings: SharedLoadBalancerStackSettings) {
    super(scope, settings.variant, settings);
    const { network, domain, variant, entry } = settings;
    const door = { variant, securityGroupId: entry.securityGroupId };
    const { hostSecurityGroupId, taskSecurityGroupId } = network;
    connectTargets(this, { ...door, targetGroupId: hostSecurityGroupId }, hostPorts(this.environment));
    connectTargets(this, { ...door, targetGroupId: taskSecurityGroupId }, taskPorts(this.environment));
    this.entry = entry;
    this.publishEntry(entry);
    if (this.environment.loadBalancers[variant]?.https !== undefined && domain.certificateArn !== undefined) {
      addCertificate(this, "certificate", entry.listenerArn, domain.certificateArn);
    }
    addAliasRecords(this, { variant, domain: this.environment.domain, zones: domain, ...entry });
    this.addPairs(network.vpcId, entry);
  }
}
