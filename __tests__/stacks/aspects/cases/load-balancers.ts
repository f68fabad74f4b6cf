import { Alb } from "@cdktf/provider-aws/lib/alb/index.js";
import type { AlbConfig } from "@cdktf/provider-aws/lib/alb/index.js";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js";
import { TerraformVariable } from "cdktf";
import type { TerraformStack } from "cdktf";
import type { Build, RuleCase } from "../../../helpers/hardening.ts";

const balancer =
  (config: AlbConfig): Build =>
  (stack) => {
    new Alb(stack, "balancer", config);
  };

const network = { what: "network load balancer", build: balancer({ loadBalancerType: "network" }) };

function associate(stack: TerraformStack, resourceArn: string): void {
  new Wafv2WebAclAssociation(stack, "firewall", {
    resourceArn,
    webAclArn: "arn:aws:wafv2:eu-west-1:1:webacl/a",
  });
}

export const loadBalancerCases = {
  CKV_AWS_91: {
    refused: [
      { what: "one without access logs", build: balancer({}), found: "access_logs.enabled is not set" },
      {
        what: "access logs that are switched off",
        build: balancer({ accessLogs: { bucket: "logs", enabled: false } }),
        found: "access_logs.enabled is false",
      },
      {
        what: "access logs that only a variable switches on",
        build: (stack) => {
          const wanted = new TerraformVariable(stack, "wanted", { type: "bool" });
          new Alb(stack, "balancer", { accessLogs: { bucket: "logs", enabled: wanted.booleanValue } });
        },
        found: "which only Terraform knows",
      },
    ],
    taken: [{ what: "access logs", build: balancer({ accessLogs: { bucket: "logs", enabled: true } }) }],
  },
  CKV_AWS_131: {
    refused: [
      { what: "headers as they come", build: balancer({}), found: "drop_invalid_header_fields is not set" },
    ],
    taken: [{ what: "dropped invalid headers", build: balancer({ dropInvalidHeaderFields: true }) }],
  },
  CKV2_AWS_28: {
    refused: [
      { what: "one on the internet", build: balancer({}), found: "no web ACL is associated with it" },
      {
        what: "one on the internet beside another with a firewall",
        build: (stack) => {
          new Alb(stack, "balancer", {});
          associate(stack, new Alb(stack, "other", {}).arn);
        },
        found: "no web ACL is associated with it",
      },
    ],
    taken: [
      {
        what: "one with a firewall",
        build: (stack) => associate(stack, new Alb(stack, "balancer", {}).arn),
      },
    ],
  },
  CKV_AWS_150: {
    refused: [
      {
        what: "one that anybody can delete",
        build: balancer({ enableDeletionProtection: false }),
        found: "enable_deletion_protection is false",
      },
    ],
    taken: [{ what: "a protected one", build: balancer({ enableDeletionProtection: true }) }],
  },
  CKV_AWS_328: {
    refused: [
      {
        what: "one that only watches",
        build: balancer({ desyncMitigationMode: "monitor" }),
        found: 'desync_mitigation_mode is "monitor"',
      },
    ],
    taken: [
      { what: "the default", build: balancer({}) },
      { what: "the strictest mode", build: balancer({ desyncMitigationMode: "strictest" }) },
    ],
  },
} satisfies Record<string, RuleCase>;

/** Rules that are not about load balancers of other kinds, by id. */
export const notAbout = {
  CKV_AWS_131: network,
  CKV2_AWS_28: { what: "internal load balancer", build: balancer({ internal: true }) },
  CKV_AWS_328: network,
} as const;
