/**
 * The shape of environments.jsonc. What spans several fields is in checks.ts.
 */
import * as z from "zod";
import { accountId, terraformAccess } from "./schema-account.ts";
import { cluster, service } from "./schema-cluster.ts";
import { regionName, retentionDays } from "./schema-common.ts";
import { domain } from "./schema-domain.ts";
import { encryptionKey, monitoring } from "./schema-monitoring.ts";
import { loadBalancer } from "./schema-load-balancer.ts";
import { existingIdentityProviders, pipelines } from "./schema-pipelines.ts";
import { registry } from "./schema-registry.ts";
import { state } from "./schema-state.ts";
import { suppressions } from "./schema-suppressions.ts";
import { MAXIMUM_ZONES } from "./subnets.ts";

const network = z
  .strictObject({
    cidr: z
      .string()
      .describe("The VPC's IPv4 block, /16 to /23, as in 10.0.0.0/16. No two environments overlap."),
    zones: z
      .union([z.int().min(2).max(MAXIMUM_ZONES), z.array(z.string()).min(2).max(MAXIMUM_ZONES)])
      .describe(
        "Availability zones: their names, as in us-east-1a, or how many of the region's to take. Names stay put " +
          "when AWS adds a zone. The order decides the subnets: append, never insert.",
      ),
    nat: z
      .enum(["one", "per-zone"])
      .default("one")
      .describe(
        "One NAT gateway for all zones, or one a zone, which outlives the loss of a zone and costs more.",
      ),
    flowLogs: z
      .union([z.literal(false), z.strictObject({ retentionDays: retentionDays.default(30) })])
      .prefault({})
      .describe("VPC flow logs to CloudWatch Logs; false for none."),
  })
  .describe("The VPC and its subnets.");

/** What names an environment. */
const environmentName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);

/** One environment as the file writes it; its name is the key. */
export const environmentSchema = z
  .strictObject({
    region: regionName.describe("The AWS region, as in us-east-1."),
    account: accountId.optional(),
    terraform: terraformAccess.optional(),
    network: network.optional(),
    sharesNetworkOf: environmentName
      .optional()
      .describe(
        "In place of network and loadBalancers: the environment in this file whose VPC and load balancers this one " +
          "uses. It keeps a cluster, roles and security groups of its own.",
      ),
    loadBalancers: z
      .strictObject({ external: loadBalancer.optional(), internal: loadBalancer.optional() })
      .default({})
      .describe(
        "external is internet-facing; internal is reachable inside the VPC only. Leave out what is not needed.",
      ),
    cluster,
    encryptionKey: encryptionKey.optional(),
    monitoring,
    domain: domain.optional(),
    services: z
      .record(z.string().regex(/^[A-Za-z0-9_-]{1,255}$/), service)
      .default({})
      .describe("Services behind the load balancers, by name."),
    registry: registry.optional(),
    secretsPrefix: z
      .string()
      .regex(/^\/([A-Za-z0-9_.-]+\/)+$/)
      .optional()
      .describe(
        "Parameter Store folder that tasks may read, with '/' at both ends. Default: /<environment>/.",
      ),
    suppressions,
    taskRoles: z
      .array(z.string().regex(/^[\w+=,.@-]{1,64}$/))
      .default([])
      .describe(
        "Roles right below /ecs/ that its tasks may have besides those named <environment>_…, each by its name.",
      ),
  })
  .describe("One environment.");

/** The whole file. */
export const fileSchema = z
  .strictObject({
    $schema: z.string().optional().describe("The JSON schema that editors follow."),
    users: z
      .strictObject({
        deployerAccessKey: z
          .boolean()
          .default(false)
          .describe("Make an access key for the deployer. It is kept in the Terraform state in clear text."),
        suppressions,
      })
      .prefault({})
      .describe("Account-wide users."),
    state,
    pipelines,
    existingIdentityProviders,
    environments: z
      .record(environmentName, environmentSchema)
      .describe("Environments by name: lower-case letters, digits and hyphens, at most 32 characters."),
  })
  .describe("Every environment of this project.");
