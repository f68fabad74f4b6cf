import { AlbListenerRule } from "@cdktf/provider-aws/lib/alb-listener-rule/index.js";
import type { AlbTargetGroup } from "@cdktf/provider-aws/lib/alb-target-group/index.js";
import { Alb } from "@cdktf/provider-aws/lib/alb/index.js";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js";
import type { Construct } from "constructs";
import type { Environment, LoadBalancerSettings } from "../scripts/core/environments.ts";
import { boundedName, loadBalancerName } from "../scripts/core/naming.ts";
import { addAccessLogBucket } from "./constructs/access-logs.ts";
import { addAliasRecords } from "./constructs/alias-records.ts";
import { openToClients } from "./constructs/client-doors.ts";
import { connectTargets } from "./constructs/firewall.ts";
import { addListeners } from "./constructs/listeners.ts";
import { addSecurityGroup } from "./constructs/security-group.ts";
import { hostPorts, taskPorts } from "./constructs/service-ports.ts";
import { addTargetGroup, type TargetType } from "./constructs/target-group.ts";
import type { DomainEntry } from "./domain.ts";
import type { TargetSeries } from "./dashboard/traffic.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import type { EnvironmentNetwork } from "./network.ts";
import { TrafficStack } from "./traffic-stack.ts";
import type { LoadBalancerEntry, LoadBalancerVariant } from "./traffic-stack.ts";

/** What makes a load balancer of an environment. */
export interface LoadBalancerStackSettings extends EnvironmentStackSettings {
  readonly network: EnvironmentNetwork;
  readonly domain: DomainEntry;
  readonly variant: LoadBalancerVariant;
  readonly loadBalancer: LoadBalancerSettings;
  /** Environments that use this load balancer beside its own. */
  readonly sharers: readonly Environment[];
}

const NAME_LIMIT = 32;

/**
 * An application load balancer with its security group, a listener for HTTP or HTTPS, a test listener if there is to be
 * one, and two target groups: `instance` for tasks on hosts, `ip` for awsvpc tasks.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
 */
export class LoadBalancerStack extends TrafficStack {
  /** What environments that share the load balancer refer to. */
  readonly entry: LoadBalancerEntry;
  override readonly commonGroups: readonly TargetSeries[];

  constructor(scope: Construct, settings: LoadBalancerStackSettings) {
    super(scope, settings.variant, settings);
    const { network, domain, variant, loadBalancer } = settings;
    const securityGroupId = this.addFirewall(settings);

    const alb = this.addLoadBalancer(securityGroupId, settings);
    const targetGroups = {
      instance: this.addDefaultGroup("instance", network.vpcId, loadBalancer),
      ip: this.addDefaultGroup("ip", network.vpcId, loadBalancer),
    };
    this.commonGroups = (["instance", "ip"] as const).map((type) => ({
      label: type,
      suffix: targetGroups[type].arnSuffix,
    }));
    const { production, test } = addListeners(this, {
      loadBalancerArn: alb.arn,
      name: loadBalancerName(this.environment.name, variant),
      loadBalancer,
      defaultTargetGroupArn: targetGroups[loadBalancer.defaultTargetGroup].arn,
      certificateArn: domain.certificateArn,
    });
    for (const rule of loadBalancer.rules) {
      new AlbListenerRule(this, `rule-${rule.priority}`, {
        listenerArn: production.arn,
        priority: rule.priority,
        condition: [
          ...(rule.hosts === undefined ? [] : [{ hostHeader: { values: [...rule.hosts] } }]),
          ...(rule.paths === undefined ? [] : [{ pathPattern: { values: [...rule.paths] } }]),
        ],
        action: [{ type: "forward", targetGroupArn: targetGroups[rule.targetGroup].arn }],
        lifecycle: { ignoreChanges: ["action"] },
      });
    }
    this.entry = {
      arn: alb.arn,
      arnSuffix: alb.arnSuffix,
      dnsName: alb.dnsName,
      zoneId: alb.zoneId,
      securityGroupId,
      listenerArn: production.arn,
      testListenerArn: test?.arn,
    };
    this.publishEntry(this.entry);
    addAliasRecords(this, { variant, domain: this.environment.domain, zones: domain, ...this.entry });
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

  /** The load balancer, with where it logs and what looks at its requests. */
  private addLoadBalancer(
    securityGroupId: string,
    { network, variant, loadBalancer }: LoadBalancerStackSettings,
  ): Alb {
    const name = loadBalancerName(this.environment.name, variant);
    const logs = this.addAccessLogs(name, loadBalancer);
    const alb = new Alb(this, "load-balancer", {
      name,
      internal: variant === "internal",
      loadBalancerType: "application",
      securityGroups: [securityGroupId],
      subnets: [...(variant === "external" ? network.publicSubnetIds : network.privateSubnetIds)],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableDeletionProtection: loadBalancer.deletionProtection,
      idleTimeout: loadBalancer.idleTimeoutSeconds,
      ...(logs && { accessLogs: { bucket: logs.bucket, enabled: true }, dependsOn: [...logs.ready] }),
    });
    const { webAclArn } = loadBalancer;
    if (webAclArn !== undefined) {
      new Wafv2WebAclAssociation(this, "web-acl", { resourceArn: alb.arn, webAclArn });
    }
    return alb;
  }

  private addAccessLogs(
    name: string,
    { accessLogs }: LoadBalancerSettings,
  ): ReturnType<typeof addAccessLogBucket> | undefined {
    if (accessLogs === undefined) return undefined;
    const { bucket, retentionDays } = accessLogs;
    if (bucket !== undefined) return { bucket, ready: [] };
    const account = {
      partition: new DataAwsPartition(this, "partition").partition,
      id: new DataAwsCallerIdentity(this, "account").accountId,
    };
    const made = addAccessLogBucket(this, { name, account, retentionDays });
    this.publish({ [`alb-${this.variant}-access-logs-bucket`]: made.bucket });
    return made;
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
