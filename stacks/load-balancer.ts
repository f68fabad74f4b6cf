import { AlbListener } from "@cdktf/provider-aws/lib/alb-listener/index.js";
import { AlbListenerRule } from "@cdktf/provider-aws/lib/alb-listener-rule/index.js";
import type { AlbTargetGroup } from "@cdktf/provider-aws/lib/alb-target-group/index.js";
import { Alb } from "@cdktf/provider-aws/lib/alb/index.js";
import type { Construct } from "constructs";
import type { Environment, LoadBalancerSettings } from "../scripts/core/environments.ts";
import { boundedName, loadBalancerName } from "../scripts/core/naming.ts";
import { openToClients } from "./constructs/client-doors.ts";
import { connectTargets } from "./constructs/firewall.ts";
import { addSecurityGroup } from "./constructs/security-group.ts";
import { hostPorts, taskPorts } from "./constructs/service-ports.ts";
import { addTargetGroup, type TargetType } from "./constructs/target-group.ts";
import type { TargetSeries } from "./dashboard/traffic.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import type { EnvironmentNetwork } from "./network.ts";
import { TrafficStack } from "./traffic-stack.ts";
import type { LoadBalancerEntry, LoadBalancerVariant } from "./traffic-stack.ts";

/** What makes a load balancer of an environment. */
export interface LoadBalancerStackSettings extends EnvironmentStackSettings {
  readonly network: EnvironmentNetwork;
  readonly variant: LoadBalancerVariant;
  readonly loadBalancer: LoadBalancerSettings;
  /** Environments that use this load balancer beside its own. */
  readonly sharers: readonly Environment[];
}

const NAME_LIMIT = 32;

/**
 * An application load balancer with its security group, an HTTP listener, a test listener if there is to be one, and
 * two target groups: `instance` for tasks on hosts, `ip` for awsvpc tasks.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
 */
export class LoadBalancerStack extends TrafficStack {
  /** What environments that share the load balancer refer to. */
  readonly entry: LoadBalancerEntry;
  override readonly commonGroups: readonly TargetSeries[];

  constructor(scope: Construct, settings: LoadBalancerStackSettings) {
    super(scope, settings.variant, settings);
    const { network, variant, loadBalancer } = settings;
    const securityGroupId = this.addFirewall(settings);

    const alb = new Alb(this, "load-balancer", {
      name: loadBalancerName(this.environment.name, variant),
      internal: variant === "internal",
      loadBalancerType: "application",
      securityGroups: [securityGroupId],
      subnets: [...(variant === "external" ? network.publicSubnetIds : network.privateSubnetIds)],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableDeletionProtection: loadBalancer.deletionProtection,
      idleTimeout: loadBalancer.idleTimeoutSeconds,
    });
    const targetGroups = {
      instance: this.addDefaultGroup("instance", network.vpcId, loadBalancer),
      ip: this.addDefaultGroup("ip", network.vpcId, loadBalancer),
    };
    this.commonGroups = (["instance", "ip"] as const).map((type) => ({
      label: type,
      suffix: targetGroups[type].arnSuffix,
    }));
    const defaultGroupArn = targetGroups[loadBalancer.defaultTargetGroup].arn;
    const listener = this.addListener("listener", alb, loadBalancer.listenerPort, defaultGroupArn);
    for (const rule of loadBalancer.rules) {
      new AlbListenerRule(this, `rule-${rule.priority}`, {
        listenerArn: listener.arn,
        priority: rule.priority,
        condition: [
          ...(rule.hosts === undefined ? [] : [{ hostHeader: { values: [...rule.hosts] } }]),
          ...(rule.paths === undefined ? [] : [{ pathPattern: { values: [...rule.paths] } }]),
        ],
        action: [{ type: "forward", targetGroupArn: targetGroups[rule.targetGroup].arn }],
        lifecycle: { ignoreChanges: ["action"] },
      });
    }
    const { testListenerPort } = loadBalancer;
    // What is not tested is answered as in production: ECS refuses listeners that mix in fixed answers.
    const testListener =
      testListenerPort === undefined
        ? undefined
        : this.addListener("test-listener", alb, testListenerPort, defaultGroupArn);
    this.entry = {
      arn: alb.arn,
      arnSuffix: alb.arnSuffix,
      dnsName: alb.dnsName,
      zoneId: alb.zoneId,
      securityGroupId,
      listenerArn: listener.arn,
      testListenerArn: testListener?.arn,
    };
    this.publishEntry(this.entry);
    this.publish({
      [`alb-${variant}-target-group-arn`]: targetGroups.instance.arn,
      [`alb-${variant}-ip-target-group-arn`]: targetGroups.ip.arn,
    });
    this.addPairs(network.vpcId, this.entry);
  }

  /** The load balancer's own security group, and the doors that it needs in those of hosts and tasks. */
  private addFirewall({ network, variant, loadBalancer, sharers }: LoadBalancerStackSettings): string {
    const { id: securityGroupId } = addSecurityGroup(this, "security-group", {
      namePrefix: `${this.environment.name}-alb-${variant}-`,
      description: `Load balancer ${variant} of environment ${this.environment.name}`,
      vpcId: network.vpcId,
    });
    openToClients(this, {
      variant,
      securityGroupId,
      vpcCidr: network.vpcCidr,
      loadBalancer,
      environments: [this.environment, ...sharers],
    });
    const door = { variant, securityGroupId };
    const { hostSecurityGroupId, taskSecurityGroupId } = network;
    connectTargets(this, { ...door, targetGroupId: hostSecurityGroupId }, hostPorts(this.environment));
    connectTargets(this, { ...door, targetGroupId: taskSecurityGroupId }, taskPorts(this.environment));
    return securityGroupId;
  }

  private addListener(id: string, alb: Alb, port: number, targetGroupArn: string): AlbListener {
    return new AlbListener(this, id, {
      loadBalancerArn: alb.arn,
      port,
      protocol: "HTTP",
      defaultAction: [{ type: "forward", targetGroupArn }],
      // Deployments move the action; Terraform must not move it back.
      lifecycle: { ignoreChanges: ["default_action"] },
    });
  }

  private addDefaultGroup(
    targetType: TargetType,
    vpcId: string,
    loadBalancer: LoadBalancerSettings,
  ): AlbTargetGroup {
    return addTargetGroup(this, `target-group-${targetType}`, {
      name: boundedName([this.environment.name, this.variant, targetType], NAME_LIMIT),
      targetType,
      vpcId,
      settings: loadBalancer.targetGroups[targetType],
    });
  }
}
