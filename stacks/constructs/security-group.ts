import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import type { VpcSecurityGroupIngressRuleConfig } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import type { Construct } from "constructs";

/** TCP ports, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** The other end of a connection: addresses, or the members of a security group. */
type Peer = { readonly cidr: string } | { readonly securityGroupId: string };

/** A rule of a security group. */
export interface RuleSettings {
  readonly securityGroupId: string;
  readonly peer: Peer;
  /** Undefined stands for every protocol and port. */
  readonly ports?: PortRange;
  /** Says who needs this and what for. */
  readonly description: string;
}

/** What makes a security group. */
export interface SecurityGroupSettings {
  /** Begins its name; Terraform appends 26 characters, AWS allows 255. */
  readonly namePrefix: string;
  readonly description: string;
  readonly vpcId: string;
}

/**
 * Adds a security group without rules; those are resources of their own, never inline: the two would overwrite each
 * other. Its name has a random end, so that a replacement exists before the old one goes.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
export function addSecurityGroup(
  scope: Construct,
  id: string,
  settings: SecurityGroupSettings,
): SecurityGroup {
  return new SecurityGroup(scope, id, {
    ...settings,
    tags: { Name: settings.namePrefix.replace(/-$/, "") },
    revokeRulesOnDelete: true,
    lifecycle: { createBeforeDestroy: true },
  });
}

/** Lets a peer connect to the members of a security group. */
export function allowFrom(scope: Construct, id: string, settings: RuleSettings): void {
  new VpcSecurityGroupIngressRule(scope, id, ruleConfig(settings));
}

/** Lets the members of a security group connect to a peer. */
export function allowTo(scope: Construct, id: string, settings: RuleSettings): void {
  new VpcSecurityGroupEgressRule(scope, id, ruleConfig(settings));
}

function ruleConfig({
  securityGroupId,
  peer,
  ports,
  description,
}: RuleSettings): VpcSecurityGroupIngressRuleConfig {
  return {
    securityGroupId,
    description,
    ...(ports === undefined
      ? { ipProtocol: "-1" }
      : { ipProtocol: "tcp", fromPort: ports.from, toPort: ports.to }),
    ...("cidr" in peer ? { cidrIpv4: peer.cidr } : { referencedSecurityGroupId: peer.securityGroupId }),
  };
}
