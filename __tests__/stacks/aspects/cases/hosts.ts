import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group/index.js";
import { Instance } from "@cdktf/provider-aws/lib/instance/index.js";
import { LaunchConfiguration } from "@cdktf/provider-aws/lib/launch-configuration/index.js";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template/index.js";
import type { LaunchTemplateConfig } from "@cdktf/provider-aws/lib/launch-template/index.js";
import type { Build, RuleCase } from "../../../helpers/hardening.ts";

const template =
  (config: LaunchTemplateConfig): Build =>
  (stack) => {
    new LaunchTemplate(stack, "template", config);
  };

const disk = (encrypted: string) => ({ deviceName: "/dev/xvda", ebs: { encrypted } });

export const hostCases = {
  CKV_AWS_79: {
    refused: [
      { what: "a template that says nothing", build: template({}), found: "http_tokens is not set" },
      {
        what: "tokens that are optional",
        build: template({ metadataOptions: { httpTokens: "optional" } }),
        found: 'http_tokens is "optional"',
      },
      {
        what: "an instance without tokens",
        build: (stack) => new Instance(stack, "host", { ami: "ami-1", instanceType: "t3.small" }),
        found: "http_tokens is not set",
      },
    ],
    taken: [
      { what: "tokens", build: template({ metadataOptions: { httpTokens: "required" } }) },
      { what: "no metadata at all", build: template({ metadataOptions: { httpEndpoint: "disabled" } }) },
    ],
  },
  CKV_AWS_341: {
    refused: [
      {
        what: "two hops",
        build: template({ metadataOptions: { httpPutResponseHopLimit: 2 } }),
        found: "http_put_response_hop_limit is 2",
      },
      {
        what: "as many hops as the image likes",
        build: template({ metadataOptions: { httpTokens: "required" } }),
        found: "http_put_response_hop_limit is not set",
      },
    ],
    taken: [{ what: "one hop", build: template({ metadataOptions: { httpPutResponseHopLimit: 1 } }) }],
  },
  CKV_AWS_8: {
    refused: [
      { what: "the image's own disk", build: template({}), found: "block_device_mappings.ebs is not set" },
      {
        what: "a second disk in the clear",
        build: template({ blockDeviceMappings: [disk("true"), disk("false")] }),
        found: 'block_device_mappings.ebs.encrypted is "false"',
      },
      {
        what: "an instance whose further disk is in the clear",
        build: (stack) =>
          new Instance(stack, "host", {
            rootBlockDevice: { encrypted: true },
            ebsBlockDevice: [{ deviceName: "/dev/sdb" }],
          }),
        found: "ebs_block_device.encrypted is not set",
      },
    ],
    taken: [
      { what: "encrypted disks", build: template({ blockDeviceMappings: [disk("true")] }) },
      {
        what: "a disk that a snapshot decides about",
        build: template({
          blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { snapshotId: "snap-1" } }],
        }),
      },
      {
        what: "an instance with an encrypted disk",
        build: (stack) => new Instance(stack, "host", { rootBlockDevice: { encrypted: true } }),
      },
    ],
  },
  CKV_AWS_315: {
    refused: [
      {
        what: "a launch configuration",
        build: (stack) => {
          const { name } = new LaunchConfiguration(stack, "old", {
            imageId: "ami-1",
            instanceType: "t3.small",
          });
          new AutoscalingGroup(stack, "group", { minSize: 0, maxSize: 1, launchConfiguration: name });
        },
        found: "launch_template is not set",
      },
    ],
    taken: [
      {
        what: "a launch template",
        build: (stack) => {
          const { id } = new LaunchTemplate(stack, "template", {});
          new AutoscalingGroup(stack, "group", { minSize: 0, maxSize: 1, launchTemplate: { id } });
        },
      },
      {
        what: "a launch template of mixed instances",
        build: (stack) => {
          const { id } = new LaunchTemplate(stack, "template", {});
          new AutoscalingGroup(stack, "group", {
            minSize: 0,
            maxSize: 1,
            mixedInstancesPolicy: {
              launchTemplate: { launchTemplateSpecification: { launchTemplateId: id } },
            },
          });
        },
      },
    ],
  },
} satisfies Record<string, RuleCase>;
