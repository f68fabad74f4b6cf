import { describe, expect, test } from "@jest/globals";

import { Decisions, programOf } from "../../scripts/local/iam/decisions.ts";
import { allowingStatements, parsePolicy } from "../../scripts/local/iam/evaluate.ts";

const service = "arn:aws:ecs:us-east-1:123456789012:service/test/web";

function policyOf(...statements: readonly object[]) {
  return parsePolicy("own", JSON.stringify({ Version: "2012-10-17", Statement: statements }));
}

describe("what allowed a call", () => {
  const allow = (Sid: string, Action: string, Resource: string) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
  });
  const request = { action: "ecs:UpdateService", resource: service };

  test("is told by the names of all statements that do, of the caller's own policies", () => {
    const identity = [
      policyOf(
        allow("Service", "ecs:UpdateService", service),
        allow("Other", "ecs:UpdateService", "arn:*:prod/*"),
      ),
      policyOf(allow("All", "ecs:*", "*"), { Effect: "Deny", Action: "*", Resource: "*", Sid: "Nothing" }),
    ];
    expect(allowingStatements({ identity }, request)).toEqual(["Service", "All"]);
  });

  test("is nothing where only a resource's policy allows it, and the policy's name where a statement has none", () => {
    const { Sid: _none, ...nameless } = allow("", "ecs:*", "*");
    expect(allowingStatements({ identity: [], resource: [policyOf(nameless)] }, request)).toEqual([]);
    expect(allowingStatements({ identity: [policyOf(nameless)] }, request)).toEqual(["own"]);
  });

  test("is kept once, by the program that asked", () => {
    const decisions = new Decisions();
    const decision = {
      caller: "arn:aws:iam::123456789012:user/ecs/ecs_deployer",
      program: programOf({ "user-agent": "aws-sdk-js/3.1 ua/2.1 os/linux app/update-web md/x" }),
      action: "ecs:UpdateService",
      resource: service,
      decision: "allowed",
      allowedBy: ["Service"],
    } as const;
    decisions.add(decision);
    decisions.add({ ...decision });
    decisions.add({ ...decision, program: programOf({}) });
    expect(decisions.list().map(({ program }) => program)).toEqual(["update-web", null]);
    decisions.forget();
    expect(decisions.list()).toEqual([]);
  });
});
