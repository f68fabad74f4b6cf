import { describe, expect, test } from "@jest/globals";

import type { ObservedApplication } from "../../../scripts/core/staged/model.ts";
import { planActivate } from "../../../scripts/core/staged/plan-activate.ts";
import { planRollback, type RollbackWish } from "../../../scripts/core/staged/plan-rollback.ts";
import { after, application, deployment, id, inWords, scalable } from "../../helpers/observed-application.ts";

const now = "2026-02-01T00:00:00.000Z";
const previous = { id: "a", weight: 0, tags: { retiredAt: "2026-01-02" } };
const active = { id: "b", weight: 100, tags: { replaces: id("a"), replacedRevision: "test-web:1" } };

const plan = (
  observed: ObservedApplication,
  wish: Partial<RollbackWish> = {},
  scaling = scalable(),
): ReturnType<typeof planRollback> =>
  planRollback(observed, { force: false, watchAfter: true, now, ...wish }, scaling);
const steps = (...args: Parameters<typeof plan>): readonly string[] => {
  const planned = plan(...args);
  if (planned.kind === "stageAgain") throw new Error("It is to be staged again.");
  return inWords(planned.steps);
};

describe("after an activation", () => {
  test("one change of the rule brings the previous one back", () => {
    expect(steps(application([previous, active]))).toEqual([
      "tag b: failed-at replaces",
      "tag a: activating-at",
      "shift 100 % to a",
      "watch a for 10 s",
      "untag a: activating-at retired-at",
    ]);
  });

  test("a previous one that has fewer tasks gets as many first, and one that has more keeps them", () => {
    expect(
      steps(
        application([
          { ...previous, tasks: 1 },
          { ...active, tasks: 4 },
        ]),
      )[0],
    ).toBe("a to 4 tasks");
    expect(
      steps(
        application([
          { ...previous, tasks: 4 },
          { ...active, tasks: 1 },
        ]),
      )[0],
    ).not.toContain("tasks");
  });

  test("autoscaling moves back once the traffic has", () => {
    const words = steps(application([previous, active]), {}, scalable("a", "b"));
    expect(words.slice(-5)).toEqual([
      "watch a for 10 s",
      "copy autoscaling b to a",
      "hand autoscaling b to a, suspended none",
      "untag b: autoscaling",
      "untag a: activating-at retired-at",
    ]);
  });

  test("what has autoscaling of its own gets that back, and no scaling-in before it has the traffic", () => {
    const begin = application([
      { ...previous, tags: { ...previous.tags, ownAutoscaling: "none" } },
      { ...active, tags: { ...active.tags, ownAutoscaling: "in" } },
    ]);
    const all = stepsOf(begin, scalable("a", "b"));
    expect(inWords(all)).toEqual([
      "tag b: failed-at replaces autoscaling own-autoscaling",
      "tag a: activating-at",
      "a keeps up with b",
      "shift 100 % to a",
      "watch a for 10 s",
      "share autoscaling of b and a",
      "hand autoscaling b to a, suspended none",
      "untag b: autoscaling",
      "untag a: activating-at retired-at",
    ]);
    const expected = after(begin, all);
    for (let done = 0; done <= all.length; done += 1) {
      const left = after(begin, all.slice(0, done));
      const rest = stepsOf(left, scalable("a", "b"));
      expect(after(left, rest)).toEqual(expected);
      const isHanded = inWords(all.slice(0, done)).some((word) => word.startsWith("hand"));
      if (!isHanded) expect(inWords(rest)).toContain("hand autoscaling b to a, suspended none");
    }
  });

  test("a second rollback has nothing to do and says how to go further", () => {
    const end = after(application([previous, active]), stepsOf(application([previous, active])));
    expect(deployment(end, "b").state).toBe("failed");
    expect(deployment(end, "a").state).toBe("active");
    expect(plan(end)).toMatchObject({ kind: "nothingToDo", steps: [] });
    expect(plan(end)).toHaveProperty("because", expect.stringContaining("--to <id> goes further"));
  });

  test("--to goes further, to a retired one, and no further than there is one", () => {
    const observed = application([
      previous,
      { id: "b", weight: 0, tags: { retiredAt: "x", replaces: id("a") } },
      { id: "c", weight: 100, tags: { replaces: id("b") } },
    ]);
    expect(plan(observed)).toMatchObject({ incoming: { id: id("b") } });
    expect(plan(observed, { to: id("a") })).toMatchObject({ incoming: { id: id("a") } });
    expect(() => plan(observed, { to: id("z") })).toThrow(/no deployment zzz/);
    expect(plan(observed, { to: id("c") })).toMatchObject({ kind: "nothingToDo" });
  });

  test("one that is gone is staged again from its revision", () => {
    expect(plan(application([active]))).toMatchObject({
      kind: "stageAgain",
      id: id("a"),
      revision: "test-web:1",
      outgoing: { id: id("b") },
    });
    expect(plan(application([{ ...previous, gone: true }, active]))).toMatchObject({ kind: "stageAgain" });
  });

  test.each<[string, ObservedApplication, Partial<RollbackWish>, RegExp]>([
    [
      "nothing is live",
      application([{ id: "a", staged: true }]),
      {},
      /No deployment of web has live traffic/,
    ],
    [
      "the first one is live",
      application([{ id: "a", weight: 100 }]),
      {},
      /is the first that had the live traffic/,
    ],
    [
      "--to names one that failed",
      application([{ id: "0", tags: { failedAt: "x" } }, active]),
      { to: id("0") },
      /has failed.*--force/,
    ],
    [
      "--to names one that never was live",
      application([active, { id: "c", staged: true }]),
      { to: id("c") },
      /never had the live traffic.*activate web --id/,
    ],
  ])("it is refused where %s", (_, observed, wish, message) => {
    expect(() => plan(observed, wish)).toThrow(message);
  });

  test("a run that is killed after any step and run again comes to the same end", () => {
    const begin = application([previous, active]);
    const scaling = scalable("a", "b");
    const all = stepsOf(begin, scaling);
    const expected = after(begin, all);
    for (let done = 0; done <= all.length; done += 1) {
      const left = after(begin, all.slice(0, done));
      expect(after(left, stepsOf(left, scaling))).toEqual(expected);
    }
  });
});

describe("in the midst of a shift", () => {
  const shifting = application([
    { id: "a", weight: 90, tags: { retiredAt: "x", autoscaling: "none" } },
    {
      id: "b",
      weight: 10,
      staged: true,
      tags: { activatingAt: "x", replaces: id("a") },
    },
  ]);

  test("the story is told first, then the traffic is put back", () => {
    expect(plan(shifting).kind).toBe("putBack");
    expect(steps(shifting)).toEqual([
      "tag b: failed-at",
      "shift 100 % to a",
      "hand autoscaling b to a, suspended none",
      "untag a: retired-at autoscaling",
      "untag b: activating-at",
    ]);
  });

  test("one with autoscaling of its own keeps its size again, also where nothing scaled the other", () => {
    const observed = application([
      { id: "a", weight: 90, tags: { retiredAt: "x", ownAutoscaling: "off" } },
      { id: "b", weight: 10, tags: { activatingAt: "x", replaces: id("a"), ownAutoscaling: "none" } },
    ]);
    expect(steps(observed)).toEqual([
      "tag b: failed-at",
      "shift 100 % to a",
      "hand autoscaling b to a, suspended as it is",
      "untag a: retired-at",
      "untag b: activating-at",
    ]);
  });

  test("a run that is killed after any step and run again comes to the same end", () => {
    const all = stepsOf(shifting);
    const expected = after(shifting, all);
    expect(deployment(expected, "a")).toMatchObject({ state: "active", trafficPercent: 100 });
    for (let done = 0; done <= all.length; done += 1) {
      const left = after(shifting, all.slice(0, done));
      expect(after(left, stepsOf(left))).toEqual(expected);
    }
  });

  test("--to somewhere else is refused until the traffic is back", () => {
    expect(() => plan(shifting, { to: id("c") })).toThrow(/Put it back first, without --to/);
  });

  test("an activation that was killed before its first shift is given up", () => {
    const observed = application([
      { id: "a", weight: 100, tags: { retiredAt: "x" } },
      { id: "b", staged: true, tags: { activatingAt: "x" } },
    ]);
    expect(steps(observed)).toEqual(["tag b: failed-at", "untag a: retired-at", "untag b: activating-at"]);
  });

  test("activate ends what a put-back had left to do", () => {
    const left = after(shifting, stepsOf(shifting).slice(0, 2));
    const next = planActivate(
      left,
      { course: { kind: "atOnce" }, force: false, watchAfter: true, now },
      scalable(),
    );
    expect(next).toMatchObject({ kind: "endPutBack", incoming: { id: id("b") }, outgoing: { id: id("a") } });
    expect(inWords(next.steps)).toContain("untag b: activating-at");
  });
});

function stepsOf(observed: ObservedApplication, scaling = scalable()) {
  const planned = plan(observed, {}, scaling);
  if (planned.kind === "stageAgain") throw new Error("It is to be staged again.");
  return planned.steps;
}
