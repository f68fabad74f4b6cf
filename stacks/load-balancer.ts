import { AlbListener } from "@cdktf/provider-aws/lib/alb-listener/index.js";
import { AlbListenerRule } from "@cdktf/provider-aws/lib/alb-listener-rule/index.js";
import { AlbTargetGroup } from "@cdktf/provider-aws/lib/alb-target-group/index.js";
import { Alb } from "@cdktf/provider-aws/lib/alb/index.js";
import type { Construct } from "constructs";
import type { LoadBalancerSettings } from "../scripts/core/environments.ts";
import { boundedName } from "../scripts/core/naming.ts";
import { addSecurityGroup, allowFrom, allowTo } from "./constructs/security-group.ts";
import { hostPorts, taskPorts } from "./constructs/service-ports.ts";
import type { ReachablePorts } from "./constructs/service-ports.ts";
import { EnvironmentStack } from "./environment-stack.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import type { NetworkStack } from "./network.ts";

/** Internet-facing in the public subnets, or inside the VPC in the private ones. */
export type LoadBalancerVariant = "external" | "internal";

/** What makes a load balancer of an environment. */
export interface LoadBalancerStackSettings extends EnvironmentStackSettings {
  readonly network: NetworkStack;
  readonly variant: LoadBalancerVariant;
  readonly loadBalancer: LoadBalancerSettings;
}

const NAME_LIMIT = 32;

/**
 * An application load balancer with its security group, an HTTP listener and two target groups: `instance` for tasks
 * on hosts, `ip` for awsvpc tasks.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
 */
export class LoadBalancerStack extends EnvironmentStack {
  private readonly variant: LoadBalancerVariant;

  constructor(scope: Construct, settings: LoadBalancerStackSettings) {
    super(scope, `load-balancer-${settings.variant}`, settings);
    const { network, variant, loadBalancer } = settings;
    this.variant = variant;
    const securityGroupId = this.addFirewall(network, loadBalancer.listenerPort);

    const alb = new Alb(this, "load-balancer", {
      name: this.boundedName(),
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
      instance: this.addTargetGroup("instance", network.vpcId, loadBalancer),
      ip: this.addTargetGroup("ip", network.vpcId, loadBalancer),
    };
    const listener = new AlbListener(this, "listener", {
      loadBalancerArn: alb.arn,
      port: loadBalancer.listenerPort,
      protocol: "HTTP",
      defaultAction: [{ type: "forward", targetGroupArn: targetGroups[loadBalancer.defaultTargetGroup].arn }],
      // Deployments move the action; Terraform must not move it back.
      lifecycle: { ignoreChanges: ["default_action"] },
    });
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
    const prefix = `alb-${variant}`;
    this.publish({
      [`${prefix}-arn`]: alb.arn,
      [`${prefix}-dns-name`]: alb.dnsName,
      [`${prefix}-zone-id`]: alb.zoneId,
      [`${prefix}-security-group-id`]: securityGroupId,
      [`${prefix}-listener-arn`]: listener.arn,
      [`${prefix}-target-group-arn`]: targetGroups.instance.arn,
      [`${prefix}-ip-target-group-arn`]: targetGroups.ip.arn,
    });
  }

  private boundedName(...parts: string[]): string {
    return boundedName([this.environment.name, this.variant, ...parts], NAME_LIMIT);
  }

  /** The load balancer's own security group, and the doors that it needs in those of hosts and tasks. */
  private addFirewall(network: NetworkStack, listenerPort: number): string {
    const { variant } = this;
    const { id: securityGroupId } = addSecurityGroup(this, "security-group", {
      namePrefix: `${this.environment.name}-alb-${variant}-`,
      description: `Load balancer ${variant} of environment ${this.environment.name}`,
      vpcId: network.vpcId,
    });
    allowFrom(this, "from-clients", {
      securityGroupId,
      peer: { cidr: variant === "external" ? "0.0.0.0/0" : network.vpcCidr },
      ports: { from: listenerPort, to: listenerPort },
      description: `Clients of the ${variant} load balancer`,
    });
    this.connect(securityGroupId, network.hostSecurityGroupId, hostPorts(this.environment));
    this.connect(securityGroupId, network.taskSecurityGroupId, taskPorts(this.environment));
    return securityGroupId;
  }

  /** Opens both ends between the load balancer and its targets, on the ports given and no others. */
  private connect(
    securityGroupId: string,
    targetGroupId: string,
    reachable: readonly ReachablePorts[],
  ): void {
    for (const { id, ports, purpose } of reachable) {
      allowTo(this, `to-${id}`, {
        securityGroupId,
        peer: { securityGroupId: targetGroupId },
        ports,
        description: `Requests and health checks to ${purpose}`,
      });
      allowFrom(this, `target-${id}`, {
        securityGroupId: targetGroupId,
        peer: { securityGroupId },
        ports,
        description: `The ${this.variant} load balancer to ${purpose}`,
      });
    }
  }

  private addTargetGroup(
    targetType: "instance" | "ip",
    vpcId: string,
    settings: LoadBalancerSettings,
  ): AlbTargetGroup {
    const { healthCheck, deregistrationDelaySeconds } = settings.targetGroups[targetType];
    return new AlbTargetGroup(this, `target-group-${targetType}`, {
      name: this.boundedName(targetType),
      targetType,
      vpcId,
      // Only a default: ECS registers each task with a port of its own.
      port: 80,
      protocol: "HTTP",
      deregistrationDelay: String(deregistrationDelaySeconds),
      healthCheck: {
        path: healthCheck.path,
        matcher: healthCheck.matcher,
        interval: healthCheck.intervalSeconds,
        timeout: healthCheck.timeoutSeconds,
        healthyThreshold: healthCheck.healthyThreshold,
        unhealthyThreshold: healthCheck.unhealthyThreshold,
      },
    });
  }
}
