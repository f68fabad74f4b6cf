import { expect, test } from "@jest/globals";

import { settleMs, stepsOf, type Course } from "../../../scripts/core/staged/course.ts";

const last = { percent: 100, watchMs: settleMs };
const canary: Course = { kind: "canary", percent: 10, bakeMs: 300_000 };
const linear: Course = { kind: "linear", percent: 30, everyMs: 60_000 };

test("at once is one step", () => {
  expect(stepsOf({ kind: "atOnce" }, 0)).toEqual([last]);
});

test("a canary has its share for the bake, then all", () => {
  expect(stepsOf(canary, 0)).toEqual([{ percent: 10, watchMs: 300_000 }, last]);
});

test("a linear shift goes up by its share, the last step being what is left", () => {
  expect(stepsOf(linear, 0).map(({ percent }) => percent)).toEqual([30, 60, 90, 100]);
  expect(stepsOf({ ...linear, percent: 25 }, 0).map(({ percent }) => percent)).toEqual([25, 50, 75, 100]);
  expect(stepsOf({ ...linear, percent: 33.3 }, 0).map(({ percent }) => percent)).toEqual([
    33.3, 66.6, 99.9, 100,
  ]);
});

test("a shift that was left goes on from the share that it had come to, which is watched anew", () => {
  expect(stepsOf(canary, 10)).toEqual([{ percent: 10, watchMs: 300_000 }, last]);
  expect(stepsOf(canary, 50)).toEqual([{ percent: 50, watchMs: 300_000 }, last]);
  expect(stepsOf(linear, 60).map(({ percent }) => percent)).toEqual([60, 90, 100]);
  expect(stepsOf({ kind: "atOnce" }, 60)).toEqual([last]);
});
