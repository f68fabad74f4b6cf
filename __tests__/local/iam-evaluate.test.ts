/**
 * Policy evaluation. Each case follows a page of the IAM User Guide:
 * - evaluation logic: reference_policies_evaluation-logic_policy-eval-denyallow.html
 * - resource-based policies and principals: reference_policies_evaluation-logic_policy-eval-basics.html
 * - cross-account: reference_policies_evaluation-logic-cross-account.html
 * - elements: reference_policies_elements_{action,notaction,resource,notresource}.html
 * - variables: reference_policies_variables.html
 */
import { describe, expect, test } from "@jest/globals";

import {
  evaluate,
  parsePolicy,
  type AccessRequest,
  type Policies,
} from "../../scripts/local/iam/evaluate.ts";

const account = "123456789012";
const service = `arn:aws:ecs:us-east-1:${account}:service/test/web`;
const bucket = "arn:aws:s3:::records";
const user = { arn: `arn:aws:iam::${account}:user/ann`, account, roleArn: null };
const roleArn = `arn:aws:iam::${account}:role/ecs/deployer`;
const session = { arn: `arn:aws:sts::${account}:assumed-role/deployer/run-1`, account, roleArn };

function policy(...statements: object[]) {
  return parsePolicy("p", JSON.stringify({ Version: "2012-10-17", Statement: statements }));
}

const allowAll = policy({ Effect: "Allow", Action: "*", Resource: "*" });
const update: AccessRequest = { action: "ecs:UpdateService", resource: service, principal: user };
const read: AccessRequest = { action: "s3:GetObject", resource: `${bucket}/a`, principal: user };

function decide(policies: Policies, request: AccessRequest = update): string {
  const evaluation = evaluate(policies, request);
  return evaluation.decision === "allowed" ? "allowed" : `${evaluation.decision} by ${evaluation.type}`;
}

describe("identity-based policies", () => {
  test("allow nothing unless a statement does", () => {
    expect(decide({ identity: [] })).toBe("implicitDeny by identity-based policy");
    expect(decide({ identity: [allowAll] })).toBe("allowed");
  });

  test("deny whatever else allows, and name the policy that does", () => {
    const deny = policy({ Effect: "Deny", Action: "ecs:*", Resource: service });
    expect(evaluate({ identity: [allowAll, deny] }, update)).toEqual({
      decision: "explicitDeny",
      type: "identity-based policy",
      policy: "p",
    });
  });

  test.each([
    ["ECS:updateservice", true],
    ["ecs:Update*", true],
    ["ecs:U?dateService", true],
    ["ecs:*", true],
    ["e*:Update*", true],
    ["ecs:UpdateServic", false],
    ["ecs:Describe*", false],
    ["ecs:UpdateService.", false],
  ])("take action %s for ecs:UpdateService: %s", (Action, expected) => {
    const only = policy({ Effect: "Allow", Action, Resource: "*" });
    expect(decide({ identity: [only] }) === "allowed").toBe(expected);
  });

  test.each([
    [service, true],
    [`arn:aws:ecs:*:${account}:service/test/*`, true],
    ["arn:aws:ecs:*:*:service/*/web", true],
    ["arn:aws:ecs:us-east-1:123456789012:service/test/we?", true],
    ["arn:aws:ecs:us-east-1:123456789012:service/test/we??", false],
    ["arn:aws:ecs:us-east-1:123456789012:service/TEST/web", false],
    ["arn:aws:ecs:us-east-1:123456789012:service/test", false],
    ["arn:aws:ecs:us-east-1:999999999999:service/test/*", false],
  ])("take resource %s for the service: %s", (Resource, expected) => {
    const only = policy({ Effect: "Allow", Action: "ecs:UpdateService", Resource });
    expect(decide({ identity: [only] }) === "allowed").toBe(expected);
  });

  test("mean by NotAction and NotResource everything else", () => {
    const notIam = policy({ Effect: "Allow", NotAction: ["iam:*", "sts:*"], Resource: "*" });
    expect(decide({ identity: [notIam] })).toBe("allowed");
    expect(decide({ identity: [notIam] }, { ...update, action: "iam:CreateUser" })).toContain("implicitDeny");
    const guard = policy({ Effect: "Deny", Action: "ecs:*", NotResource: "arn:aws:ecs:*:*:service/test/*" });
    expect(decide({ identity: [allowAll, guard] })).toBe("allowed");
    const other = service.replace("/test/", "/prod/");
    expect(decide({ identity: [allowAll, guard] }, { ...update, resource: other })).toBe(
      "explicitDeny by identity-based policy",
    );
  });

  test("ask every condition of a statement, and any value of one", () => {
    const two = policy({
      Effect: "Allow",
      Action: "ecs:*",
      Resource: "*",
      Condition: {
        StringEquals: { "aws:RequestedRegion": ["us-east-1", "eu-west-1"], "aws:PrincipalType": "User" },
        Bool: { "aws:SecureTransport": "true" },
      },
    });
    const context = {
      "aws:RequestedRegion": "eu-west-1",
      "aws:PrincipalType": "User",
      "aws:SecureTransport": "true",
    };
    expect(decide({ identity: [two] }, { ...update, context })).toBe("allowed");
    for (const key of Object.keys(context)) {
      const changed = { ...context, [key]: "false" };
      expect(decide({ identity: [two] }, { ...update, context: changed })).toContain("implicitDeny");
    }
  });
});

describe("policy variables", () => {
  const own = policy({ Effect: "Allow", Action: "s3:*", Resource: `${bucket}/home/\${aws:username}/*` });
  const of = (name: string, key: string) => ({
    ...read,
    resource: `${bucket}/home/${key}/file`,
    context: { "aws:username": name },
  });

  test("stand for what the call has, and match nothing where it has nothing", () => {
    expect(decide({ identity: [own] }, of("ann", "ann"))).toBe("allowed");
    expect(decide({ identity: [own] }, of("ann", "bob"))).toContain("implicitDeny");
    expect(decide({ identity: [own] }, { ...of("", ""), context: {} })).toContain("implicitDeny");
  });

  test("are no way to smuggle in a wildcard", () => {
    expect(decide({ identity: [own] }, of("*", "bob"))).toContain("implicitDeny");
    expect(decide({ identity: [own] }, of("*", "*"))).toBe("allowed");
  });

  test("may have a default, may be escaped, and work with tags and in conditions", () => {
    const team = policy({
      Effect: "Allow",
      Action: "s3:*",
      Resource: `${bucket}/\${aws:PrincipalTag/team, 'shared'}/*`,
      Condition: { StringEquals: { "aws:RequestTag/owner": "${aws:PrincipalTag/team, 'shared'}" } },
    });
    const asking = (folder: string, context: Record<string, string>) =>
      decide({ identity: [team] }, { ...read, resource: `${bucket}/${folder}/x`, context });
    expect(asking("shared", { "aws:RequestTag/owner": "shared" })).toBe("allowed");
    expect(asking("web", { "aws:PrincipalTag/team": "web", "aws:RequestTag/owner": "web" })).toBe("allowed");
    expect(asking("web", { "aws:PrincipalTag/team": "web", "aws:RequestTag/owner": "db" })).toContain("Deny");
    const star = policy({ Effect: "Allow", Action: "s3:*", Resource: `${bucket}/\${*}` });
    expect(decide({ identity: [star] }, { ...read, resource: `${bucket}/*` })).toBe("allowed");
    expect(decide({ identity: [star] }, read)).toContain("implicitDeny");
  });

  test("are plain text in a policy of version 2008-10-17", () => {
    const old = parsePolicy(
      "old",
      JSON.stringify({
        Version: "2008-10-17",
        Statement: { Effect: "Allow", Action: "s3:*", Resource: `${bucket}/\${aws:username}` },
      }),
    );
    const context = { "aws:username": "ann" };
    expect(decide({ identity: [old] }, { ...read, resource: `${bucket}/ann`, context })).toContain("Deny");
    const text = `${bucket}/\${aws:username}`;
    expect(decide({ identity: [old] }, { ...read, resource: text, context })).toBe("allowed");
  });
});

describe("a boundary or a session policy", () => {
  const narrow = [policy({ Effect: "Allow", Action: "s3:*", Resource: "*" })];

  test("limits what identity policies allow, and grants nothing itself", () => {
    expect(decide({ identity: [allowAll], boundary: narrow })).toBe("implicitDeny by permissions boundary");
    expect(decide({ identity: [allowAll], boundary: narrow }, read)).toBe("allowed");
    expect(decide({ identity: [], boundary: narrow }, read)).toBe("implicitDeny by identity-based policy");
    expect(decide({ identity: [allowAll], session: narrow })).toBe("implicitDeny by session policy");
    expect(decide({ identity: [], session: narrow }, read)).toBe("implicitDeny by identity-based policy");
  });

  test("with nothing in it allows nothing, unlike one that is not there", () => {
    expect(decide({ identity: [allowAll], boundary: [] })).toBe("implicitDeny by permissions boundary");
    expect(decide({ identity: [allowAll], boundary: undefined })).toBe("allowed");
  });

  test("can deny in so many words", () => {
    const deny = [allowAll, policy({ Effect: "Deny", Action: "s3:*", Resource: "*" })];
    expect(decide({ identity: [allowAll], boundary: deny }, read)).toBe(
      "explicitDeny by permissions boundary",
    );
    expect(decide({ identity: [allowAll], session: deny }, read)).toBe("explicitDeny by session policy");
  });
});

describe("a resource's policy", () => {
  const granting = (AWS: string | string[]) => [
    policy({ Effect: "Allow", Principal: { AWS }, Action: "s3:*", Resource: `${bucket}/*` }),
  ];
  const nothing = [policy({ Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*" })];

  test.each([
    ["the user itself", user.arn, user, "allowed", "allowed"],
    ["the session itself", session.arn, session, "allowed", "allowed"],
    ["the session's role", roleArn, session, "allowed", "implicitDeny by permissions boundary"],
    ["everybody", "*", user, "allowed", "allowed"],
    [
      "the account",
      `arn:aws:iam::${account}:root`,
      user,
      "implicitDeny by identity-based policy",
      "implicitDeny by identity-based policy",
    ],
    [
      "the account by its id",
      account,
      user,
      "implicitDeny by identity-based policy",
      "implicitDeny by identity-based policy",
    ],
    [
      "someone else",
      `${user.arn}x`,
      user,
      "implicitDeny by identity-based policy",
      "implicitDeny by identity-based policy",
    ],
  ])(
    "that names %s, with no identity policy, and with a boundary besides",
    (_, named, principal, alone, bounded) => {
      const request = { ...read, principal };
      expect(decide({ identity: [], resource: granting(named) }, request)).toBe(alone);
      expect(decide({ identity: [], resource: granting(named), boundary: nothing }, request)).toBe(bounded);
    },
  );

  test("denies also those whom their own policies allow", () => {
    const deny = policy({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: `${bucket}/*` });
    expect(decide({ identity: [allowAll], resource: [deny] }, read)).toBe(
      "explicitDeny by resource-based policy",
    );
  });

  test("denies by NotPrincipal all but those it names", () => {
    const deny = policy({ Effect: "Deny", NotPrincipal: { AWS: user.arn }, Action: "s3:*", Resource: "*" });
    expect(decide({ identity: [allowAll], resource: [deny] }, read)).toBe("allowed");
    expect(decide({ identity: [allowAll], resource: [deny] }, { ...read, principal: session })).toBe(
      "explicitDeny by resource-based policy",
    );
  });

  test("of another account must allow beside the caller's own", () => {
    const resource = "arn:aws:sqs:us-east-1:999999999999:jobs";
    const request = { action: "sqs:SendMessage", resource, principal: user };
    const open = [policy({ Effect: "Allow", Principal: { AWS: user.arn }, Action: "sqs:*", Resource: "*" })];
    expect(decide({ identity: [allowAll] }, request)).toBe("implicitDeny by resource-based policy");
    expect(decide({ identity: [], resource: open }, request)).toBe("implicitDeny by identity-based policy");
    expect(decide({ identity: [allowAll], resource: open }, request)).toBe("allowed");
  });
});

describe("a role's trust policy", () => {
  const assume = { action: "sts:AssumeRole", resource: roleArn, principal: user };
  const trusting = (Principal: object | string, Condition?: object): Policies => ({
    identity: [],
    resource: [
      policy({ Effect: "Allow", Principal, Action: "sts:AssumeRole", ...(Condition && { Condition }) }),
    ],
    resourceRule: "required",
  });

  test("must allow whatever the caller's policies say", () => {
    const other = trusting({ AWS: `${user.arn}x` });
    expect(decide({ ...other, identity: [allowAll] }, assume)).toBe("implicitDeny by resource-based policy");
  });

  test("that names a user is enough, and one that names the account leaves it to the user's policies", () => {
    expect(decide(trusting({ AWS: user.arn }), assume)).toBe("allowed");
    const byAccount = trusting({ AWS: `arn:aws:iam::${account}:root` });
    expect(decide(byAccount, assume)).toBe("implicitDeny by identity-based policy");
    expect(decide({ ...byAccount, identity: [allowAll] }, assume)).toBe("allowed");
  });

  test("that names a service or an identity provider means those alone", () => {
    const ecs = "ecs-tasks.amazonaws.com";
    expect(decide({ ...trusting({ Service: ecs }), identity: [allowAll] }, assume)).toContain("implicitDeny");
    const asService = { arn: ecs, account, roleArn: null, service: ecs };
    expect(decide(trusting({ Service: ecs }), { ...assume, principal: asService })).toBe("allowed");
    expect(decide(trusting({ Service: "ec2.amazonaws.com" }), { ...assume, principal: asService })).toContain(
      "Deny",
    );
  });
});
