import * as z from "zod";
import { blueGreen } from "./schema-blue-green.ts";
import { port, retentionDays } from "./schema-common.ts";
import { exec } from "./schema-monitoring.ts";
import { instanceTypeName, otherInstanceTypes, refresh, spot } from "./schema-hosts.ts";

/** Hosts of one kind. */
export const instanceGroup = z
  .strictObject({
    instanceType: instanceTypeName.describe("An EC2 instance type, as in t3.small."),
    otherInstanceTypes,
    spot,
    architecture: z
      .enum(["x86_64", "arm64"])
      .default("x86_64")
      .describe("The processor that the instance type has; decides the machine image."),
    min: z.int().min(0).max(5000).describe("Fewest hosts."),
    desired: z
      .int()
      .min(0)
      .max(5000)
      .describe("Hosts at first; managed scaling owns the number from then on."),
    max: z.int().min(1).max(5000).describe("Most hosts."),
    diskGiB: z
      .int()
      .min(30)
      .max(16384)
      .default(30)
      .describe("Size of a host's encrypted disk, at least 30 GiB."),
    targetCapacityPercent: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe(
        "How full managed scaling keeps the hosts; below 100 leaves room for a rollout. Default: 100, or so much that " +
          "one host is spare where a service takes a fixed port of its host.",
      ),
    refresh,
    terminationProtection: z
      .boolean()
      .default(false)
      .describe("Keep managed scaling from ending hosts that run tasks; makes destroying the stack slow."),
  })
  .describe("Hosts of one kind, in an auto-scaling group with a capacity provider of its own.");

const strategyItem = z.strictObject({
  weight: z.int().min(0).max(1000).default(0).describe("Share of the tasks beyond the base."),
  base: z
    .int()
    .min(0)
    .max(100000)
    .default(0)
    .describe("Tasks that are placed here first; one item at most has one."),
});

/** The cluster and its capacity. */
export const cluster = z
  .strictObject({
    containerInsights: z
      .enum(["enabled", "enhanced", "disabled"])
      .default("enabled")
      .describe("CloudWatch Container Insights."),
    logRetentionDays: retentionDays.default(30),
    exec,
    ec2: instanceGroup.nullable().describe("The default hosts; null for a cluster of Fargate alone."),
    extraInstanceGroups: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), instanceGroup)
      .default({})
      .describe(
        "Further hosts, by name: lower-case letters, digits and hyphens, at most 32. 'default' is taken.",
      ),
    defaultStrategy: z
      .strictObject({
        fargate: strategyItem.prefault({ weight: 1 }),
        fargateSpot: strategyItem.prefault({}),
      })
      .optional()
      .describe(
        "How tasks spread over FARGATE and FARGATE_SPOT whose service asks for nothing. Leave it out, and they run " +
          "on the default hosts, or on FARGATE where there are none.",
      ),
  })
  .describe("The ECS cluster and its capacity.");

/** A service behind the load balancers. */
export const service = z
  .strictObject({
    containerPort: port.describe("The port that the container listens on."),
    networkMode: z.enum(["awsvpc", "bridge", "host"]).describe("As in the task definition."),
    hostPort: port
      .optional()
      .describe("For bridge: a fixed port on the host. Without it ECS picks one of the ephemeral ports."),
    blueGreen: blueGreen
      .optional()
      .describe("How deployments get their traffic; without it they are rolling."),
  })
  .describe(
    "What the security groups have to open for a service, and how its deployments get their traffic.",
  );
