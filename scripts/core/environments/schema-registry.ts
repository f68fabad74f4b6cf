/**
 * Where an environment's images are: repositories of ECR that Terraform makes, or those of another environment.
 */
import * as z from "zod";

/** A field of environments.jsonc that names another environment. */
const environmentName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);

const path = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

const cachePrefix = z
  .string()
  .min(2)
  .max(30)
  .regex(/^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/)
  .optional()
  .describe(
    "The path that cached images are found under, 2 to 30 characters: lower-case letters and digits with single ., _, - " +
      "or / inside. Default: the name of the cache. One of a kind in the account and Region.",
  );

/** Registries that let anybody pull. */
const openCache = z
  .strictObject({ prefix: cachePrefix })
  .describe("Images of this registry are kept in ECR once they were pulled. {} is enough.");

/** Registries that ECR pulls from with a user's credentials only. */
const closedCache = z
  .strictObject({
    credentialArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache\/[\w/+=.@-]+$/)
      .describe(
        "The secret with username and accessToken, in the account and Region of the environment. ECR takes one only " +
          "whose name begins with ecr-pullthroughcache/, as in " +
          "arn:aws:secretsmanager:us-east-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf.",
      ),
    prefix: cachePrefix,
  })
  .describe("Images of this registry are kept in ECR once they were pulled with the credentials given.");

const pullThrough = z
  .strictObject({
    "ecr-public": openCache.optional(),
    "docker-hub": closedCache.optional(),
    quay: openCache.optional(),
    kubernetes: openCache.optional(),
    github: closedCache.optional(),
    gitlab: closedCache.optional(),
  })
  .default({})
  .describe("Other registries whose images come through ECR: a pull-through cache for each.");

/** Repositories that Terraform makes for this environment. */
export const ownRegistry = z
  .strictObject({
    namespace: z
      .string()
      .min(2)
      .max(64)
      .regex(path)
      .optional()
      .describe(
        "The repositories are <namespace>/<service>. Lower-case letters and digits with single ., _ or - inside, 2 to " +
          "64 characters. Default: the environment's name.",
      ),
    services: z
      .union([z.literal("all"), z.array(z.string().regex(/^[A-Za-z0-9_-]{1,255}$/)).min(1)])
      .default("all")
      .describe(
        'Services that get a repository: their names, or "all" of this environment and of those that use its registry. ' +
          "A name that is not under services, such as that of a worker without a load balancer, is allowed.",
      ),
    keepImages: z
      .int()
      .min(1)
      .max(100_000)
      .default(100)
      .describe("Newest tagged images that a repository keeps. What is deployed stays besides."),
    untaggedDays: z
      .int()
      .min(1)
      .max(3_650)
      .default(14)
      .describe("Days after which an image without a tag goes."),
    forceDelete: z
      .boolean()
      .default(false)
      .describe("Destroy repositories with the images in them; without it Terraform refuses."),
    deployAccounts: z
      .array(z.string().regex(/^\d{12}$/))
      .default([])
      .describe("Other AWS accounts that deploy these images: they may pull them and pin what they run."),
    releasePins: z
      .boolean()
      .default(false)
      .describe(
        "Let ./deploy revisions <service> --keep-revisions <n> take the pins of images away that none of the service's " +
          "revisions names any more, and make the policy that this takes (output registry-keeper-policy-arn).",
      ),
    pullThrough,
  })
  .describe("Repositories of this environment's own.");

/** Another environment's repositories. */
export const sharedRegistry = z
  .strictObject({
    of: environmentName.describe("The environment in this file whose repositories this one uses."),
  })
  .describe("The repositories of another environment: what was tested is what is deployed.");

/** The field `registry` of an environment. */
export const registry = z
  .union([sharedRegistry, ownRegistry])
  .describe(
    'Repositories in ECR for the services\' images; {} for the defaults, { "of": "<environment>" } to use those of another.',
  );
