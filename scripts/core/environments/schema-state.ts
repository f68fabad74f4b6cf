/**
 * Where Terraform keeps what it knows of the stacks.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/s3
 */
import * as z from "zod";
import { regionName } from "./schema-common.ts";

const s3 = z
  .strictObject({
    in: z.literal("s3"),
    region: regionName.describe("The Region of the bucket, as in us-east-1."),
    bucket: z
      .string()
      .regex(/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
      .optional()
      .describe(
        "The bucket: 3 to 63 lower-case letters, digits, dots and hyphens. Without it, slipway-state-<account>-<region> " +
          "of each environment's account.",
      ),
    keyPrefix: z
      .string()
      .regex(/^([A-Za-z0-9_.-]+\/)+$/)
      .max(200)
      .default("slipway/")
      .describe("What the keys begin with, with '/' at its end; the stack's name follows."),
    kmsKeyArn: z
      .string()
      .regex(/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/)
      .optional()
      .describe(
        "The KMS key that encrypts the state, by its ARN, as in arn:aws:kms:us-east-1:123456789012:key/…. Without it, " +
          "S3's own key does.",
      ),
  })
  .describe(
    "A bucket, made by npm run bootstrap: encrypted, with versions, and locked while Terraform works.",
  );

const local = z
  .strictObject({ in: z.literal("local") })
  .describe("Files in the working directory, or in SLIPWAY_STATE_DIR.");

/** Where Terraform keeps what it knows. */
export const state = z
  .discriminatedUnion("in", [local, s3])
  .default({ in: "local" })
  .describe("Where Terraform keeps what it knows of the stacks.");

/** The S3 alternative alone, for checks. */
export const s3State = s3;
