import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy/index.js";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository/index.js";
import { EcrRepositoryPolicy } from "@cdktf/provider-aws/lib/ecr-repository-policy/index.js";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy/index.js";
import type { Construct } from "constructs";
import { registryKeeperPolicyName, rolePath } from "../scripts/core/naming.ts";
import { registryWork } from "../scripts/core/permissions/registry.ts";
import { lifecycleRules } from "../scripts/core/registry/lifecycle.ts";
import type { Registry, Repository } from "../scripts/core/registry/registry.ts";
import { arnIn, type Account } from "./constructs/arns.ts";
import { allowStatement, policyDocument } from "./constructs/policy.ts";
import { PullThroughCaches } from "./constructs/pull-through-caches.ts";
import { EnvironmentStack } from "./environment-stack.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";

/** What makes a registry. */
export interface RegistryStackSettings extends EnvironmentStackSettings {
  readonly registry: Registry;
  /** The KMS key of the environment; AWS's own key for ECR where there is none. */
  readonly encryptionKeyArn?: string;
}

/** What templates name images by: output names with the URLs of repositories and caches. */
export type RegistryOutputs = Readonly<Record<string, string>>;

/**
 * A private repository of ECR for each service. Tags can't be moved, images are scanned when they are pushed, encrypted
 * by KMS and kept as long as something runs them.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html
 */
export class RegistryStack extends EnvironmentStack {
  /** What the environments that share the registry publish as well. */
  readonly urls: RegistryOutputs;
  readonly #registry: Registry;
  readonly #encryptionKeyArn: string | undefined;

  constructor(scope: Construct, { registry, encryptionKeyArn, ...settings }: RegistryStackSettings) {
    super(scope, "registry", settings);
    this.#registry = registry;
    this.#encryptionKeyArn = encryptionKeyArn;
    const account: Account & { readonly dnsSuffix: string } = this.#account();
    const repositories = registry.repositories.map((repository) => ({
      output: repository.output,
      url: this.#addRepository(repository, account.partition).repositoryUrl,
    }));
    const caches =
      registry.caches.length === 0
        ? {}
        : new PullThroughCaches(this, "pull-through", {
            environment: this.environment,
            caches: registry.caches,
            account,
            encryptionKeyArn,
          }).urls;
    this.urls = {
      ...Object.fromEntries(repositories.map(({ output, url }) => [output, url])),
      ...caches,
    };
    this.publish(this.urls);
    if (registry.releasePins) {
      this.publish({ "registry-keeper-policy-arn": this.#addKeeperPolicy(account).arn });
    }
  }

  #account(): Account & { readonly dnsSuffix: string } {
    const { partition, dnsSuffix } = new DataAwsPartition(this, "partition");
    return { partition, dnsSuffix, id: new DataAwsCallerIdentity(this, "account").accountId };
  }

  #addRepository({ service, name }: Repository, partition: string): EcrRepository {
    const { forceDelete, deployAccounts } = this.#registry;
    const repository = new EcrRepository(this, `repository-${service}`, {
      name,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [
        {
          encryptionType: "KMS",
          ...(this.#encryptionKeyArn === undefined ? {} : { kmsKey: this.#encryptionKeyArn }),
        },
      ],
      forceDelete,
      // ECR can't change the key of a repository; a new one would be without the images.
      lifecycle: { ignoreChanges: ["encryption_configuration"] },
    });
    new EcrLifecyclePolicy(this, `lifecycle-${service}`, {
      repository: repository.name,
      policy: JSON.stringify({ rules: lifecycleRules(this.#registry) }),
    });
    if (deployAccounts.length > 0) {
      new EcrRepositoryPolicy(this, `policy-${service}`, {
        repository: repository.name,
        policy: deployAccountsPolicy(deployAccounts, partition),
      });
    }
    return repository;
  }

  /** For whoever takes pins away. It is attached to nobody: it may delete images. */
  #addKeeperPolicy(account: Account): IamPolicy {
    const { region, namespace } = this.#registry;
    const statements = registryWork.releasePins.map(({ actions }) =>
      allowStatement("ReleasePins", actions, [arnIn(account, "ecr", region, `repository/${namespace}/*`)]),
    );
    return new IamPolicy(this, "keeper-policy", {
      name: registryKeeperPolicyName(this.environment.name),
      path: rolePath,
      description: `What ./deploy revisions --keep-revisions needs for pins in registry ${namespace}, besides the deployer's`,
      policy: policyDocument(statements),
    });
  }
}

/** Pulling, and PutImage for pins: without the calls that upload layers it gives an image that is there another tag. */
function deployAccountsPolicy(accounts: readonly string[], partition: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "DeployFromOtherAccounts",
        Effect: "Allow",
        Principal: { AWS: accounts.map((id) => `arn:${partition}:iam::${id}:root`) },
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
          "ecr:PutImage",
        ],
      },
    ],
  });
}

/** What makes an environment's part of another's registry. */
export interface SharedRegistryStackSettings extends EnvironmentStackSettings {
  readonly owner: RegistryStack;
}

/** Tells an environment's templates where the other's repositories are. */
export class SharedRegistryStack extends EnvironmentStack {
  constructor(scope: Construct, { owner, ...settings }: SharedRegistryStackSettings) {
    super(scope, "registry", settings);
    this.publish(owner.urls);
  }
}
