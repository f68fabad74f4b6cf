import { describe, expect, test } from "@jest/globals";
import { permissions } from "../../scripts/core/permissions/table.ts";
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
  const service = (blueGreen: object) => ({ containerPort: 80, networkMode: "awsvpc", blueGreen });
  const environment = (region: string, cidr: string) => ({
    region,
    network: { cidr, zones: 2 },
    cluster: { ec2: null },
    encryptionKey: "own",
    loadBalancers: { external: {}, internal: {} },
    domain: { name: "example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" },
    services: {
      shop: service({ by: "stage" }),
      web: service({ by: "codeDeploy", priority: 40_010 }),
      api: service({ by: "ecs", priority: 40_020 }),
    },
    registry: {},
  });
  const environments = {
    dev: environment("eu-west-1", "10.1.0.0/16"),
    prod: environment("us-east-1", "10.2.0.0/16"),
  };
  return stackOf(synthesize(JSON.stringify({ users, environments })), "users");
}

const allPolicies = Object.values(resourcesOf(usersOf(), "aws_iam_policy")).map(({ name, policy }) => ({
  name: String(name),
  text: String(policy),
}));
const policies = allPolicies.filter(({ name }) => name !== "ecs_deployer_boundary");

/** Of the first environment, dev. */
const statements = policies
  .filter(({ name }) => !name.startsWith("ecs_deploy_prod"))
  .flatMap(({ text }) => (JSON.parse(text) as { Statement: readonly Statement[] }).Statement);

function statement(sid: string): Statement | undefined {
  return statements.find((candidate) => candidate.Sid === sid);
}

describe("the deployer", () => {
  test("has policies of an environment each, all short enough for IAM", () => {
    const names = policies.map(({ name }) => name);
    expect(names.filter((name) => !name.endsWith("_traffic")).toSorted()).toEqual([
      "ecs_deploy",
      "ecs_deploy_2",
      "ecs_deploy_prod",
      "ecs_deploy_prod_2",
    ]);
    for (const { text } of policies) {
      const filled = text.replaceAll(account, "123456789012").replaceAll(partition, "aws-us-gov");
      expect(filled.replaceAll(/\s/g, "").length).toBeLessThanOrEqual(6_144);
    }
    expect(Object.keys(resourcesOf(usersOf(), "aws_iam_group"))).toEqual(
      expect.arrayContaining(["deployers", "deployers-2", "traffic-deployers"]),
    );
    expect(policies.find(({ name }) => name === "ecs_deploy_prod")?.text).toContain("service/prod/*");
    for (const { text } of policies.filter(({ name }) => name.includes("prod"))) {
      expect(text).not.toMatch(/[:/](dev[/*_]|dev-\*)/);
    }
  });

  test("is one user for all environments, whose policies hang on a group", () => {
    const stack = usersOf();
    expect(onlyResource(stack, "aws_iam_user")).toMatchObject({ name: "ecs_deployer", path: "/ecs/" });
    const attached = Object.values(resourcesOf(stack, "aws_iam_group_policy_attachment"));
    expect(attached.map(({ policy_arn }) => policy_arn)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("deployer-policy.arn"),
        expect.stringContaining("deployer-policy-prod.arn"),
      ]),
    );
    expect(attached).toHaveLength(policies.length);
    expect(resourcesOf(stack, "aws_iam_user_policy")).toEqual({});
    expect(resourcesOf(stack, "aws_iam_user_policy_attachment")).toEqual({});
  });

  test("is held by a boundary that allows each of its actions, in one account, and no way to more rights", () => {
    const stack = usersOf();
    expect(onlyResource(stack, "aws_iam_user")["permissions_boundary"]).toBe(
      "${aws_iam_policy.deployer-boundary.arn}",
    );
    const { text = "" } = allPolicies.find(({ name }) => name === "ecs_deployer_boundary") ?? {};
    const bounds = (JSON.parse(text) as { Statement: readonly Statement[] }).Statement;
    const actions = bounds.flatMap(({ Action }) => Action);
    expect(actions).toEqual(expect.arrayContaining(statements.flatMap(({ Action }) => Action)));
    expect(actions.filter((action) => /^(iam|sts|organizations):/.test(action)).toSorted()).toEqual([
      "iam:CreateRole",
      "iam:CreateServiceLinkedRole",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:PassRole",
      "iam:PutRolePolicy",
      "iam:SimulatePrincipalPolicy",
    ]);
    expect(actions.join(" ")).not.toContain("*");
    expect(text.replaceAll(account, "123456789012").replaceAll(partition, "aws-us-gov").length).toBeLessThan(
      6_144,
    );
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
    expect(
      unlimited
        .filter(({ Sid }) => Sid !== "CodeDeployDeployments")
        .map(({ Sid, Condition }) => [Sid, Condition]),
    ).toEqual([
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

  test("gives images of its registry another tag, and neither uploads nor deletes any", () => {
    expect(statement("Registry")).toEqual({
      Sid: "Registry",
      Effect: "Allow",
      Action: ["ecr:BatchGetImage", "ecr:PutImage"],
      Resource: [`arn:${partition}:ecr:eu-west-1:*:repository/dev/*`],
    });
    expect(statements.flatMap(({ Action }) => Action).join(" ")).not.toMatch(
      /ecr:\S*(Upload|Delete|LayerPart)/,
    );
  });

  test("touches services of the environments' clusters and of no others", () => {
    const ecs = `arn:${partition}:ecs:eu-west-1:${account}:`;
    expect(statement("Service")).toMatchObject({
      Resource: [`${ecs}service/dev/*`],
      Condition: { ArnEquals: { "ecs:cluster": [`${ecs}cluster/dev`] } },
    });
  });

  test("passes each role to one service: the environment's own to tasks, those of traffic to who moves it", () => {
    const role = `arn:${partition}:iam::${account}:role`;
    const services: Readonly<Record<string, string>> = {
      [`${role}/ecs/dev_*`]: "ecs-tasks.amazonaws.com",
      [`${role}/ecs/dev_ecs_lb_role`]: "ecs.amazonaws.com",
      [`${role}/ecs/traffic/dev_ecs_infrastructure`]: "ecs.amazonaws.com",
      [`${role}/ecs/traffic/dev_codedeploy`]: "codedeploy.amazonaws.com",
    };
    const passing = statements.filter(({ Action }) => Action.includes("iam:PassRole"));
    expect(passing.length).toBeGreaterThanOrEqual(2);
    for (const { Action, Resource, Condition } of passing) {
      expect(Action).toEqual(["iam:PassRole"]);
      expect(Resource).toHaveLength(1);
      expect(Condition).toEqual({
        StringEquals: { "iam:PassedToService": services[Resource[0] ?? ""] ?? "nobody" },
      });
    }
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

  test("takes the scaling of ECS services in hand and of nothing else", () => {
    expect(statement("ScalableTargets")).toMatchObject({
      Action: expect.arrayContaining(["application-autoscaling:RegisterScalableTarget"]),
      Condition: {
        StringEquals: { "application-autoscaling:service-namespace": "ecs" },
      },
    });
    expect(statement("ScalingAlarms")).toMatchObject({
      Action: ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"],
      Resource: [
        `arn:${partition}:cloudwatch:eu-west-1:${account}:alarm:TargetTracking-service/dev/*`,
        `arn:${partition}:cloudwatch:eu-west-1:${account}:alarm:`,
      ],
    });
    expect(statement("ScalingRole")).toMatchObject({
      Action: ["iam:CreateServiceLinkedRole"],
      Resource: [
        `arn:${partition}:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/*`,
      ],
    });
  });

  test("reads the stack outputs of the environments and no other parameter", () => {
    expect(statement("StackOutputs")?.Resource).toEqual([
      `arn:${partition}:ssm:eu-west-1:${account}:parameter/slipway/dev/*`,
    ]);
  });
});
