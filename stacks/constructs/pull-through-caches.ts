import { EcrPullThroughCacheRule } from "@cdktf/provider-aws/lib/ecr-pull-through-cache-rule/index.js";
import { EcrRepositoryCreationTemplate } from "@cdktf/provider-aws/lib/ecr-repository-creation-template/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { Construct } from "constructs";
import type { Environment } from "../../scripts/core/environments.ts";
import { registryRoleName, registryRolePath } from "../../scripts/core/naming.ts";
import type { Cache } from "../../scripts/core/registry/registry.ts";
import { arnIn, type Account } from "./arns.ts";
import { allowStatement, assumableBy, policyDocument } from "./policy.ts";

/** What makes the pull-through caches of an environment. */
export interface PullThroughCachesProps {
  readonly environment: Environment;
  readonly caches: readonly Cache[];
  readonly account: Account & { readonly dnsSuffix: string };
  readonly encryptionKeyArn: string | undefined;
}

const upstreamUrls: Readonly<Record<Cache["upstream"], string>> = {
  "ecr-public": "public.ecr.aws",
  "docker-hub": "registry-1.docker.io",
  quay: "quay.io",
  kubernetes: "registry.k8s.io",
  github: "ghcr.io",
  gitlab: "registry.gitlab.com",
};

/**
 * Pull-through caches, and the template of the repositories that ECR makes for them: encrypted, with tags that stay. What
 * was cached is kept; nothing tells ECR whether it runs.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
 */
export class PullThroughCaches extends Construct {
  /** By output name, what stands in place of the other registry in an image's name. */
  readonly urls: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: PullThroughCachesProps) {
    super(scope, id);
    const { caches, account, environment } = props;
    const role = this.#addRole(props);
    for (const { upstream, prefix, credentialArn } of caches) {
      const template = new EcrRepositoryCreationTemplate(this, `template-${upstream}`, {
        prefix,
        description: `Repositories of images that come from ${upstreamUrls[upstream]}`,
        appliedFor: ["PULL_THROUGH_CACHE"],
        customRoleArn: role.arn,
        imageTagMutability: "IMMUTABLE",
        encryptionConfiguration: [
          {
            encryptionType: "KMS",
            ...(props.encryptionKeyArn === undefined ? {} : { kmsKey: props.encryptionKeyArn }),
          },
        ],
        resourceTags: { "slipway:environment": environment.name },
      });
      new EcrPullThroughCacheRule(this, `rule-${upstream}`, {
        ecrRepositoryPrefix: prefix,
        upstreamRegistryUrl: upstreamUrls[upstream],
        ...(credentialArn === undefined ? {} : { credentialArn }),
        // A pull in between would make a repository without the template's settings.
        dependsOn: [template],
      });
    }
    this.urls = Object.fromEntries(
      caches.map(({ upstream, prefix }) => [
        `pull-through-${upstream}-url`,
        `${account.id}.dkr.ecr.${environment.region}.${account.dnsSuffix}/${prefix}`,
      ]),
    );
  }

  /** ECR makes repositories with a key and tags as this role only. No deployer may pass it. */
  #addRole({ environment, caches, account, encryptionKeyArn }: PullThroughCachesProps): IamRole {
    const role = new IamRole(this, "role", {
      name: registryRoleName(environment.name),
      path: registryRolePath,
      description: "Lets ECR make the repositories of cached images",
      assumeRolePolicy: assumableBy("ecr.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": account.id },
      }),
    });
    const repositories = caches.map(({ prefix }) =>
      arnIn(account, "ecr", environment.region, `repository/${prefix}/*`),
    );
    new IamRolePolicy(this, "role-policy", {
      name: "make-repositories",
      role: role.name,
      policy: policyDocument([
        allowStatement(
          "MakeRepositories",
          ["ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource"],
          repositories,
        ),
        allowStatement(
          "EncryptRepositories",
          ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"],
          [encryptionKeyArn ?? arnIn(account, "kms", environment.region, "key/*")],
          { StringEquals: { "kms:ViaService": `ecr.${environment.region}.amazonaws.com` } },
        ),
      ]),
    });
    return role;
  }
}
