import * as z from "zod";
import { terraformRulePriorities } from "./rule-priorities.ts";
import { certificateArn, port } from "./schema-common.ts";
import { hostName, targetGroup } from "./schema-load-balancer.ts";

const common = {
  loadBalancer: z
    .enum(["external", "internal"])
    .default("external")
    .describe("Which of the environment's load balancers carries the traffic."),
  host: hostName
    .optional()
    .describe("The host name that clients use. Default: the service's name in the environment's domain."),
  targetGroup: targetGroup
    .prefault({})
    .describe("Health check and deregistration delay of the target groups that deployments get."),
};

/** What Terraform has to make beforehand: a pair of target groups and the rules that deployments move. */
const pair = {
  ...common,
  priority: z
    .int()
    .min(terraformRulePriorities.first)
    .max(terraformRulePriorities.last)
    .describe("Priority of the service's rules, on the production listener and on the test listener alike."),
  paths: z
    .array(z.string().regex(/^\/[A-Za-z0-9_\-.$/~"'@:+&*?]{0,127}$/))
    .min(1)
    .max(4)
    .optional()
    .describe("Paths that belong to the service; without them all of its host does."),
  alarms: z
    .strictObject({
      errorsPerMinute: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(10)
        .describe("Answers with a code of 500 or above, of one target group within a minute."),
      responseSeconds: z
        .number()
        .min(0.01)
        .max(4000)
        .default(2)
        .describe("What 95 of 100 answers stay below, in seconds; above it for three minutes is an alarm."),
    })
    .prefault({})
    .describe(
      "When the alarms of the service's target groups ring; deployments that name them go back then.",
    ),
};

const stage = z
  .strictObject({
    by: z.literal("stage"),
    ...common,
    listener: z
      .strictObject({
        port,
        protocol: z.enum(["HTTP", "HTTPS"]).default("HTTP"),
        certificateArn: certificateArn
          .optional()
          .describe(
            "For HTTPS: the certificate of a listener that has to be made, by its ARN, as in " +
              "arn:aws:acm:eu-west-1:123456789012:certificate/….",
          ),
      })
      .optional()
      .describe("The listener, made if it is missing. Default: the load balancer's own."),
    keep: z
      .int()
      .min(0)
      .max(4)
      .default(1)
      .describe("How many retired deployments teardown --all-retired leaves standing."),
  })
  .describe("A service of its own for each deployment: ./deploy stage, activate and teardown.");

const codeDeploy = z
  .strictObject({
    by: z.literal("codeDeploy"),
    ...pair,
    deploymentConfig: z
      .string()
      .regex(/^[A-Za-z0-9+=,.@_-]{1,100}$/)
      .default("CodeDeployDefault.ECSAllAtOnce")
      .describe("How traffic moves unless --deployment-config says otherwise."),
    approvalMinutes: z
      .int()
      .min(0)
      .max(2880)
      .default(0)
      .describe(
        "How long a deployment waits for ./deploy activate, and is stopped then; 0 moves traffic by itself.",
      ),
    terminationMinutes: z
      .int()
      .min(0)
      .max(2880)
      .default(5)
      .describe("How long the old tasks stay after the traffic has moved, for going back at once."),
  })
  .describe("AWS CodeDeploy moves the traffic between two target groups.");

const ecs = z
  .strictObject({ by: z.literal("ecs"), ...pair })
  .describe("ECS itself moves the traffic: strategy BLUE_GREEN, LINEAR or CANARY in service.json.");

/** How a service's deployments get their traffic, where they are not rolling. */
export const blueGreen = z.discriminatedUnion("by", [stage, codeDeploy, ecs]);
