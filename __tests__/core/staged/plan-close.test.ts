import { describe, expect, test } from "@jest/globals";

import { permissions } from "../../../scripts/core/permissions/table.ts";
import { chooseTeardown } from "../../../scripts/core/staged/choose-teardown.ts";
import { closed, planClose } from "../../../scripts/core/staged/plan-close.ts";
import { planTeardown } from "../../../scripts/core/staged/plan-teardown.ts";
import {
  application,
  arn,
  deployment,
  id,
  ruleArn,
  type Described,
} from "../../helpers/observed-application.ts";

const zone = { hostedZoneId: "Z1" };
const live: Described = { id: "b", weight: 100 };
const retired: Described = { id: "a", weight: 0, tags: { retiredAt: "2026-01-01T00:00:00.000Z" } };

describe("the plan that takes the live host away", () => {
  test("keeps the live rule for a staged host, so that connections drain, and deletes the record", () => {
    const steps = planClose(application([retired, live, { id: "c", staged: true }], zone));
    expect(steps).toEqual([
      {
        kind: "retireLiveRule",
        work: "moveTraffic",
        ruleArn,
        host: `${id("b")}.stage.example.com`,
        groups: [
          { targetGroupArn: arn("a"), weight: 0 },
          { targetGroupArn: arn("b"), weight: 100 },
        ],
        tags: { "slipway:route": "stage", "slipway:deployment": id("b") },
      },
      { kind: "deleteLiveRecord", work: "changeRecords", hostedZoneId: "Z1", host: "web.example.com" },
    ]);
    for (const { work } of steps) expect(Object.keys(permissions)).toContain(work);
  });

  test("deletes the live rule where each deployment in it has a rule of its own", () => {
    const steps = planClose(application([{ ...live, staged: true }]));
    expect(steps).toMatchObject([{ kind: "deleteLiveRule", ruleArn }]);
  });

  test("leaves a deployment out of the rule that has one of its own", () => {
    const [step] = planClose(application([live, { id: "c", weight: 10, staged: true }]));
    expect(step).toMatchObject({ groups: [{ targetGroupArn: arn("b"), weight: 100 }] });
  });

  test("goes on with the record where the rule is gone, and has nothing to do where nothing stands", () => {
    expect(planClose(application([{ id: "a" }], zone))).toMatchObject([{ kind: "deleteLiveRecord" }]);
    expect(planClose(application([], zone))).toEqual([]);
  });

  test("refuses rules that Slipway did not make", () => {
    const observed = application([live]);
    const deployments = observed.deployments.map((one) => ({ ...one, foreignRuleArns: ["their-rule"] }));
    expect(() => planClose({ ...observed, deployments })).toThrow(/their-rule.*Nothing was changed/s);
  });

  test("leaves a teardown the rule of the staged host to delete", () => {
    const observed = closed(application([retired, live]));
    for (const letter of ["a", "b"]) {
      const steps = planTeardown(observed, deployment(observed, letter));
      expect(steps).toContainEqual(expect.objectContaining({ kind: "deleteRule", ruleArn }));
      expect(steps.map(({ kind }) => kind)).not.toContain("leaveLiveRule");
    }
    expect(closed(observed)).toEqual(observed);
  });

  test("is followed by the teardown of all, the oldest first", () => {
    const observed = application([{ id: "a" }, { id: "b" }, { id: "c", beingStaged: true }]);
    const chosen = chooseTeardown(observed, { by: "all" }, 0);
    expect(chosen.map((one) => one.id)).toEqual([id("a"), id("b"), id("c")]);
  });
});
