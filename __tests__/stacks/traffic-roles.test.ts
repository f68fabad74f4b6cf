import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onlyResource, resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";

const fixture = fileURLToPath(new URL("../fixtures/environments/blue-green.jsonc", import.meta.url));
const stacks = synthesize(readFileSync(fixture, "utf8"));

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

function statementsOf(document: unknown): readonly Statement[] {
  return (JSON.parse(String(document)) as { Statement: readonly Statement[] }).Statement;
}

describe("those who move traffic", () => {
  const roles = stackOf(stacks, "live-roles");
  const policies = resourcesOf(roles, "aws_iam_role_policy");
  const moved = [
    {
      Sid: "MoveRules",
      Effect: "Allow",
      Action: ["elasticloadbalancing:ModifyRule"],
      Resource: [expect.stringMatching(/:us-east-1:.*:listener-rule\/app\/live-external\/\*$/)],
      Condition: { StringEquals: { "aws:ResourceTag/slipway:environment": "live" } },
    },
  ];

  test.each([
    ["codedeploy-policy", ["ecs:CreateTaskSet", "ecs:DeleteTaskSet"]],
    ["infrastructure-policy", ["elasticloadbalancing:RegisterTargets"]],
  ])("change by %s rules and targets of the environment alone, and no listener", (id, expected) => {
    const statements = statementsOf(policies[id]?.["policy"]);
    expect(statements.filter(({ Action }) => Action.some((action) => action.includes("Modify")))).toEqual(
      moved,
    );
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions).toEqual(expect.arrayContaining(expected));
    const everywhere = statements.filter(({ Resource }) => Resource.includes("*"));
    expect(everywhere.flatMap(({ Action }) => Action).every((action) => action.includes(":Describe"))).toBe(
      true,
    );
  });

  test("are CodeDeploy for this account's deployment groups, and ECS", () => {
    const trust = (id: string) =>
      statementsOf(resourcesOf(roles, "aws_iam_role")[id]?.["assume_role_policy"]);
    expect(trust("codedeploy-role")).toMatchObject([
      {
        Principal: { Service: "codedeploy.amazonaws.com" },
        Condition: {
          StringEquals: { "aws:SourceAccount": "${data.aws_caller_identity.account.account_id}" },
          ArnLike: { "aws:SourceArn": expect.stringMatching(/:deploymentgroup:live\/\*$/) },
        },
      },
    ]);
    expect(trust("infrastructure-role")).toMatchObject([{ Principal: { Service: "ecs.amazonaws.com" } }]);
  });

  test("are there only for environments that use them", () => {
    const names = Object.keys(resourcesOf(stackOf(stacks, "preview-roles"), "aws_iam_role"));
    expect(names).toContain("infrastructure-role");
    expect(names).not.toContain("codedeploy-role");
    expect(stackOf(stacks, "preview-cluster").output["codedeploy-application"]).toBeUndefined();
    expect(onlyResource(stackOf(stacks, "live-cluster"), "aws_codedeploy_app")).toMatchObject({
      name: "live",
      compute_platform: "ECS",
    });
  });

  test("task roles that deployments make are bound to the environment's parameters, logs and sessions", () => {
    const boundary = resourcesOf(roles, "aws_iam_policy")["task-boundary"];
    expect(boundary).toMatchObject({ name: "live_task_boundary", path: "/ecs/" });
    const statements = statementsOf(boundary?.["policy"]);
    expect(statements.flatMap(({ Action }) => Action).toSorted()).toEqual([
      "kms:Decrypt",
      "logs:CreateLogStream",
      "logs:CreateLogStream",
      "logs:DescribeLogGroups",
      "logs:DescribeLogStreams",
      "logs:PutLogEvents",
      "logs:PutLogEvents",
      "ssm:GetParameter",
      "ssm:GetParameters",
      "ssm:GetParametersByPath",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]);
    // What these allow can be held to no resource.
    const everywhere = statements.filter(({ Resource }) => Resource.includes("*")).map(({ Sid }) => Sid);
    expect(everywhere).toEqual(["HoldSessions", "FindSessionLog"]);
  });
});
