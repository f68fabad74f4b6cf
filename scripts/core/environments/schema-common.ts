import * as z from "zod";

/** The days that CloudWatch Logs can keep a log group for (PutRetentionPolicy). */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** How long a log group keeps its events. */
export const retentionDays = z
  .literal(RETENTION_DAYS)
  .describe("Days that CloudWatch Logs keeps the log group for.");
/** A TCP port. */
export const port = z.int().min(1).max(65535);
/** A certificate of AWS Certificate Manager. */
export const certificateArn = z
  .string()
  .regex(/^arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/)
  .describe("ARN of a certificate in ACM, as in arn:aws:acm:us-east-1:123456789012:certificate/1234abcd.");
/** The name of an AWS Region; which of them there are is a check of its own. */
export const regionName = z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/);
