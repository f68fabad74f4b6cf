import { block, isTrue, unless } from "../attributes.ts";
import type { Resource } from "../inventory.ts";
import type { RuleBody } from "../rule.ts";

/** Terraform's two names of a load balancer. */
const loadBalancerTypes = ["aws_lb", "aws_alb"];

/** Whether a load balancer is one for HTTP, which is what they are unless they say otherwise. */
function isApplication({ attributes }: Resource): boolean {
  const { load_balancer_type: type } = attributes;
  return type !== "network" && type !== "gateway";
}

const accessLogs: RuleBody = {
  why: "Without them nobody can tell afterwards who asked for what.",
  types: loadBalancerTypes,
  mend: "Set loadBalancers.<variant>.accessLogs.",
  check({ attributes }) {
    const { enabled } = block(attributes, "access_logs");
    return unless(isTrue(enabled), "access_logs.enabled", enabled);
  },
};

const invalidHeaders: RuleBody = {
  why: "Headers that servers read in different ways let one request pass for two.",
  types: loadBalancerTypes,
  mend: "Set dropInvalidHeaderFields on the load balancer.",
  check(resource) {
    const { drop_invalid_header_fields: drops } = resource.attributes;
    return isApplication(resource) ? unless(isTrue(drops), "drop_invalid_header_fields", drops) : undefined;
  },
};

const firewall: RuleBody = {
  why: "A firewall for web applications stops known attacks before they reach a container.",
  types: loadBalancerTypes,
  mend: "Set loadBalancers.external.webAclArn.",
  check(resource, all) {
    if (!isApplication(resource) || isTrue(resource.attributes["internal"])) return undefined;
    const associations = all.pointingAt(
      resource,
      ["aws_wafv2_web_acl_association", "aws_wafregional_web_acl_association"],
      "resource_arn",
    );
    return associations.length > 0
      ? []
      : ["no web ACL is associated with it, and it is open to the internet"];
  },
};

const deletionProtection: RuleBody = {
  why: "One wrong call would take every service behind it from the internet.",
  types: loadBalancerTypes,
  mend: "Set loadBalancers.<variant>.deletionProtection to true.",
  check({ attributes: { enable_deletion_protection: isProtected } }) {
    return unless(isTrue(isProtected), "enable_deletion_protection", isProtected);
  },
};

const desync: RuleBody = {
  why: "Requests that load balancer and container divide differently let one client answer for another.",
  types: loadBalancerTypes,
  mend: 'Set desyncMitigationMode to "defensive" or "strictest" on the load balancer.',
  check(resource) {
    const { desync_mitigation_mode: mode = "defensive" } = resource.attributes;
    return isApplication(resource)
      ? unless(mode === "defensive" || mode === "strictest", "desync_mitigation_mode", mode)
      : undefined;
  },
};

/** Rules for load balancers themselves. */
export const loadBalancerRules = {
  CKV_AWS_91: accessLogs,
  CKV_AWS_131: invalidHeaders,
  CKV2_AWS_28: firewall,
  CKV_AWS_150: deletionProtection,
  CKV_AWS_328: desync,
};
