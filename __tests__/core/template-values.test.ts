import { describe, expect, test } from "@jest/globals";

import { lookupBeforeAws, lookupIn, parameterFor } from "../../scripts/core/template/template-values.ts";

const known = {
  image: "nginx:alpine",
  deploymentId: "t0abc",
  region: "us-east-1",
  environmentName: "prod",
  variables: { COUNT: "3", ALB_EXTERNAL_ARN: "mine" },
};
const name = (text: string): { kind: "name"; name: string } => ({ kind: "name", name: text });
const stored = new Map([
  ["/slipway/prod/alb-external-target-group-arn", { kind: "plain" as const, value: "arn:tg" }],
  ["/db/password", { kind: "secure" as const }],
]);

describe("what a placeholder stands for", () => {
  test.each([
    ["VERSION", "nginx:alpine"],
    ["CONTAINER_VERSION", "nginx:alpine"],
    ["DEPLOYMENT_ID", "t0abc"],
    ["COUNT", "3"],
    ["ALB_EXTERNAL_ARN", "mine"],
    ["AWS_REGION", "us-east-1"],
    ["TARGET_GROUP_ARN", "arn:tg"],
    ["ALB_EXTERNAL_TARGET_GROUP_ARN", "arn:tg"],
  ])("%s is %s", (placeholder, value) => {
    expect(lookupIn(known, stored)(name(placeholder))).toEqual({ kind: "value", value });
  });

  test("is a target group of one's own when the variable is set", () => {
    const set = { ...known, variables: { TARGET_GROUP_ARN: "arn:own" } };
    expect(lookupIn(set, stored)(name("TARGET_GROUP_ARN"))).toEqual({ kind: "value", value: "arn:own" });
  });

  test("is read from Parameter Store only when nothing else says it", () => {
    expect(parameterFor(name("ALB_INTERNAL_DNS_NAME"), known)).toBe("/slipway/prod/alb-internal-dns-name");
    expect(parameterFor(name("COUNT"), known)).toBeUndefined();
    expect(parameterFor(name("TASKDEFINITION_ARN"), known)).toBeUndefined();
    expect(parameterFor({ kind: "parameter", parameter: "/x" }, known)).toBe("/x");
  });

  test("is refused for a SecureString", () => {
    expect(lookupIn(known, stored)({ kind: "parameter", parameter: "/db/password" }).kind).toBe("refused");
  });

  test("is missing with the places that were looked in", () => {
    expect(lookupIn(known, stored)(name("VPC_ID"))).toEqual({
      kind: "missing",
      lookedIn: ["environment variable VPC_ID", "parameter /slipway/prod/vpc-id in us-east-1"],
    });
  });

  test("is refused for the version when CONTAINER_VERSION is not set, before AWS is asked", () => {
    const { image: _, ...without } = known;
    expect(lookupBeforeAws(without)(name("VERSION")).kind).toBe("refused");
    expect(lookupBeforeAws(known)(name("VPC_ID")).kind).toBe("unchecked");
  });
});
