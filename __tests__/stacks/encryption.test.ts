import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import {
  onlyResource,
  resourcesOf,
  shippedEnvironments,
  stackOf,
  synthesize,
} from "../helpers/terraform-synthesis.ts";
import type { SynthesizedStack } from "../helpers/terraform-synthesis.ts";

const fixture = new URL("../fixtures/environments/monitored.jsonc", import.meta.url);
const stacks = synthesize(readFileSync(fixture, "utf8"));
const plain = synthesize(shippedEnvironments());
const given = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const own = expect.stringMatching(/^\$\{data\.terraform_remote_state\..*live-encryption.*key/);

interface Statement {
  readonly Sid: string;
  readonly Principal?: unknown;
  readonly Action: readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function statementsOf(document: unknown): readonly Statement[] {
  return (JSON.parse(String(document)) as { Statement: readonly Statement[] }).Statement;
}

function logGroupKeys(from: Readonly<Record<string, SynthesizedStack>>): Record<string, unknown> {
  const groups = Object.values(from).flatMap((stack) =>
    Object.values(resourcesOf(stack, "aws_cloudwatch_log_group")),
  );
  return Object.fromEntries(groups.map((group) => [String(group["name"]), group["kms_key_id"]]));
}

describe("the key of an environment that has its own", () => {
  const stack = stackOf(stacks, "live-encryption");
  const key = onlyResource(stack, "aws_kms_key");
  const statements = statementsOf(key["policy"]);
  const of = (service: string) =>
    statements.filter(({ Principal }) => JSON.stringify(Principal) === JSON.stringify({ Service: service }));

  test("is rotated, can be rescued for a month, and goes by an alias", () => {
    expect(key).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
    expect(onlyResource(stack, "aws_kms_alias")).toMatchObject({ name: "alias/slipway-live" });
  });

  test("encrypts the environment's log groups in its Region, each of them, and no others", () => {
    const [statement] = of("logs.us-east-1.amazonaws.com");
    const patterns = statement?.Condition?.["ArnLike"]?.["kms:EncryptionContext:aws:logs:arn"] as string[];
    const allowed = patterns.map(
      (pattern) => new RegExp(`^${(pattern.split(":log-group:")[1] ?? "").replaceAll("*", ".*")}$`),
    );
    const names = Object.entries(logGroupKeys(stacks)).flatMap(([name, by]) => (by === given ? [] : [name]));
    expect(names).toHaveLength(4);
    for (const name of names) expect(allowed.some((pattern) => pattern.test(name))).toBe(true);
    for (const name of ["/ecs/preview", "/ecs/live-2", "/aws/lambda/live"]) {
      expect(allowed.some((pattern) => pattern.test(name))).toBe(false);
    }
  });

  test("is used for the environment's topic alone, by EventBridge without a condition that it never fulfils", () => {
    const topic = { "kms:EncryptionContext:aws:sns:topicArn": expect.stringMatching(/:live-ecs-events$/) };
    expect(of("events.amazonaws.com").map(({ Condition }) => Condition)).toEqual([{ StringEquals: topic }]);
    expect(of("cloudwatch.amazonaws.com").map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { ...topic, "aws:SourceAccount": expect.stringContaining("account_id") } },
    ]);
  });

  test("lets no other account in, and no service without a condition", () => {
    const others = statements.filter(({ Condition }) => Condition === undefined);
    expect(others).toMatchObject([
      { Principal: { AWS: expect.stringMatching(/account_id\}:root$/) }, Action: ["kms:*"] },
    ]);
  });

  test("refers to no other stack, so that it comes first", () => {
    expect(stack.data).not.toHaveProperty("terraform_remote_state");
  });
});

describe("log groups", () => {
  test("are encrypted with the environment's own key, the given one, or none of ours", () => {
    expect(logGroupKeys(stacks)).toEqual({
      "/ecs/live": own,
      "/ecs-exec/live": own,
      "/aws/ecs/containerinsights/live/performance": own,
      "/vpc/live/flow-logs": own,
      "/ecs/preview": given,
    });
    expect(new Set(Object.values(logGroupKeys(plain)))).toEqual(new Set([undefined]));
  });

  test("keep what they have for a set time, sessions for longer", () => {
    const groups = Object.values(resourcesOf(stackOf(stacks, "live-cluster"), "aws_cloudwatch_log_group"));
    expect(groups.map(({ name, retention_in_days }) => [name, retention_in_days])).toEqual(
      expect.arrayContaining([
        ["/ecs/live", 30],
        ["/ecs-exec/live", 90],
      ]),
    );
  });
});

describe("sessions in containers", () => {
  const configuration = (from: Readonly<Record<string, SynthesizedStack>>, name: string) =>
    onlyResource(stackOf(from, `${name}-cluster`), "aws_ecs_cluster")["configuration"];
  const sessionsOf = (from: Readonly<Record<string, SynthesizedStack>>, name: string) =>
    statementsOf(
      resourcesOf(stackOf(from, `${name}-roles`), "aws_iam_role_policy")["default-task-session-policy"]?.[
        "policy"
      ] ?? '{"Statement":[]}',
    );

  test("are logged apart from what deployers may read, also where nothing is said about them", () => {
    expect(configuration(plain, "test")).toEqual({
      execute_command_configuration: {
        logging: "OVERRIDE",
        log_configuration: {
          cloud_watch_log_group_name: "${aws_cloudwatch_log_group.exec-log-group.name}",
          cloud_watch_encryption_enabled: false,
        },
      },
    });
    expect(Object.keys(logGroupKeys(plain))).toContain("/ecs-exec/test");
  });

  test("are encrypted with the environment's key, and so is their log", () => {
    expect(configuration(stacks, "live")).toMatchObject({
      execute_command_configuration: {
        kms_key_id: own,
        log_configuration: { cloud_watch_encryption_enabled: true },
      },
    });
  });

  test("are held by tasks of the default role, which may write that log alone and decrypt with that key alone", () => {
    const statements = sessionsOf(stacks, "live");
    expect(statements.flatMap(({ Action }) => Action).toSorted()).toEqual([
      "kms:Decrypt",
      "logs:CreateLogStream",
      "logs:DescribeLogGroups",
      "logs:DescribeLogStreams",
      "logs:PutLogEvents",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]);
    const resources = Object.fromEntries(statements.map(({ Sid, Resource }) => [Sid, Resource]));
    expect(resources["WriteSessionLog"]).toEqual([expect.stringMatching(/:log-group:\/ecs-exec\/live:\*$/)]);
    expect(resources["DecryptSessions"]).toEqual([own]);
    expect(sessionsOf(plain, "test").flatMap(({ Action }) => Action)).not.toContain("kms:Decrypt");
  });

  test("may be held by the roles that deployments make as well", () => {
    const boundary = resourcesOf(stackOf(stacks, "live-roles"), "aws_iam_policy")["task-boundary"];
    expect(statementsOf(boundary?.["policy"])).toEqual(
      expect.arrayContaining([...sessionsOf(stacks, "live")]),
    );
  });

  test("are nobody's where the environment has none", () => {
    expect(configuration(stacks, "preview")).toBeUndefined();
    expect(sessionsOf(stacks, "preview")).toEqual([]);
    expect(Object.keys(logGroupKeys(stacks))).not.toContain("/ecs-exec/preview");
  });

  test("are opened by the deployer with a data key of the environment's key, which its alias tells", () => {
    const policies = Object.values(resourcesOf(stackOf(stacks, "users"), "aws_iam_policy"));
    const keys = policies
      .flatMap(({ policy }) => statementsOf(policy))
      .filter(({ Sid }) => Sid === "SessionKey");
    // The second environment has a key, but no sessions.
    expect(keys).toEqual([
      {
        Sid: "SessionKey",
        Effect: "Allow",
        Action: ["kms:GenerateDataKey"],
        Resource: [expect.stringMatching(/:kms:us-east-1:.*:key\/\*$/)],
        Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": ["alias/slipway-live"] } },
      },
    ]);
    const { "deployer-boundary": _, ...granting } = resourcesOf(stackOf(plain, "users"), "aws_iam_policy");
    expect(JSON.stringify(granting)).not.toContain("kms:GenerateDataKey");
  });
});
