import { describe, expect, test } from "@jest/globals";
import stringWidth from "string-width";
import type { HardeningReport, RuleResult } from "../../scripts/core/hardening/report.ts";
import { auditText } from "../../scripts/terminal/audit-text.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";

const plain = paintFor({}, false, {});

const rule: RuleResult = {
  id: "CKV_AWS_91",
  title: "Load balancers keep access logs",
  why: "Without them nobody can tell afterwards who asked for what.",
  mend: "Set loadBalancers.<variant>.accessLogs.",
  scope: "test",
  state: "holds",
  lookedAt: 2,
  violations: [],
  suppressions: [],
};
const violation = {
  path: "test-load-balancer-external/load-balancer",
  type: "aws_alb",
  found: ["it is not set"],
};
const other = { ...violation, path: "test-load-balancer-internal/load-balancer" };

const report: HardeningReport = {
  results: [
    rule,
    { ...rule, id: "CKV_AWS_150", state: "violated", violations: [violation] },
    {
      ...rule,
      id: "CKV2_AWS_28",
      lookedAt: 12,
      state: "suppressed",
      suppressions: [
        { by: "file", reason: "The load balancer is reachable from the office only.", violations: [other] },
      ],
    },
    {
      ...rule,
      id: "CKV_AWS_131",
      lookedAt: 1,
      state: "suppressed",
      suppressions: [{ by: "code", reason: "It follows from the design.", violations: [other] }],
    },
    { ...rule, id: "CKV_AWS_8", lookedAt: 0, state: "doesNotApply" },
    { ...rule, scope: undefined, id: "CKV_AWS_40", lookedAt: 1 },
  ],
  unused: [],
};

describe("the audit", () => {
  const text = auditText(report, plain, 100);

  test("has a part for each environment and one for the account, each with its sums", () => {
    expect(text).toContain("Environment test: 5 rules: 1 hold, 2 suppressed, 1 violated, 1 do not apply\n");
    expect(text).toContain("Account-wide: 1 rule: 1 hold, 0 suppressed, 0 do not apply\n");
  });

  test("tells each rule's state, how many resources it looked at and its title", () => {
    expect(text).toMatch(/^ {2}CKV_AWS_91 {3}holds {8}2 {2}Load balancers keep access logs$/m);
    expect(text).toMatch(/^ {2}CKV2_AWS_28 {2}suppressed {2}12 {2}/m);
    expect(text).toContain("Nothing that they are about is there: CKV_AWS_8");
  });

  test("tells who suppresses, for which resources if not for all, and why", () => {
    const words = text.replaceAll(/\s+/g, " ");
    expect(words).toContain(
      "by environments.jsonc, for test-load-balancer-internal/load-balancer: The load balancer is reachable from the office only.",
    );
    expect(words).toContain("by stacks: It follows from the design.");
  });

  test("tells what breaks a rule and what to do", () => {
    const words = text.replaceAll(/\s+/g, " ");
    expect(words).toContain("test-load-balancer-external/load-balancer: it is not set");
    expect(words).toContain("Set loadBalancers.<variant>.accessLogs.");
  });

  test.each([60, 80, 132])("is never wider than %d columns", (columns) => {
    const widths = auditText(report, plain, columns)
      .split("\n")
      .map((line) => stringWidth(line));
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
  });
});
