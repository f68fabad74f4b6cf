import * as z from "zod";
import { terraformRulePriorities } from "./rule-priorities.ts";
import { port } from "./schema-common.ts";
import { accessLogs, https } from "./schema-https.ts";

const healthCheck = z
  .strictObject({
    path: z
      .string()
      .regex(/^\/[\x21-\x7e]{0,1023}$/)
      .default("/")
      .describe("Path of the request; starts with '/'."),
    matcher: z
      .string()
      .regex(/^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/)
      .default("200")
      .describe("HTTP codes that count as healthy: 200, 200-299 or 200,204."),
    intervalSeconds: z.int().min(5).max(300).default(30).describe("Seconds between two checks of a target."),
    timeoutSeconds: z
      .int()
      .min(2)
      .max(120)
      .default(5)
      .describe("Seconds until a check fails; below the interval."),
    healthyThreshold: z
      .int()
      .min(2)
      .max(10)
      .default(2)
      .describe("Successes in a row that make a target healthy."),
    unhealthyThreshold: z
      .int()
      .min(2)
      .max(10)
      .default(2)
      .describe("Failures in a row that make it unhealthy."),
  })
  .describe("How the load balancer asks a target whether it is well.");

/** A target group of a load balancer. */
export const targetGroup = z.strictObject({
  healthCheck: healthCheck.prefault({}),
  deregistrationDelaySeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(300)
    .describe(
      "Seconds that a leaving target may take to finish its requests; all of them pass, even when idle.",
    ),
});

/** A host condition: at least one dot, letters after the last. */
export const hostName = z.string().regex(/^(?=.{1,128}$)[A-Za-z0-9.*?-]*\.[A-Za-z*?]+$/);

const rule = z
  .strictObject({
    priority: z
      .int()
      .min(terraformRulePriorities.first)
      .max(terraformRulePriorities.last)
      .describe(
        "Lower is asked first; unique in a load balancer. Deployments use a band of their own below this one.",
      ),
    hosts: z
      .array(hostName)
      .min(1)
      .max(5)
      .optional()
      .describe("Host names; * and ? are wildcards. At least one dot."),
    paths: z
      .array(z.string().regex(/^\/[A-Za-z0-9_\-.$/~"'@:+&*?]{0,127}$/))
      .min(1)
      .max(5)
      .optional()
      .describe("Paths; * and ? are wildcards. Case matters."),
    targetGroup: z.enum(["instance", "ip"]).describe("Where matching requests go."),
  })
  .describe("A listener rule: all of its conditions have to hold.");

/** A load balancer. */
export const loadBalancer = z
  .strictObject({
    listenerPort: port
      .default(80)
      .describe("The port that clients use, for HTTP; with https it sends them on to that."),
    https: https.optional(),
    testListenerPort: port
      .optional()
      .describe("A second port, for requests to a version that has no production traffic yet."),
    testListenerCidrs: z
      .array(z.string())
      .min(1)
      .max(20)
      .optional()
      .describe(
        "IPv4 blocks that may use the test listener, as in 203.0.113.0/24. Default: whoever may use the load balancer.",
      ),
    defaultTargetGroup: z
      .enum(["instance", "ip"])
      .default("instance")
      .describe("Where requests go that match no rule."),
    targetGroups: z
      .strictObject({
        instance: targetGroup.prefault({}).describe("For tasks on hosts (network mode bridge or host)."),
        ip: targetGroup
          .prefault({})
          .describe("For tasks with an address of their own (network mode awsvpc)."),
      })
      .prefault({}),
    rules: z
      .array(rule)
      .max(90)
      .default([])
      .describe("Routing by host and path; AWS allows 100 rules in all."),
    idleTimeoutSeconds: z
      .int()
      .min(1)
      .max(4000)
      .default(60)
      .describe("Seconds until an idle connection is closed."),
    accessLogs: accessLogs.optional(),
    webAclArn: z
      .string()
      .regex(/^arn:[a-z-]+:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[\w-]{1,128}\/[\w-]+$/)
      .optional()
      .describe(
        "ARN of a web ACL of AWS WAF that looks at every request; it lies in the environment's region.",
      ),
    deletionProtection: z.boolean().default(false).describe("Refuse to delete it; for production."),
  })
  .describe("An application load balancer.");
