import { App } from "cdktf";
import { describe, expect, test } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { parseEnvironments } from "../../scripts/core/environments.ts";
import { RegistryStack } from "../../stacks/registry.ts";
import { onlyResource, resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";
import type { Block, SynthesizedStack } from "../helpers/terraform-synthesis.ts";

const credentialArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/hub-AbCdEf";
const service = { containerPort: 80, networkMode: "awsvpc" };

function environments(registry: object): object {
  const common = { region: "us-east-1", cluster: { ec2: null }, services: { web: service } };
  return {
    test: { ...common, network: { cidr: "10.0.0.0/16", zones: 2 }, registry },
    live: { ...common, network: { cidr: "10.1.0.0/16", zones: 2 }, registry: { of: "test" } },
  };
}

function stacksOf(registry: object): Readonly<Record<string, SynthesizedStack>> {
  return synthesize(JSON.stringify({ environments: environments(registry) }));
}

const stacks = stacksOf({});
const plain = stackOf(stacks, "test-registry");

function policyOf(block: Block | undefined): readonly Readonly<Record<string, unknown>>[] {
  return (
    JSON.parse(String(block?.["policy"])) as { Statement: readonly Readonly<Record<string, unknown>>[] }
  ).Statement;
}

function byPrefix(blocks: Readonly<Record<string, Block>>, field: string): Block[] {
  return Object.values(blocks).toSorted((one, other) => (String(one[field]) < String(other[field]) ? -1 : 1));
}

describe("a registry", () => {
  test("has private repositories whose tags stay, scanned on push and encrypted by KMS", () => {
    expect(onlyResource(plain, "aws_ecr_repository")).toMatchObject({
      name: "test/web",
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: "KMS" }],
      force_delete: false,
    });
    expect(resourcesOf(plain, "aws_ecr_repository_policy")).toEqual({});
  });

  test("is never made anew for another key, since the images would go with it", () => {
    expect(onlyResource(plain, "aws_ecr_repository")["lifecycle"]).toEqual({
      ignore_changes: ["encryption_configuration"],
    });
  });

  test("keeps what is pinned by a first rule that expires nothing", () => {
    const { policy } = onlyResource(plain, "aws_ecr_lifecycle_policy");
    const { rules } = JSON.parse(String(policy)) as { rules: readonly unknown[] };
    expect(rules).toMatchObject([
      { rulePriority: 1, selection: { tagPatternList: ["slipway-live.*"], countNumber: 1_000_000 } },
      { rulePriority: 2, selection: { tagStatus: "untagged", countNumber: 14 } },
      { rulePriority: 3, selection: { tagPatternList: ["*"], countNumber: 100 } },
    ]);
  });

  test("publishes the URLs, for the environments that share it as well", () => {
    const [test, live] = ["test", "live"].map((name) =>
      onlyResource(stackOf(stacks, `${name}-registry`), "aws_ssm_parameter"),
    );
    expect(test).toMatchObject({
      name: "/slipway/test/registry-web-url",
      insecure_value: "${aws_ecr_repository.repository-web.repository_url}",
    });
    expect(live?.["name"]).toBe("/slipway/live/registry-web-url");
    expect(String(live?.["insecure_value"])).toMatch(
      /terraform_remote_state\..*test-registry.*repository_url/,
    );
    expect(resourcesOf(stackOf(stacks, "live-registry"), "aws_ecr_repository")).toEqual({});
  });

  test("is not made for an environment that asks for none", () => {
    const { registry: _, ...others } = (environments({}) as { test: { registry: object } }).test;
    const names = Object.keys(synthesize(JSON.stringify({ environments: { test: others } })));
    expect(names).toContain("test-roles");
    expect(names).not.toContain("test-registry");
  });

  test("lets other accounts pull and pin, and nothing else", () => {
    const stack = stackOf(stacksOf({ deployAccounts: ["111122223333"] }), "test-registry");
    expect(policyOf(onlyResource(stack, "aws_ecr_repository_policy"))).toMatchObject([
      {
        Effect: "Allow",
        Principal: { AWS: [expect.stringMatching(/:iam::111122223333:root$/)] },
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
          "ecr:PutImage",
        ],
      },
    ]);
  });

  test("has a policy for releasing pins on request only, attached to nobody", () => {
    expect(resourcesOf(plain, "aws_iam_policy")).toEqual({});
    const stack = stackOf(stacksOf({ releasePins: true }), "test-registry");
    expect(policyOf(onlyResource(stack, "aws_iam_policy"))).toMatchObject([
      {
        Action: ["ecr:DescribeImages", "ecr:BatchDeleteImage"],
        Resource: [expect.stringMatching(/:ecr:us-east-1:.*:repository\/test\/\*$/)],
      },
    ]);
    expect(Object.keys(stack.resource).filter((type) => type.includes("attachment"))).toEqual([]);
  });

  test("takes the environment's key where there is one", () => {
    const parsed = parseEnvironments(
      JSON.stringify({ environments: environments({ pullThrough: { quay: {} } }) }),
    );
    const environment = parsed.ok ? parsed.environments.get("test") : undefined;
    if (environment?.registry === undefined) throw new Error("the environment has a registry");
    const encryptionKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1";
    const outdir = mkdtempSync(path.join(os.tmpdir(), "slipway-registry-"));
    try {
      const app = new App({ outdir });
      const { registry } = environment;
      new RegistryStack(app, {
        environment,
        state: { in: "local" },
        stateDirectory: "/state",
        registry,
        encryptionKeyArn,
      });
      app.synth();
      const written = readFileSync(path.join(outdir, "stacks/test-registry/cdk.tf.json"), "utf8");
      const stack = JSON.parse(written) as SynthesizedStack;
      const encrypted = { encryption_configuration: [{ encryption_type: "KMS", kms_key: encryptionKeyArn }] };
      expect(onlyResource(stack, "aws_ecr_repository")).toMatchObject(encrypted);
      expect(onlyResource(stack, "aws_ecr_repository_creation_template")).toMatchObject(encrypted);
      const [, encrypt] = policyOf(onlyResource(stack, "aws_iam_role_policy"));
      expect(encrypt).toMatchObject({ Sid: "EncryptRepositories", Resource: [encryptionKeyArn] });
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });
});

describe("a pull-through cache", () => {
  const cached = stacksOf({
    pullThrough: { "ecr-public": {}, "docker-hub": { prefix: "hub", credentialArn } },
  });
  const stack = stackOf(cached, "test-registry");

  test("has the upstream's address, and its credentials where it wants some", () => {
    const rules = resourcesOf(stack, "aws_ecr_pull_through_cache_rule");
    expect(byPrefix(rules, "ecr_repository_prefix")).toMatchObject([
      { ecr_repository_prefix: "ecr-public", upstream_registry_url: "public.ecr.aws" },
      {
        ecr_repository_prefix: "hub",
        upstream_registry_url: "registry-1.docker.io",
        credential_arn: credentialArn,
      },
    ]);
  });

  test("makes repositories that are encrypted and whose tags stay, as a role that ECR alone assumes", () => {
    const templates = byPrefix(resourcesOf(stack, "aws_ecr_repository_creation_template"), "prefix");
    expect(templates.map(({ prefix }) => prefix)).toEqual(["ecr-public", "hub"]);
    for (const template of templates) {
      expect(template).toMatchObject({
        applied_for: ["PULL_THROUGH_CACHE"],
        image_tag_mutability: "IMMUTABLE",
        encryption_configuration: [{ encryption_type: "KMS" }],
      });
    }
    const role = onlyResource(stack, "aws_iam_role");
    expect(role["path"]).toBe("/ecs-registry/");
    expect(String(role["assume_role_policy"])).toContain("ecr.amazonaws.com");
    expect(policyOf(onlyResource(stack, "aws_iam_role_policy"))[0]?.["Resource"]).toEqual([
      expect.stringMatching(/repository\/ecr-public\/\*$/),
      expect.stringMatching(/repository\/hub\/\*$/),
    ]);
  });

  test.each(["test", "live"])(
    "is pulled through by the execution role of environment %s, and below its prefix only",
    (name) => {
      const role = resourcesOf(stackOf(cached, `${name}-roles`), "aws_iam_role_policy")["execution-policy"];
      const statement = policyOf(role).find(({ Sid }) => Sid === "PullThrough");
      expect(statement).toMatchObject({
        Action: ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
        Resource: [
          expect.stringMatching(/:ecr:us-east-1:.*:repository\/ecr-public\/\*$/),
          expect.stringMatching(/:ecr:us-east-1:.*:repository\/hub\/\*$/),
        ],
      });
    },
  );

  test("is published as what stands before an image's name", () => {
    const names = Object.values(resourcesOf(stackOf(cached, "live-registry"), "aws_ssm_parameter")).map(
      ({ name }) => name,
    );
    expect(names).toContain("/slipway/live/pull-through-docker-hub-url");
    const output = stack.output["pull-through-docker-hub-url"];
    expect(String(output?.["value"])).toMatch(/\.dkr\.ecr\.us-east-1\..*\/hub$/);
  });
});
