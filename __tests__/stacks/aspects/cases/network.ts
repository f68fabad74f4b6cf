import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group/index.js";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log/index.js";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import type { SecurityGroupConfig } from "@cdktf/provider-aws/lib/security-group/index.js";
import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import type { TerraformStack } from "cdktf";
import type { Build, RuleCase } from "../../../helpers/hardening.ts";

const vpc = (stack: TerraformStack, id = "vpc"): Vpc => new Vpc(stack, id, { cidrBlock: "10.0.0.0/16" });

const group =
  (config: SecurityGroupConfig): Build =>
  (stack) => {
    new SecurityGroup(stack, "group", config);
  };

const open = { fromPort: 0, toPort: 0, protocol: "-1", cidrBlocks: ["0.0.0.0/0"] };

function openDefault(stack: TerraformStack, securityGroupId: string): void {
  new VpcSecurityGroupIngressRule(stack, "door", { securityGroupId, ipProtocol: "-1", description: "All" });
}

export const networkCases = {
  CKV2_AWS_11: {
    refused: [
      { what: "a VPC without flow logs", build: (stack) => vpc(stack), found: "no flow log is on it" },
      {
        what: "a VPC beside another with flow logs",
        build: (stack) => {
          vpc(stack);
          new FlowLog(stack, "log", { vpcId: vpc(stack, "other").id, trafficType: "ALL" });
        },
        found: "no flow log is on it",
      },
    ],
    taken: [
      {
        what: "a VPC with flow logs",
        build: (stack) => new FlowLog(stack, "log", { vpcId: vpc(stack).id, trafficType: "ALL" }),
      },
    ],
  },
  CKV2_AWS_12: {
    refused: [
      { what: "the group that AWS made", build: (stack) => vpc(stack), found: "is as AWS made it" },
      {
        what: "a group that lets out",
        build: (stack) => new DefaultSecurityGroup(stack, "closed", { vpcId: vpc(stack).id, egress: [open] }),
        found: "its default security group has egress",
      },
      {
        what: "a rule apart that opens it again",
        build: (stack) =>
          openDefault(stack, new DefaultSecurityGroup(stack, "closed", { vpcId: vpc(stack).id }).id),
        found: "stack/door adds a rule to its default security group",
      },
      {
        what: "a rule that finds the group through the VPC",
        build: (stack) => {
          const one = vpc(stack);
          new DefaultSecurityGroup(stack, "closed", { vpcId: one.id });
          openDefault(stack, one.defaultSecurityGroupId);
        },
        found: "stack/door adds a rule to its default security group",
      },
    ],
    taken: [
      {
        what: "a closed group",
        build: (stack) => new DefaultSecurityGroup(stack, "closed", { vpcId: vpc(stack).id }),
      },
    ],
  },
  CKV_AWS_23: {
    refused: [
      { what: "a group without a description", build: group({}), found: "description is not set" },
      {
        what: "Terraform's own description",
        build: group({ description: "Managed by Terraform" }),
        found: 'description is "Managed by Terraform"',
      },
      {
        what: "a rule in a group that says nothing",
        build: group({ description: "Tasks", ingress: [open] }),
        found: "ingress.description is not set",
      },
      {
        what: "a rule apart that says nothing",
        build: (stack) =>
          new VpcSecurityGroupIngressRule(stack, "rule", { securityGroupId: "sg-1", ipProtocol: "-1" }),
        found: "description is not set",
      },
    ],
    taken: [
      {
        what: "descriptions",
        build: group({ description: "Tasks", ingress: [{ ...open, description: "Anybody" }] }),
      },
    ],
  },
} satisfies Record<string, RuleCase>;
