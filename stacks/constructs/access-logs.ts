import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { boundedName } from "../../scripts/core/naming.ts";
import type { Account } from "./arns.ts";
import { allowService, resourcePolicy } from "./resource-policy.ts";

/** What makes a bucket for access logs. */
export interface AccessLogBucketProps {
  /** Of the load balancer: begins the bucket's name, to which Terraform appends 26 characters. */
  readonly name: string;
  readonly account: Account;
  readonly retentionDays: number;
}

/** S3 takes 63 characters. */
const prefixLimit = 63 - 26;

/**
 * Adds a bucket that load balancers of this account, and nobody else, can write logs to. S3 encrypts with its own keys:
 * Elastic Load Balancing writes to no bucket with another's.
 *
 * @returns its name, and what has to be there before a load balancer can write
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export function addAccessLogBucket(
  scope: Construct,
  { name, account, retentionDays }: AccessLogBucketProps,
): { readonly bucket: string; readonly ready: readonly ITerraformDependable[] } {
  const { bucket, arn } = new S3Bucket(scope, "access-logs", {
    bucketPrefix: `${boundedName([name, "logs"], prefixLimit - 1)}-`,
    // Logs outlive the stack that made them: whoever wants them gone empties the bucket first.
    forceDestroy: false,
  });
  const closed = new S3BucketPublicAccessBlock(scope, "access-logs-closed", {
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new S3BucketOwnershipControls(scope, "access-logs-ownership", {
    bucket,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  new S3BucketServerSideEncryptionConfigurationA(scope, "access-logs-encryption", {
    bucket,
    rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  const versioning = new S3BucketVersioningA(scope, "access-logs-versioning", {
    bucket,
    versioningConfiguration: { status: "Enabled" },
  });
  new S3BucketLifecycleConfiguration(scope, "access-logs-lifecycle", {
    bucket,
    rule: [
      {
        id: "expire",
        status: "Enabled",
        filter: [{ prefix: "" }],
        expiration: [{ days: retentionDays }],
        noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
      },
    ],
    dependsOn: [versioning],
  });
  const policy = new S3BucketPolicy(scope, "access-logs-policy", {
    bucket,
    policy: bucketPolicy(arn, account),
    dependsOn: [closed],
  });
  return { bucket, ready: [policy] };
}

function bucketPolicy(arn: string, { id }: Account): string {
  return resourcePolicy([
    allowService(
      "WriteAccessLogs",
      "logdelivery.elasticloadbalancing.amazonaws.com",
      ["s3:PutObject"],
      `${arn}/AWSLogs/${id}/*`,
    ),
    {
      Sid: "RefusePlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}
