import { describe, expect, test } from "@jest/globals";
import { resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";
import type { SynthesizedStack } from "../helpers/terraform-synthesis.ts";

const role = "arn:aws:iam::222222222222:role/terraform";

function environment(account: string, block: number, fields: object = {}): object {
  const network = { cidr: `10.${block}.0.0/16`, zones: 2 };
  return { region: "eu-west-1", account, network, cluster: { ec2: null }, ...fields };
}

const stacks = synthesize(
  JSON.stringify({
    state: { in: "s3", region: "eu-west-1" },
    environments: {
      dev: environment("111111111111", 1),
      stage: environment("111111111111", 2),
      live: environment("222222222222", 3, { terraform: { assumeRole: role, externalId: "x1" } }),
    },
  }),
);

/** The backend as Terraform reads it; the shape of the helper's stacks has the local one alone. */
function backendOf(stack: SynthesizedStack): unknown {
  return (stack.terraform.backend as unknown as Record<string, unknown>)["s3"];
}

describe("environments in several accounts", () => {
  test("have a provider each that refuses to work in another account", () => {
    expect(stackOf(stacks, "dev-network").provider["aws"]).toMatchObject([
      { allowed_account_ids: ["111111111111"], region: "eu-west-1" },
    ]);
    expect(stackOf(stacks, "live-roles").provider["aws"]).toMatchObject([
      {
        allowed_account_ids: ["222222222222"],
        assume_role: [{ role_arn: role, external_id: "x1", session_name: "slipway-terraform" }],
      },
    ]);
  });

  test("keep the state of each account in a bucket of its own, encrypted and locked by a file", () => {
    expect(backendOf(stackOf(stacks, "dev-cluster"))).toEqual({
      bucket: "slipway-state-111111111111-eu-west-1",
      key: "slipway/dev-cluster.tfstate",
      region: "eu-west-1",
      encrypt: true,
      use_lockfile: true,
      allowed_account_ids: ["111111111111"],
    });
    expect(backendOf(stackOf(stacks, "live-cluster"))).toMatchObject({
      bucket: "slipway-state-222222222222-eu-west-1",
      assume_role: { role_arn: role, external_id: "x1" },
    });
  });

  test("read each other's stacks from where those keep their state, with the same credentials", () => {
    const sources = Object.values(stackOf(stacks, "live-cluster").data["terraform_remote_state"] ?? {});
    expect(sources).toEqual([]);
    const withHosts = synthesize(
      JSON.stringify({
        state: { in: "s3", region: "eu-west-1" },
        environments: {
          live: environment("222222222222", 3, {
            terraform: { assumeRole: role },
            cluster: { ec2: { instanceType: "t3.small", min: 0, desired: 0, max: 1 } },
          }),
        },
      }),
    );
    const [network] = Object.values(stackOf(withHosts, "live-cluster").data["terraform_remote_state"] ?? {});
    expect(network).toMatchObject({
      backend: "s3",
      config: {
        bucket: "slipway-state-222222222222-eu-west-1",
        key: "slipway/live-network.tfstate",
        region: "eu-west-1",
        assume_role: { role_arn: role },
      },
    });
  });

  test("have a deployer in each account, whose policies are for the environments there", () => {
    expect(Object.keys(stacks).filter((name) => name.startsWith("users"))).toEqual([
      "users",
      "users-222222222222",
    ]);
    const policies = (name: string) =>
      Object.values(resourcesOf(stackOf(stacks, name), "aws_iam_policy"))
        .map((policy) => String(policy["name"]))
        .filter((policy) => !/_2$|_boundary$/.test(policy))
        .toSorted();
    expect(policies("users")).toEqual(["ecs_deploy", "ecs_deploy_stage"]);
    expect(policies("users-222222222222")).toEqual(["ecs_deploy"]);
  });
});

test("the state of a file that says nothing of it is local, in one file a stack", () => {
  const { terraform, provider } = stackOf(synthesize(), "test-cluster");
  expect(terraform.backend).toEqual({ local: { path: "/state/terraform.test-cluster.tfstate" } });
  expect(provider["aws"]?.[0]).not.toHaveProperty("allowed_account_ids");
});
