/**
 * Where Terraform's state is in S3. The stacks and `npm run bootstrap` go by the same names.
 */
import type { S3State } from "../environments.ts";

/** The bucket of an account's state where the file names none: at most 41 characters of the 63 that S3 takes. */
export function defaultBucketName(account: string, region: string): string {
  return `slipway-state-${account}-${region}`;
}

/**
 * The bucket of the stacks of an account.
 *
 * @param account undefined where the file names neither accounts nor, then, leaves the bucket out
 */
export function bucketName({ bucket, region }: S3State, account: string | undefined): string {
  if (bucket !== undefined) return bucket;
  if (account === undefined) {
    throw new TypeError("The checks have let a file through that names neither a bucket nor accounts.");
  }
  return defaultBucketName(account, region);
}

/** The key of a stack's state; Terraform's lock stands beside it, with `.tflock` at its end. */
export function stateKey({ keyPrefix }: S3State, stack: string): string {
  return `${keyPrefix}${stack}.tfstate`;
}
