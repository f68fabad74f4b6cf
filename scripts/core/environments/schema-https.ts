/**
 * What a load balancer has for HTTPS, and where it writes who asked for what.
 */
import * as z from "zod";
import { certificateArn, port } from "./schema-common.ts";

/** The names that S3 allows, dots left out: they break TLS to the bucket. */
const bucketName = z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);

const mutualTls = z
  .discriminatedUnion("mode", [
    z
      .strictObject({ mode: z.literal("passthrough") })
      .describe("Hands the clients' certificates to the targets, unchecked."),
    z
      .strictObject({
        mode: z.literal("verify"),
        trustStoreArn: z
          .string()
          .regex(/^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:truststore\/[\w-]{1,32}\/[0-9a-f]+$/)
          .optional()
          .describe("A trust store that is there."),
        caCertificates: z
          .strictObject({
            bucket: bucketName.describe("The bucket."),
            key: z.string().min(1).max(1024).describe("The object: certificates in PEM."),
          })
          .optional()
          .describe(
            "In place of trustStoreArn: the authorities' certificates in S3; makes a trust store of them.",
          ),
        ignoreExpiry: z.boolean().default(false).describe("Accept certificates that have expired."),
      })
      .describe("Accepts clients only whose certificates come from these authorities."),
  ])
  .describe("Asks clients for certificates of their own.");

/** An HTTPS listener in place of the HTTP one. */
export const https = z
  .strictObject({
    port: port.default(443).describe("The port that clients use, for HTTPS."),
    certificateArn: certificateArn
      .optional()
      .describe("The certificate. Default: the one of the environment's domain (domain.certificate)."),
    additionalCertificateArns: z
      .array(certificateArn)
      .max(24)
      .default([])
      .describe("Further certificates; a client gets the one for the name that it asks for."),
    policy: z
      .string()
      .regex(/^ELBSecurityPolicy-TLS13-1-[23](-[A-Za-z0-9]+)*-20\d\d-\d\d$/)
      .default("ELBSecurityPolicy-TLS13-1-2-2021-06")
      .describe(
        "Security policy with TLS 1.3, and 1.2 as the oldest version: one of ELBSecurityPolicy-TLS13-1-2-… or -1-3-….",
      ),
    mutualTls: mutualTls.optional(),
  })
  .describe(
    "HTTPS: listeners, rules and test listener speak it, and the HTTP port sends clients on to it (301).",
  );

/** Where a load balancer's access logs go. */
export const accessLogs = z
  .strictObject({
    bucket: bucketName
      .optional()
      .describe("A bucket that is there, whose policy lets load balancers write. Default: one is made."),
    retentionDays: z
      .int()
      .min(1)
      .max(3653)
      .default(365)
      .describe("Days after which the bucket that is made deletes them."),
  })
  .describe("Access logs to S3: a line for each request.");
