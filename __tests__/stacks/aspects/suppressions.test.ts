import { describe, expect, test } from "@jest/globals";
import { parseEnvironments } from "../../../scripts/core/environments.ts";
import { pathMatches } from "../../../scripts/core/hardening/pattern.ts";
import { isClean } from "../../../scripts/core/hardening/report.ts";
import { refusalOfFile, reportOnFile, resultOf } from "../../helpers/hardening.ts";

const logs = "Nobody reads these logs after a week.";

/** A file with one environment that breaks CKV_AWS_158 and CKV_AWS_338 alone, but for these suppressions. */
function file(suppressions: object, users: object = {}): string {
  const dev = {
    region: "eu-west-1",
    network: { cidr: "10.1.0.0/16", zones: 2 },
    cluster: { ec2: null },
    suppressions,
  };
  return JSON.stringify({ users: { suppressions: users }, environments: { dev } }, undefined, 2);
}

const both = { CKV_AWS_158: logs, CKV_AWS_338: logs };

describe("a suppression in the environments file", () => {
  test("lets the stacks of its environment break the rule, with its reason in the report", () => {
    const report = reportOnFile(file(both));
    expect(isClean(report)).toBe(true);
    expect(resultOf(report, "CKV_AWS_158", "dev")).toMatchObject({
      state: "suppressed",
      lookedAt: 4,
      violations: [],
      suppressions: [{ by: "file", reason: logs, violations: [{}, {}, {}, {}] }],
    });
    expect(refusalOfFile(file(both))).toBeUndefined();
  });

  test("for some resources leaves the others refused", () => {
    const some = [{ resources: "dev-cluster/*", reason: logs }];
    const result = resultOf(reportOnFile(file({ ...both, CKV_AWS_158: some })), "CKV_AWS_158", "dev");
    expect(result.state).toBe("violated");
    expect(result.violations.map(({ path }) => path)).toEqual(["dev-network/flow-log-group"]);
  });

  test("of one environment lets no other break the rule", () => {
    const written = JSON.parse(file(both)) as { environments: Record<string, object> };
    const other = {
      ...written.environments["dev"],
      network: { cidr: "10.2.0.0/16", zones: 2 },
      suppressions: {},
    };
    const text = JSON.stringify({ environments: { ...written.environments, other } });
    expect(resultOf(reportOnFile(text), "CKV_AWS_158", "dev").state).toBe("suppressed");
    expect(resultOf(reportOnFile(text), "CKV_AWS_158", "other").state).toBe("violated");
  });

  test("that suppresses nothing is refused with its place and why", () => {
    const report = reportOnFile(file({ ...both, CKV_AWS_65: "Insights cost more than they tell." }));
    expect(report.unused).toEqual([
      { scope: "dev", id: "CKV_AWS_65", index: undefined, resources: undefined },
    ]);
    const text = file({ ...both, CKV_AWS_65: "Insights cost more than they tell." });
    expect(refusalOfFile(text)).toBe(
      "environments.jsonc:18:23 $.environments.dev.suppressions.CKV_AWS_65: This suppresses nothing: the rule holds " +
        "for the one resource that it is about. Remove it, or the next one who breaks the rule is not told.\n",
    );
  });

  test("of resources that are not there is refused, and so is the second one for the same resources", () => {
    const some = [
      { resources: "**", reason: logs },
      { resources: "dev-nowhere/**", reason: logs },
      { resources: "dev-cluster/**", reason: logs },
    ];
    const { unused } = reportOnFile(file({ ...both, CKV_AWS_158: some }));
    expect(unused.map(({ index, resources }) => [index, resources])).toEqual([
      [1, "dev-nowhere/**"],
      [2, "dev-cluster/**"],
    ]);
    expect(refusalOfFile(file({ ...both, CKV_AWS_158: some }))).toContain(
      "$.environments.dev.suppressions.CKV_AWS_158[1]: This suppresses nothing: no resource whose path is like " +
        "dev-nowhere/** breaks the rule without another reason.",
    );
  });

  test("of a rule that is about nothing there is refused", () => {
    expect(refusalOfFile(file({ ...both, CKV_AWS_91: "There is no load balancer." }))).toContain(
      "no resource here is of a kind that the rule is about",
    );
  });

  test("of the account stands below users", () => {
    const reason = "The deployer is bounded by the organisation's own policies.";
    expect(reportOnFile(file(both, { CKV_AWS_355: reason })).unused).toEqual([
      { scope: undefined, id: "CKV_AWS_355", index: undefined, resources: undefined },
    ]);
  });
});

describe("what is written wrong", () => {
  const problems = (suppressions: object): string[] => {
    const parsed = parseEnvironments(file(suppressions));
    return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
  };

  test("an unknown id is told with the nearest known one", () => {
    expect(problems({ CKV_AWS_339: logs })).toEqual([
      expect.stringMatching(
        /^\$\.environments\.dev\.suppressions\.CKV_AWS_339: There is no field "CKV_AWS_339" here\. Did you mean "CKV_AWS_3\d\d"\?/,
      ),
    ]);
    expect(problems({ CKV2_AWS_21: logs })[0]).toContain('Did you mean "CKV2_AWS_20"?');
  });

  test("a suppression without a reason, or with one that says nothing, is told", () => {
    expect(problems({ CKV_AWS_338: "" })[0]).toContain("at least 15 characters are needed");
    expect(problems({ CKV_AWS_338: "not needed" })[0]).toContain("at least 15 characters are needed");
    expect(problems({ CKV_AWS_338: " ".repeat(20) })[0]).toContain("at least 15 characters are needed");
    expect(problems({ CKV_AWS_338: true })).toHaveLength(1);
    expect(problems({ CKV_AWS_338: [{ resources: "dev-cluster/**" }] })[0]).toContain(
      'The field "reason" is missing.',
    );
    expect(problems({ CKV_AWS_338: [] })).toHaveLength(1);
  });
});

describe("a violation", () => {
  const text = file({ CKV_AWS_338: logs });

  test("is told with id, title, resources, what was found, why, and what to do in which field", () => {
    expect(refusalOfFile(text)).toBe(
      [
        "The stacks break 1 hardening rule; nothing was written. npm run audit lists all rules.",
        "",
        "CKV_AWS_158 Log groups are encrypted with KMS (environment dev)",
        "  dev-network/flow-log-group (aws_cloudwatch_log_group): kms_key_id is not set",
        "  dev-cluster/exec-log-group (aws_cloudwatch_log_group): kms_key_id is not set",
        "  dev-cluster/insights-log-group (aws_cloudwatch_log_group): kms_key_id is not set",
        "  dev-cluster/log-group (aws_cloudwatch_log_group): kms_key_id is not set",
        "  Why: Logs hold what containers say, and with a key of yours who reads them is in its policy and its log.",
        "  Do: Set encryptionKey. Or say in environments.jsonc, in environments.dev, why it need not be so:",
        '      "suppressions": { "CKV_AWS_158": "<a reason of at least 15 characters>" }',
        "",
      ].join("\n"),
    );
  });

  test("is told beside all others", () => {
    const refusal = refusalOfFile(file({ CKV_AWS_65: "Insights cost more than they tell." }));
    expect(refusal).toMatch(
      /^The stacks break 2 hardening rules;.*^CKV_AWS_338 .*^CKV_AWS_158 .*CKV_AWS_65: This/ms,
    );
  });
});

test.each([
  ["dev-cluster/*", "dev-cluster/log-group", true],
  ["dev-cluster/*", "dev-cluster/instance-group-default/hosts", false],
  ["dev-cluster/**", "dev-cluster/instance-group-default/hosts", true],
  ["*/log-group", "dev-cluster/log-group", true],
  ["dev-cluster/zone-?", "dev-cluster/zone-1", true],
  ["dev-cluster", "dev-cluster/log-group", false],
  ["dev.cluster/(a)", "dev-cluster/(a)", false],
  ["dev-cluster/(a)", "dev-cluster/(a)", true],
])("the pattern %s and the path %s: %s", (pattern, path, expected) => {
  expect(pathMatches(pattern, path)).toBe(expected);
});
