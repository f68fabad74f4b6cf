import { describe, expect, test } from "@jest/globals";

import { exitCode } from "../../scripts/core/exit-code.ts";
import { stagedDeleteText, type StagedDeleteReport } from "../../scripts/terminal/staged-delete-text.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";

const report: StagedDeleteReport = {
  command: "delete",
  environment: "prod",
  region: "us-east-1",
  cluster: "prod",
  application: "shop",
  host: "shop.example.com",
  exitCode: exitCode.completed,
  outcome: "deleted",
  deployments: [
    {
      deploymentId: "a",
      version: "1",
      state: "retired",
      service: "prod-shop-a",
      outcome: "tornDown",
      seconds: 61,
    },
    {
      deploymentId: "b",
      version: "2",
      state: "active",
      service: "prod-shop-b",
      outcome: "tornDown",
      seconds: 62,
    },
  ],
  leftBehind: ["task definition family prod_shop"],
};

const textOf = (changes: Partial<StagedDeleteReport>): string =>
  stagedDeleteText({ ...report, ...changes }, "./deploy delete shop --confirm shop", paintFor({}, false, {}));

describe("the end of a deletion of all deployments", () => {
  test("tells of each deployment, and of what stays", () => {
    const text = textOf({});
    expect(text).toContain("deployment b (version 2), which was active");
    expect(text).toContain("shop: deleted from environment prod; nothing of it answers at shop.example.com");
    expect(text).toContain("What stays, and may be deleted where nothing else uses it:\n  task definition");
  });

  test("says how to go on where one is left, and does not call that deleted", () => {
    const [first, second] = report.deployments;
    if (first === undefined || second === undefined) throw new Error("There are two.");
    const timedOut = { ...second, outcome: "timedOut" as const, reason: "3 of its targets drain." };
    const text = textOf({ outcome: "incomplete", deployments: [first, timedOut] });
    expect(text).toContain("3 of its targets drain.");
    expect(text).toContain("go on with it:  ./deploy delete shop --confirm shop");
    expect(text).not.toContain("shop: deleted");
  });

  test("lists what a dry run would do, the live host first", () => {
    const steps: StagedDeleteReport["steps"] = [
      { kind: "deleteLiveRule", work: "deleteTraffic", ruleArn: "rule" },
      { kind: "deleteLiveRecord", work: "changeRecords", hostedZoneId: "Z1", host: "shop.example.com" },
    ];
    const planned = report.deployments.map(({ seconds: _, ...one }) => {
      return { ...one, outcome: "planned" as const, steps: [] };
    });
    const text = textOf({ outcome: "planned", steps, deployments: planned });
    expect(text).toMatch(/Nothing was changed\.\n {2}1\. DeleteRule of the live host\n {2}2\. Change/);
    expect(text).not.toContain("shop: deleted");
  });
});
