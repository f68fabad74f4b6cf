/**
 * How the bucket of Terraform's state has to be. State holds secrets in clear text, and losing it orphans everything
 * that it knows of.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions
 */

/** What a bucket is to be made for. */
export interface BucketPurpose {
  readonly name: string;
  /** As in ARNs: `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly kmsKeyArn: string | undefined;
}

/** The settings of a bucket, in the form in which S3 gives them. Absent is what S3 has none of. */
export interface BucketSettings {
  readonly versioning?: string | undefined;
  readonly encryption?: unknown;
  readonly publicAccess?: unknown;
  readonly ownership?: string | undefined;
  readonly policy?: unknown;
  readonly lifecycle?: unknown;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Old versions are kept for so long: by then whoever needs one to go back to has noticed. */
const OLD_VERSIONS_DAYS = 365;

/** What Terraform uploads in parts and never ends is gone after so long. */
const ABORTED_UPLOAD_DAYS = 7;

/** The settings that a bucket of state has to have. */
export function bucketSettings(purpose: BucketPurpose): Required<BucketSettings> {
  return {
    versioning: "Enabled",
    encryption: [encryptionRule(purpose.kmsKeyArn)],
    publicAccess: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
    ownership: "BucketOwnerEnforced",
    policy: bucketPolicy(purpose),
    lifecycle: [
      {
        ID: "old-versions-of-state",
        Status: "Enabled",
        Filter: { Prefix: "" },
        Expiration: { ExpiredObjectDeleteMarker: true },
        NoncurrentVersionExpiration: { NoncurrentDays: OLD_VERSIONS_DAYS },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: ABORTED_UPLOAD_DAYS },
      },
    ],
    tags: { "slipway:purpose": "terraform-state" },
  };
}

function encryptionRule(kmsKeyArn: string | undefined): object {
  return {
    ApplyServerSideEncryptionByDefault:
      kmsKeyArn === undefined
        ? { SSEAlgorithm: "AES256" }
        : { SSEAlgorithm: "aws:kms", KMSMasterKeyID: kmsKeyArn },
    // One request to KMS for many objects.
    BucketKeyEnabled: kmsKeyArn !== undefined,
  };
}

/**
 * Denies what would lose state, to everybody: whoever means it takes the policy away first. Terraform deletes its lock
 * files and nothing else.
 */
function bucketPolicy({ name, partition }: BucketPurpose): object {
  const bucket = `arn:${partition}:s3:::${name}`;
  const deny = (Sid: string, rest: object): object => ({ Sid, Effect: "Deny", Principal: "*", ...rest });
  return {
    Version: "2012-10-17",
    Statement: [
      deny("EncryptedConnectionsOnly", {
        Action: "s3:*",
        Resource: [bucket, `${bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
      deny("StateIsNotDeleted", { Action: "s3:DeleteObject", NotResource: `${bucket}/*.tflock` }),
      deny("VersionsAreNotDeleted", { Action: "s3:DeleteObjectVersion", Resource: `${bucket}/*` }),
      deny("BucketIsNotDeleted", { Action: "s3:DeleteBucket", Resource: bucket }),
    ],
  };
}
