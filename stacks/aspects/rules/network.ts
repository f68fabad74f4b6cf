import { blocks, found, isMissing } from "../attributes.ts";
import type { Attributes } from "../attributes.ts";
import type { Inventory, Resource } from "../inventory.ts";
import type { RuleBody } from "../rule.ts";

const securityRuleTypes = [
  "aws_security_group_rule",
  "aws_vpc_security_group_ingress_rule",
  "aws_vpc_security_group_egress_rule",
];

const flowLogs: RuleBody = {
  why: "Without them nobody can tell afterwards what connected to what.",
  types: ["aws_vpc"],
  mend: 'Set network.flowLogs, as in { "retentionDays": 365 }.',
  check: (vpc, all) =>
    all.pointingAt(vpc, ["aws_flow_log"], "vpc_id").length > 0 ? [] : ["no flow log is on it"],
};

const closedDefaultGroup: RuleBody = {
  why: "Whatever is started without a security group gets this one, and it lets its members reach each other.",
  types: ["aws_vpc"],
  mend: "Add a DefaultSecurityGroup of the VPC without ingress and egress.",
  check(vpc, all) {
    const groups = all.pointingAt(vpc, ["aws_default_security_group"], "vpc_id");
    const inline = groups.flatMap((group) =>
      ["ingress", "egress"].filter((name) => blocks(group.attributes, name).length > 0),
    );
    const apart = all.ofTypes(securityRuleTypes).filter((rule) => isOnDefaultGroup(rule, vpc, groups, all));
    return [
      ...(groups.length === 0 ? ["its default security group is as AWS made it, open within itself"] : []),
      ...inline.map((name) => `its default security group has ${name}`),
      ...apart.map(({ path }) => `${path} adds a rule to its default security group`),
    ];
  },
};

/** A rule can name the group itself, or ask the VPC for its default group. */
function isOnDefaultGroup(
  rule: Resource,
  vpc: Resource,
  groups: readonly Resource[],
  all: Inventory,
): boolean {
  const target = all.reference(rule, rule.attributes["security_group_id"]);
  if (target === undefined) return false;
  const asked = target.resource === vpc && target.attribute === "default_security_group_id";
  return asked || groups.includes(target.resource);
}

const described: RuleBody = {
  why: "A door that nobody can explain is one that nobody dares to close.",
  types: ["aws_security_group", "aws_default_security_group", ...securityRuleTypes],
  beyond: "Terraform's own description does not count, and each rule needs one.",
  mend: "Give each security group and each of its rules a description.",
  check({ type, attributes }) {
    const inline = ["ingress", "egress"].flatMap((name) =>
      blocks(attributes, name).flatMap((rule) => undescribed(rule, `${name}.description`)),
    );
    return type === "aws_default_security_group"
      ? inline
      : [...undescribed(attributes, "description"), ...inline];
  },
};

function undescribed({ description }: Attributes, name: string): readonly string[] {
  const isGiven = !isMissing(description) && description !== "Managed by Terraform";
  return isGiven ? [] : [found(name, description)];
}

/** Rules for networks and their firewalls. */
export const networkRules = {
  CKV2_AWS_11: flowLogs,
  CKV2_AWS_12: closedDefaultGroup,
  CKV_AWS_23: described,
};
