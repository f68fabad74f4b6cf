import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import type { Construct } from "constructs";
import type { Environment } from "../scripts/core/environments.ts";
import {
  clusterName,
  encryptionKeyAlias,
  eventTopicName,
  execLogGroupName,
  logGroupName,
} from "../scripts/core/naming.ts";
import { arnIn } from "./constructs/arns.ts";
import type { Account } from "./constructs/arns.ts";
import { allowService, resourcePolicy } from "./constructs/resource-policy.ts";
import type { ResourceStatement } from "./constructs/resource-policy.ts";
import { EnvironmentStack } from "./environment-stack.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";

/** The longest that AWS waits: what a key has encrypted is lost with it. */
const deletionDays = 30;

/**
 * The KMS key of an environment. Everything else that is encrypted refers to it, so it comes first and goes last.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 */
export class EncryptionStack extends EnvironmentStack {
  readonly keyArn: string;

  constructor(scope: Construct, settings: EnvironmentStackSettings) {
    super(scope, "encryption", settings);
    const { name } = this.environment;
    const account = {
      partition: new DataAwsPartition(this, "partition").partition,
      id: new DataAwsCallerIdentity(this, "account").accountId,
    };
    const key = new KmsKey(this, "key", {
      description: `Logs and notifications of environment ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: deletionDays,
      policy: resourcePolicy(keyStatements(this.environment, account)),
    });
    new KmsAlias(this, "alias", { name: encryptionKeyAlias(name), targetKeyId: key.keyId });
    this.keyArn = key.arn;
    this.publish({ "encryption-key-arn": key.arn });
  }
}

/** Log groups of an environment, as they are named or begin. */
function logGroups({ name }: Environment): string[] {
  return [
    logGroupName(name),
    `${logGroupName(name)}/*`,
    execLogGroupName(name),
    `/aws/ecs/containerinsights/${clusterName(name)}/*`,
    `/vpc/${name}/*`,
  ];
}

/**
 * Who may use the key. The account itself may, so that IAM decides about its users and roles; AWS's services may for
 * what belongs to the environment, told by what they say that they encrypt.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
function keyStatements(environment: Environment, account: Account): ResourceStatement[] {
  const { name, region } = environment;
  const throughTopic = {
    "kms:EncryptionContext:aws:sns:topicArn": arnIn(account, "sns", region, eventTopicName(name)),
  };
  return [
    {
      Sid: "LetIamDecide",
      Effect: "Allow",
      Principal: { AWS: arnIn(account, "iam", "", "root") },
      Action: ["kms:*"],
      Resource: "*",
    },
    allowService(
      "EncryptLogs",
      `logs.${region}.amazonaws.com`,
      ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      "*",
      {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": logGroups(environment).map((group) =>
            arnIn(account, "logs", region, `log-group:${group}`),
          ),
        },
      },
    ),
    // EventBridge does not say for whom it publishes when SNS asks for the key, so no aws:Source… condition would hold.
    allowService("TellOfEvents", "events.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey*"], "*", {
      StringEquals: throughTopic,
    }),
    allowService("TellOfAlarms", "cloudwatch.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey*"], "*", {
      StringEquals: { ...throughTopic, "aws:SourceAccount": account.id },
    }),
  ];
}
