import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { CloudwatchLogGroupConfig } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository/index.js";
import type { EcrRepositoryConfig } from "@cdktf/provider-aws/lib/ecr-repository/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import type { Build, RuleCase } from "../../../helpers/hardening.ts";

const repository =
  (config: Omit<EcrRepositoryConfig, "name">): Build =>
  (stack) => {
    new EcrRepository(stack, "images", { name: "images", ...config });
  };

const logGroup =
  (config: CloudwatchLogGroupConfig): Build =>
  (stack) => {
    new CloudwatchLogGroup(stack, "logs", config);
  };

export const registryAndLogCases = {
  CKV_AWS_51: {
    refused: [
      { what: "tags that move", build: repository({}), found: "image_tag_mutability is not set" },
      {
        what: "tags that may move",
        build: repository({ imageTagMutability: "MUTABLE" }),
        found: 'image_tag_mutability is "MUTABLE"',
      },
    ],
    taken: [{ what: "tags that stay", build: repository({ imageTagMutability: "IMMUTABLE" }) }],
  },
  CKV_AWS_163: {
    refused: [
      {
        what: "images that nobody scans",
        build: repository({}),
        found: "image_scanning_configuration.scan_on_push is not set",
      },
    ],
    taken: [{ what: "scans", build: repository({ imageScanningConfiguration: { scanOnPush: true } }) }],
  },
  CKV_AWS_136: {
    refused: [
      {
        what: "the key of AWS's own",
        build: repository({ encryptionConfiguration: [{ encryptionType: "AES256" }] }),
        found: 'encryption_configuration.encryption_type is "AES256"',
      },
    ],
    taken: [{ what: "KMS", build: repository({ encryptionConfiguration: [{ encryptionType: "KMS" }] }) }],
  },
  CKV_AWS_338: {
    refused: [
      { what: "two weeks", build: logGroup({ retentionInDays: 14 }), found: "retention_in_days is 14" },
      { what: "what nobody has said", build: logGroup({}), found: "retention_in_days is not set" },
    ],
    taken: [
      { what: "a year", build: logGroup({ retentionInDays: 365 }) },
      { what: "for ever", build: logGroup({ retentionInDays: 0 }) },
    ],
  },
  CKV_AWS_158: {
    refused: [{ what: "a group without a key", build: logGroup({}), found: "kms_key_id is not set" }],
    taken: [
      {
        what: "a key of the stack",
        build: (stack) =>
          new CloudwatchLogGroup(stack, "logs", { kmsKeyId: new KmsKey(stack, "key", {}).arn }),
      },
    ],
  },
  CKV_AWS_26: {
    refused: [
      {
        what: "a topic without a key",
        build: (stack) => new SnsTopic(stack, "topic", {}),
        found: "kms_master_key_id is not set",
      },
    ],
    taken: [
      {
        what: "a topic with a key",
        build: (stack) => new SnsTopic(stack, "topic", { kmsMasterKeyId: "alias/aws/sns" }),
      },
    ],
  },
} satisfies Record<string, RuleCase>;
