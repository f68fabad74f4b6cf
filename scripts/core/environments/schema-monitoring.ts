import * as z from "zod";
import { retentionDays } from "./schema-common.ts";

/** The key that logs and notifications are encrypted with. */
export const encryptionKey = z
  .union([
    z.literal("own"),
    z
      .string()
      .regex(
        /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
      ),
  ])
  .describe(
    'The KMS key of log groups, sessions in containers and notifications: "own" makes one, which costs 1 USD a month; ' +
      "the ARN of a key (no alias) uses that one. Default: AWS's own encryption.",
  );

/** Sessions in containers, as `./deploy exec` opens them. */
export const exec = z
  .union([
    z.literal(false),
    z.strictObject({
      logRetentionDays: retentionDays.default(90).describe("Days that what was typed and shown is kept."),
    }),
  ])
  .prefault({})
  .describe(
    "Sessions in containers: the environment's task roles allow them, and they are logged to /ecs-exec/<environment>. " +
      "false: the task roles do not, and the cluster is left as ECS has it.",
  );

/** Who is told what goes wrong, and where to look. */
export const monitoring = z
  .strictObject({
    subscriptions: z
      .array(
        z
          .string()
          .regex(/^([^\s@:]+@[^\s@]+\.[A-Za-z]{2,}|https:\/\/[^\s/]+(\/\S*)?)$/)
          .describe(
            "An email address, as in oncall@example.com, or an https endpoint, as in https://hooks.example.com/ecs.",
          ),
      )
      .max(100)
      .default([])
      .describe(
        "Who is told: email addresses, as in oncall@example.com, and endpoints, as in https://hooks.example.com/ecs. " +
          "Each has to confirm once, by the link that AWS sends it.",
      ),
    dashboard: z
      .boolean()
      .default(true)
      .describe(
        "Make a CloudWatch dashboard. Three are free in an account, each further one is 3 USD a month.",
      ),
  })
  .optional()
  .describe("An SNS topic that is told of failed tasks, failed deployments and alarms, and a dashboard.");
