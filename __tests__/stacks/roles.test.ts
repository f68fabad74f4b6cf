import { describe, expect, test } from "@jest/globals";
import { resourcesOf, shippedEnvironments, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

const stack = stackOf(synthesize(shippedEnvironments()), "test-roles");
const account = "${data.aws_caller_identity.account.account_id}";
const partition = "${data.aws_partition.partition.partition}";

function statementsOf(document: unknown): readonly Statement[] {
  return (JSON.parse(String(document)) as { Statement: readonly Statement[] }).Statement;
}

function policyOf(id: string): readonly Statement[] {
  return statementsOf(resourcesOf(stack, "aws_iam_role_policy")[id]?.["policy"]);
}

describe("the roles of an environment", () => {
  test("have the names that templates use, below the path that deployers may pass", () => {
    const roles = Object.values(resourcesOf(stack, "aws_iam_role"));
    expect(roles.map((role) => `${String(role["path"])}${String(role["name"])}`).toSorted()).toEqual([
      "/ecs/test_default_task",
      "/ecs/test_ecs_lb_role",
      "/ecs/test_task_execution",
    ]);
  });

  test("the default task role reads parameters below the environment's prefix and does nothing else", () => {
    expect(policyOf("default-task-policy")).toEqual([
      {
        Sid: "ReadParameters",
        Effect: "Allow",
        Action: ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
        Resource: [`arn:${partition}:ssm:us-east-1:${account}:parameter/test/*`],
      },
    ]);
  });

  test("the default task role can be assumed by tasks of this account and region only", () => {
    const role = resourcesOf(stack, "aws_iam_role")["default-task-role"];
    expect(statementsOf(role?.["assume_role_policy"])).toMatchObject([
      {
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Condition: {
          ArnLike: { "aws:SourceArn": `arn:${partition}:ecs:us-east-1:${account}:*` },
          StringEquals: { "aws:SourceAccount": account },
        },
      },
    ]);
  });

  test("the execution role reads secrets below the prefix alone, and takes everything only where IAM knows no less", () => {
    const statements = policyOf("execution-policy");
    const everything = statements.filter((statement) => statement.Resource.includes("*"));
    expect(everything.map((statement) => statement.Action)).toEqual([["ecr:GetAuthorizationToken"]]);
    expect(statements.find((statement) => statement.Sid === "ReadSecrets")?.Resource).toEqual([
      `arn:${partition}:secretsmanager:us-east-1:${account}:secret:test/*`,
      `arn:${partition}:secretsmanager:us-east-1:${account}:secret:/test/*`,
    ]);
    expect(statements.find((statement) => statement.Sid === "WriteLogs")?.Resource).toEqual([
      `arn:${partition}:logs:us-east-1:${account}:log-group:/ecs/test:*`,
      `arn:${partition}:logs:us-east-1:${account}:log-group:/ecs/test/*:*`,
    ]);
  });

  test("the load balancer role is ECS's own to assume and has AWS's policy for it", () => {
    const role = resourcesOf(stack, "aws_iam_role")["load-balancer-role"];
    expect(statementsOf(role?.["assume_role_policy"])).toMatchObject([
      { Principal: { Service: "ecs.amazonaws.com" } },
    ]);
    const attached = Object.values(resourcesOf(stack, "aws_iam_role_policy_attachment"));
    expect(attached).toMatchObject([
      { policy_arn: `arn:${partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceRole` },
    ]);
  });
});

describe("the boundary of an environment's roles", () => {
  test("holds every role below /ecs/, and allows what they do together and no more", () => {
    for (const role of Object.values(resourcesOf(stack, "aws_iam_role"))) {
      expect(role["permissions_boundary"]).toBe("${aws_iam_policy.role-boundary.arn}");
    }
    const boundary = resourcesOf(stack, "aws_iam_policy")["role-boundary"];
    expect(boundary).toMatchObject({ name: "test_role_boundary", path: "/ecs/" });
    const bounds = statementsOf(boundary?.["policy"]);
    const granted = ["default-task-policy", "execution-policy"].flatMap(policyOf);
    expect(bounds.flatMap(({ Action }) => Action).toSorted()).toEqual(
      expect.arrayContaining(granted.flatMap(({ Action }) => Action)),
    );
    expect(new Set(bounds.map(({ Sid }) => Sid)).size).toBe(bounds.length);
    expect(JSON.stringify(bounds)).not.toMatch(/"(iam|sts):|"\*:\*"|"Action":"\*"/);
  });
});
