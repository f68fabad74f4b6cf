import { describe, expect, test } from "@jest/globals";

import { assemble, type Answers } from "../../../scripts/core/staged/assemble.ts";
import { listed } from "../../../scripts/core/staged/listed.ts";
import { stagedTags, stateOf } from "../../../scripts/core/staged/model.ts";
import { application } from "../../helpers/observed-application.ts";

const { place } = application([]);
const owner = { environment: "test", application: "web" };

function groupTags(
  id: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return {
    [stagedTags.environment]: "test",
    [stagedTags.application]: "web",
    [stagedTags.deployment]: id,
    ...more,
  };
}

function forward(arn: string, priority: string, host: string, groups: Readonly<Record<string, number>>) {
  return {
    RuleArn: arn,
    Priority: priority,
    Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: [host] } }],
    Actions: [
      {
        Type: "forward" as const,
        ForwardConfig: {
          TargetGroups: Object.entries(groups).map(([TargetGroupArn, Weight]) => ({
            TargetGroupArn,
            Weight,
          })),
        },
      },
    ],
  };
}

const answers: Answers = {
  application: owner,
  cluster: "test",
  place,
  listenerArn: "listener",
  targetGroups: ["old", "new", "next", "stranger"].map((name) => ({
    TargetGroupArn: name,
    TargetGroupName: `test-web-${name}`,
  })),
  tags: new Map([
    ["old", groupTags("000000000001", { [stagedTags.retiredAt]: "2026-01-01" })],
    ["new", groupTags("000000000002", { [stagedTags.revision]: "test-web:2", [stagedTags.version]: "2" })],
    ["next", groupTags("000000000003")],
    [
      "stranger",
      {
        [stagedTags.environment]: "test",
        [stagedTags.application]: "web-x",
        [stagedTags.deployment]: "000000000004",
        [stagedTags.revision]: "test-web:7",
      },
    ],
    ["live", { [stagedTags.route]: "live" }],
    ["stage", { [stagedTags.route]: "stage" }],
  ]),
  listeners: [
    {
      listener: { ListenerArn: "listener", Port: 80, Protocol: "HTTP" },
      rules: [
        forward("live", "30001", "web.example.com", { old: 0, new: 1 }),
        forward("stage", "1001", "000000000003.stage.example.com", { next: 1 }),
        forward("by-hand", "5", "old.example.com", { old: 1 }),
        { RuleArn: "default", Priority: "default", IsDefault: true, Actions: [{ Type: "fixed-response" }] },
      ],
    },
  ],
  services: [
    { serviceName: "test-web-000000000002", status: "ACTIVE", runningCount: 2, desiredCount: 2 },
    { serviceName: "test-web-000000000003", status: "INACTIVE" },
  ],
};

describe("what AWS's answers say of an application", () => {
  test("is who has the traffic, by the live rule, and every deployment of its own, newest first", () => {
    const { deployments, liveRule, listener, revisionsOfOthers } = assemble(answers);
    expect(deployments.map(({ id, state, trafficPercent }) => [id, state, trafficPercent])).toEqual([
      ["000000000003", "staging", 0],
      ["000000000002", "active", 100],
      ["000000000001", "retired", 0],
    ]);
    expect(liveRule).toMatchObject({ arn: "live", hosts: ["web.example.com"] });
    expect([...(listener?.priorities ?? [])]).toEqual([30_001, 1001, 5]);
    expect(revisionsOfOthers).toEqual(["test-web:7"]);
    const [next, active, old] = deployments;
    expect(next).toMatchObject({ stageRuleArn: "stage", foreignRuleArns: [] });
    expect(next?.service).toBeUndefined();
    expect(active?.service?.runningCount).toBe(2);
    expect(old?.foreignRuleArns).toEqual(["by-hand"]);
  });

  test("lists where each answers, how old it is and how many tasks it has", () => {
    const now = (Number.parseInt("0000000", 36) + 90) * 1_000;
    expect(listed(assemble(answers), now)).toMatchObject([
      { id: "000000000003", hosts: ["000000000003.stage.example.com"], tasks: { running: 0, desired: 0 } },
      {
        id: "000000000002",
        version: "2",
        revision: "test-web:2",
        hosts: ["web.example.com"],
        ageSeconds: 90,
      },
      { id: "000000000001", hosts: [], state: "retired" },
    ]);
  });
});

describe("the state of a deployment", () => {
  test.each([
    [{}, 0, "staging"],
    [{ [stagedTags.stagedAt]: "t" }, 0, "staged"],
    [{ [stagedTags.stagedAt]: "t", [stagedTags.activatingAt]: "t" }, 10, "activating"],
    [{ [stagedTags.retiredAt]: "t" }, 10, "active"],
    [{ [stagedTags.retiredAt]: "t" }, 0, "retired"],
    [{ [stagedTags.stagedAt]: "t", [stagedTags.failedAt]: "t" }, 0, "failed"],
    [{ [stagedTags.failedAt]: "t", [stagedTags.leavingAt]: "t" }, 0, "leaving"],
    [{ [stagedTags.leavingAt]: "t" }, 100, "active"],
  ])("with %j and %i %% of the traffic is %s", (tags, percent, state) => {
    expect(stateOf(tags, percent)).toBe(state);
  });
});
