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

const policies = Object.values(resourcesOf(usersOf(), "aws_iam_policy")).map(({ name, policy }) => ({
  name: String(name),
  text: String(policy),
}));

/** Of the first environment, dev. */
const statements = (JSON.parse(policies[0]?.text ?? "") as { Statement: readonly Statement[] }).Statement;

function statement(sid: string): Statement | undefined {
  return statements.find((candidate) => candidate.Sid === sid);
}

describe("the deployer", () => {
  test("has a policy an environment, each short enough for IAM", () => {
    expect(policies.map(({ name }) => name)).toEqual(["ecs_deploy", "ecs_deploy_prod"]);
    for (const { text } of policies) {
      const filled = text.replaceAll(account, "123456789012").replaceAll(partition, "aws-us-gov");
      expect(filled.replaceAll(/\s/g, "").length).toBeLessThanOrEqual(6_144);
    }
    expect(policies[1]?.text).toContain("service/prod/*");
    expect(policies[1]?.text).not.toContain("service/dev/*");
  });

  test("is one user for all environments, whose policies hang on a group", () => {
    const stack = usersOf();
    expect(onlyResource(stack, "aws_iam_user")).toMatchObject({ name: "ecs_deployer", path: "/ecs/" });
    const attached = Object.values(resourcesOf(stack, "aws_iam_group_policy_attachment"));
    expect(attached.map(({ policy_arn }) => policy_arn)).toEqual([
      expect.stringContaining("deployer-policy.arn"),
      expect.stringContaining("deployer-policy-prod.arn"),
    ]);
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
    const inClusters = statement("Service")?.Condition;
    expect(unlimited.map(({ Sid, Condition }) => [Sid, Condition])).toEqual([
      ["Any", undefined],
      ["AnyInCluster", inClusters],
    ]);
    const actionsOf = (wanted: string): Set<string> =>
      new Set(
        Object.values(permissions).flatMap((entries) =>
          entries.filter(({ scope }) => scope === wanted).flatMap(({ actions }) => actions),
        ),
      );
    expect(new Set(statement("Any")?.Action)).toEqual(actionsOf("any"));
    expect(new Set(statement("AnyInCluster")?.Action)).toEqual(actionsOf("anyInCluster"));
  });

  test("touches services of the environments' clusters and of no others", () => {
    const ecs = `arn:${partition}:ecs:eu-west-1:${account}:`;
    expect(statement("Service")).toMatchObject({
      Resource: [`${ecs}service/dev/*`],
      Condition: { ArnEquals: { "ecs:cluster": [`${ecs}cluster/dev`] } },
    });
  });

  test("passes roles below /ecs/ to tasks, and the roles of load balancers and traffic to ECS, and nothing to anyone else", () => {
    const role = `arn:${partition}:iam::${account}:role`;
    expect(statements.filter(({ Action }) => Action.includes("iam:PassRole"))).toEqual([
      expect.objectContaining({
        Action: ["iam:PassRole"],
        Resource: [`${role}/ecs/*`],
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      }),
      expect.objectContaining({
        Action: ["iam:PassRole"],
        Resource: [`${role}/ecs/dev_ecs_lb_role`],
        Condition: { StringEquals: { "iam:PassedToService": "ecs.amazonaws.com" } },
      }),
      expect.objectContaining({
        Action: ["iam:PassRole"],
        Resource: [`${role}/ecs/dev_ecs_infrastructure`],
        Condition: { StringEquals: { "iam:PassedToService": "ecs.amazonaws.com" } },
      }),
    ]);
  });

  test("tags what it makes while it makes it, and afterwards only services, with tags of its own", () => {
    const tagging = statements.filter(({ Action }) => Action.includes("ecs:TagResource"));
    expect(tagging).toEqual([
      expect.objectContaining({
        Resource: [`arn:${partition}:ecs:eu-west-1:${account}:service/dev/*`],
        Condition: {
          "ForAllValues:StringLike": { "aws:TagKeys": ["slipway:*"] },
          Null: { "aws:TagKeys": "false" },
        },
      }),
      expect.objectContaining({
        Condition: {
          StringEquals: { "ecs:CreateAction": ["CreateService", "RegisterTaskDefinition", "RunTask"] },
        },
      }),
    ]);
  });

  test("writes and deletes locks of the environments and no other parameter", () => {
    const writing = statements.filter(({ Action }) =>
      Action.some((action) => /^ssm:(Put|Delete|Label|AddTags)/.test(action)),
    );
    expect(writing).toEqual([
      expect.objectContaining({
        Resource: [`arn:${partition}:ssm:eu-west-1:${account}:parameter/slipway/dev/locks/*`],
      }),
    ]);
  });

  test("suspends the scaling of ECS services and of nothing else", () => {
    expect(statement("ScalableTargets")).toMatchObject({
      Action: ["application-autoscaling:RegisterScalableTarget"],
      Condition: {
        StringEquals: {
          "application-autoscaling:service-namespace": "ecs",
          "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
        },
      },
    });
  });

  test("reads the stack outputs of the environments and no other parameter", () => {
    expect(statement("StackOutputs")?.Resource).toEqual([
      `arn:${partition}:ssm:eu-west-1:${account}:parameter/slipway/dev/*`,
    ]);
  });
});
