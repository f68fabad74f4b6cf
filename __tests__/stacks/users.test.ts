import { describe, expect, test } from "@jest/globals";
import { permissions } from "../../scripts/core/permissions.ts";
import { onlyResource, resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";
import type { SynthesizedStack } from "../helpers/terraform-synthesis.ts";

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

const account = "${data.aws_caller_identity.account.account_id}";
const partition = "${data.aws_partition.partition.partition}";

function usersOf(users: Record<string, unknown> = {}): SynthesizedStack {
  const environment = (region: string, cidr: string) => ({
    region,
    network: { cidr, zones: 2 },
    cluster: { ec2: null },
  });
  const environments = {
    dev: environment("eu-west-1", "10.1.0.0/16"),
    prod: environment("us-east-1", "10.2.0.0/16"),
  };
  return stackOf(synthesize(JSON.stringify({ users, environments })), "users");
}

const statements = (
  JSON.parse(String(onlyResource(usersOf(), "aws_iam_policy")["policy"])) as {
    Statement: readonly Statement[];
  }
).Statement;

function statement(sid: string): Statement | undefined {
  return statements.find((candidate) => candidate.Sid === sid);
}

describe("the deployer", () => {
  test("is one user for all environments, whose policy hangs on a group", () => {
    const stack = usersOf();
    expect(onlyResource(stack, "aws_iam_user")).toMatchObject({ name: "ecs_deployer", path: "/ecs/" });
    expect(onlyResource(stack, "aws_iam_group_policy_attachment")["policy_arn"]).toContain("deployer-policy");
    expect(resourcesOf(stack, "aws_iam_user_policy")).toEqual({});
    expect(resourcesOf(stack, "aws_iam_user_policy_attachment")).toEqual({});
  });

  test("has an access key on request only, and then as a sensitive output", () => {
    expect(resourcesOf(usersOf(), "aws_iam_access_key")).toEqual({});
    const stack = usersOf({ deployerAccessKey: true });
    expect(Object.keys(resourcesOf(stack, "aws_iam_access_key"))).toHaveLength(1);
    expect(stack.output["deployer-secret-access-key"]).toMatchObject({ sensitive: true });
  });

  test("is allowed each action that the deploy steps name, and no other", () => {
    const needed = new Set(
      Object.values(permissions).flatMap((entries) => entries.flatMap(({ actions }) => actions)),
    );
    expect(new Set(statements.flatMap(({ Action }) => Action))).toEqual(needed);
    expect(statements.every(({ Effect }) => Effect === "Allow")).toBe(true);
  });

  test("takes every resource only for actions that know no other", () => {
    const unlimited = statements.filter(({ Resource }) => Resource.includes("*"));
    expect(unlimited.map(({ Sid }) => Sid)).toEqual(["Any"]);
    const scoped = Object.values(permissions).flatMap((entries) =>
      entries.filter(({ scope }) => scope === "any"),
    );
    expect(new Set(unlimited[0]?.Action)).toEqual(new Set(scoped.flatMap(({ actions }) => actions)));
  });

  test("touches services of the environments' clusters and of no others", () => {
    const clusters = [
      `arn:${partition}:ecs:eu-west-1:${account}:`,
      `arn:${partition}:ecs:us-east-1:${account}:`,
    ];
    expect(statement("Service")).toMatchObject({
      Resource: [`${clusters[0] ?? ""}service/dev/*`, `${clusters[1] ?? ""}service/prod/*`],
      Condition: {
        ArnEquals: { "ecs:cluster": [`${clusters[0] ?? ""}cluster/dev`, `${clusters[1] ?? ""}cluster/prod`] },
      },
    });
  });

  test("passes roles below /ecs/ to tasks, and the load balancer roles to ECS, and nothing to anyone else", () => {
    const role = `arn:${partition}:iam::${account}:role`;
    expect(statements.filter(({ Action }) => Action.includes("iam:PassRole"))).toEqual([
      expect.objectContaining({
        Action: ["iam:PassRole"],
        Resource: [`${role}/ecs/*`],
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      }),
      expect.objectContaining({
        Action: ["iam:PassRole"],
        Resource: [`${role}/ecs/dev_ecs_lb_role`, `${role}/ecs/prod_ecs_lb_role`],
        Condition: { StringEquals: { "iam:PassedToService": "ecs.amazonaws.com" } },
      }),
    ]);
  });

  test("tags what it makes while it makes it, and never afterwards", () => {
    const tagging = statements.filter(({ Action }) => Action.includes("ecs:TagResource"));
    expect(tagging).toHaveLength(1);
    expect(tagging[0]).toMatchObject({
      Condition: { StringEquals: { "ecs:CreateAction": ["CreateService", "RegisterTaskDefinition"] } },
    });
  });

  test("reads the stack outputs of the environments and no other parameter", () => {
    expect(statement("StackOutputs")?.Resource).toEqual([
      `arn:${partition}:ssm:eu-west-1:${account}:parameter/slipway/dev/*`,
      `arn:${partition}:ssm:us-east-1:${account}:parameter/slipway/prod/*`,
    ]);
  });
});
