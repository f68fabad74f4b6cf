import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { isSameSharing, weightedGroups } from "../../../scripts/core/staged/weights.ts";
import { trafficPercent } from "../../../scripts/core/staged/model.ts";

test("whole per cents are weights out of a hundred, tenths out of a thousand", () => {
  const weights = (percent: number) => weightedGroups("new", percent, "old").map(({ weight }) => weight);
  expect(weights(10)).toEqual([10, 90]);
  expect(weights(2.5)).toEqual([25, 975]);
  expect(weights(99.9)).toEqual([999, 1]);
  expect(weights(0.1)).toEqual([1, 999]);
  expect(weights(100)).toEqual([100, 0]);
});

test("the one that gives the traffic up stays in the rule at weight 0", () => {
  expect(weightedGroups("new", 100, "old")).toEqual([
    { targetGroupArn: "new", weight: 100 },
    { targetGroupArn: "old", weight: 0 },
  ]);
});

test("the first version of all has all of the traffic alone", () => {
  expect(weightedGroups("new", 100, undefined)).toEqual([{ targetGroupArn: "new", weight: 100 }]);
});

test("five target groups at most are in the rule, and those to keep first stay", () => {
  const groups = weightedGroups("new", 100, "old", ["r4", "r3", "r2", "r1"]);
  expect(groups.map(({ targetGroupArn }) => targetGroupArn)).toEqual(["new", "old", "r4", "r3", "r2"]);
});

test("every share in tenths becomes weights that AWS takes, and comes out as that share", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), (tenths) => {
      const groups = weightedGroups("new", tenths / 10, "old");
      expect(groups.every(({ weight }) => Number.isInteger(weight) && weight >= 0 && weight <= 999)).toBe(
        true,
      );
      expect(trafficPercent(groups, "new")).toBeCloseTo(tenths / 10, 6);
    }),
  );
});

test("two lists share alike whatever their order, and not with another weight or another group", () => {
  const one = weightedGroups("new", 10, "old");
  expect(isSameSharing(one, one.toReversed())).toBe(true);
  expect(isSameSharing(one, weightedGroups("new", 20, "old"))).toBe(false);
  expect(isSameSharing(one, weightedGroups("new", 10, "other"))).toBe(false);
  expect(isSameSharing(one, weightedGroups("new", 10, "old", ["idle"]))).toBe(false);
});
