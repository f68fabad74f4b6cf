import { describe, expect, test } from "@jest/globals";

import type { Course } from "../../../scripts/core/staged/course.ts";
import type { ObservedApplication } from "../../../scripts/core/staged/model.ts";
import { planActivate, type ActivateWish } from "../../../scripts/core/staged/plan-activate.ts";
import { planRollback } from "../../../scripts/core/staged/plan-rollback.ts";
import {
  after,
  application,
  deployment,
  id,
  inWords,
  scalable,
  service,
  type Described,
} from "../../helpers/observed-application.ts";

const canary: Course = { kind: "canary", percent: 10, bakeMs: 300_000 };
const live = { id: "a", weight: 100 };
const fresh = { id: "b", staged: true };
const suspension = { dynamicScalingIn: true, dynamicScalingOut: true, scheduledScaling: true };
const target = { minCapacity: 1, maxCapacity: 10, suspension };

const plan = (
  observed: ObservedApplication,
  wish: Partial<ActivateWish> = {},
  scaling = scalable(),
): ReturnType<typeof planActivate> =>
  planActivate(
    observed,
    { course: { kind: "atOnce" }, force: false, watchAfter: true, now: "2026-02-01T00:00:00.000Z", ...wish },
    scaling,
  );
const steps = (...args: Parameters<typeof plan>): readonly string[] => inWords(plan(...args).steps);

describe("what is activated", () => {
  test("is the newest that is staged", () => {
    expect(plan(application([live, fresh, { id: "c", staged: true }])).incoming.id).toBe(id("c"));
  });

  test("is what --id names, also one that was retired", () => {
    const observed = application([
      { id: "a", weight: 0, tags: { retiredAt: "x" } },
      { id: "b", weight: 100 },
    ]);
    expect(plan(observed, { id: id("a") }).incoming.id).toBe(id("a"));
  });

  test("is nothing where the active one is newer than all that is staged", () => {
    const result = plan(application([fresh, { id: "c", weight: 100 }]));
    expect(result).toMatchObject({ kind: "nothingToDo", steps: [] });
  });

  test("is what a killed run had begun with, before anything newer", () => {
    const begun = { ...fresh, tags: { activatingAt: "x" } };
    expect(plan(application([live, begun, { id: "c", staged: true }])).incoming.id).toBe(id("b"));
  });

  test.each<[string, Parameters<typeof plan>, RegExp]>([
    ["without any deployment", [application([])], /nothing staged.*\.\/deploy stage web/],
    ["an id that is unknown", [application([live]), { id: id("z") }], /no deployment zzz.*aaa.* \(active\)/],
    [
      "one that is not staged yet",
      [application([live, { id: "b", beingStaged: true }]), { id: id("b") }],
      /is not staged yet/,
    ],
    [
      "one that failed",
      [application([live, { ...fresh, tags: { failedAt: "x" } }]), { id: id("b") }],
      /has failed, or was rolled back.*--force/,
    ],
    [
      "nothing where the newest had to give the traffic back",
      [application([live, { id: "b", weight: 0, tags: { failedAt: "x", replaces: id("a") } }])],
      /Nothing is staged, and deployment bbbbbbbbbbbb had to give the traffic back to aaaaaaaaaaaa/,
    ],
    [
      "another one while the traffic moves",
      [
        application([
          { id: "a", weight: 90 },
          { ...fresh, weight: 10, tags: { activatingAt: "x" } },
          { id: "c", staged: true },
        ]),
        { id: id("c") },
      ],
      /is moving to deployment bbbbbbbbbbbb, which has 10 %/,
    ],
  ])("is refused for %s", (_, args, message) => {
    expect(() => plan(...args)).toThrow(message);
  });

  test("is refused where the rule sends traffic to somebody else", () => {
    const observed = application([live, fresh]);
    const foreign = { targetGroupArn: "arn:foreign", weight: 1 };
    const liveRule = observed.liveRule && { ...observed.liveRule, groups: [foreign] };
    expect(() => plan({ ...observed, ...(liveRule && { liveRule }) })).toThrow(
      /sends requests to arn:foreign/,
    );
  });
});

describe("at once", () => {
  test("one change of the rule moves all, and the staged host goes after it", () => {
    expect(steps(application([live, fresh]))).toEqual([
      "tag b: activating-at replaces replaced-revision",
      "tag a: retired-at",
      "shift 100 % to b",
      "watch b for 10 s",
      "remove stage route of b",
      "untag b: activating-at",
    ]);
  });

  test("the first activation of all makes the rule and the record", () => {
    expect(steps(application([{ id: "a", staged: true }], { hostedZoneId: "Z1" }))).toEqual([
      "tag a: activating-at",
      "create rule: 100 % to a",
      "watch a for 10 s",
      "live record",
      "remove stage route of a",
      "untag a: activating-at",
    ]);
  });

  test("the new one gets the count that the old one has, fewer tasks too", () => {
    expect(steps(application([{ ...live, tasks: 5 }, fresh]))[0]).toBe("b to 5 tasks");
    expect(steps(application([{ ...live, tasks: 1 }, fresh]))[0]).toBe("b to 1 tasks");
  });

  test("an old one without tasks takes none from the new one", () => {
    expect(steps(application([{ ...live, tasks: 0 }, fresh]))[0]).not.toContain("tasks");
  });

  test("autoscaling is copied before the shift and handed over after it", () => {
    const words = steps(application([live, fresh]), {}, scalable("a"));
    expect(words[1]).toBe("tag a: retired-at autoscaling");
    expect(words[0]).toBe("tag b: activating-at replaces replaced-revision");
    expect(words.indexOf("copy autoscaling a to b")).toBeLessThan(words.indexOf("shift 100 % to b"));
    expect(words.indexOf("hand autoscaling a to b, suspended none")).toBeGreaterThan(
      words.indexOf("shift 100 % to b"),
    );
  });

  test("autoscaling of its own is not copied, and the old one keeps its own as it is now", () => {
    const own = { ...fresh, tags: { ownAutoscaling: "in" } };
    const first = plan(application([live, own]), {}, scalable("a", "b"));
    expect(inWords(first.steps)).toEqual([
      "tag b: activating-at replaces replaced-revision",
      "tag a: retired-at autoscaling own-autoscaling",
      "share autoscaling of a and b",
      "b keeps up with a",
      "shift 100 % to b",
      "watch b for 10 s",
      "hand autoscaling a to b, suspended in",
      "remove stage route of b",
      "untag a: autoscaling",
      "untag b: activating-at",
    ]);
    const { tags } = deployment(after(application([live, own]), first.steps), "a").targetGroup;
    expect(tags).toMatchObject({ "slipway:own-autoscaling": "none" });
  });

  test("an old one that nothing scales is not scaled either when it comes back", () => {
    const own = { ...fresh, tags: { ownAutoscaling: "none" } };
    const first = plan(application([live, own]), {}, scalable("b"));
    const end = after(application([live, own]), first.steps);
    expect(deployment(end, "a").targetGroup.tags).toMatchObject({ "slipway:own-autoscaling": "off" });
    const back = planRollback(
      end,
      { force: false, watchAfter: false, now: "2026-02-02T00:00:00.000Z" },
      scalable("b"),
    );
    if (back.kind !== "move") throw new Error(back.kind);
    expect(inWords(back.steps)).not.toContainEqual(expect.stringMatching(/copy autoscaling/));
    expect(inWords(back.steps)).toContain("hand autoscaling b to a, suspended as it is");
  });

  test("one whose template says that nothing scales it gets nobody's autoscaling", () => {
    const own = { ...fresh, tags: { ownAutoscaling: "off" } };
    const words = steps(application([live, own]), {}, scalable("a"));
    expect(words.join()).not.toContain("copy");
    expect(words).toContain("hand autoscaling a to b, suspended as it is");
  });

  test("the first one of all scales by itself once it has the traffic", () => {
    const words = steps(
      application([{ id: "a", staged: true, tags: { ownAutoscaling: "none" } }]),
      {},
      scalable("a"),
    );
    expect(words).toContain("hand autoscaling y to a, suspended none");
  });

  test("one that its own autoscaling leaves more tasks than the old one has gets those", () => {
    const own = { ...fresh, tasks: 2, tags: { ownAutoscaling: "none" } };
    const scaling = new Map([...scalable("a"), [service("b"), { ...target, minCapacity: 4 }]]);
    expect(steps(application([live, own]), {}, scaling)[0]).toBe("b to 4 tasks");
    expect(steps(application([{ ...live, tasks: 6 }, own]), {}, scaling)[0]).toBe("b to 6 tasks");
  });

  test("no wait is no watch", () => {
    expect(steps(application([live, fresh]), { watchAfter: false }).join()).not.toContain("watch");
  });
});

describe("a canary", () => {
  test("has its share, is watched, and gets all", () => {
    const words = steps(application([live, fresh]), { course: canary });
    expect(words.slice(2, 6)).toEqual([
      "shift 10 % to b",
      "watch b for 300 s",
      "shift 100 % to b",
      "watch b for 10 s",
    ]);
  });

  test("keeps up with an old one that is scaled, before each share and each watch of its own", () => {
    const words = steps(application([live, fresh]), { course: canary }, scalable("a"));
    expect(words.filter((word) => /keeps up|shift/.test(word))).toEqual([
      "b keeps up with a",
      "shift 10 % to b",
      "b keeps up with a",
      "shift 100 % to b",
    ]);
    const begun = application([
      { id: "a", weight: 90, tags: { retiredAt: "x", autoscaling: "none" } },
      { ...fresh, weight: 10, tasks: 1, tags: { activatingAt: "x", replaces: id("a") } },
    ]);
    expect(steps(begun, { course: canary }, scalable("a", "b")).slice(0, 3)).toEqual([
      "copy autoscaling a to b",
      "b keeps up with a",
      "watch b for 300 s",
    ]);
  });

  test("that a killed run had begun is watched anew with the share that it has", () => {
    const observed = application([
      { id: "a", weight: 90, tags: { retiredAt: "x" } },
      { ...fresh, weight: 10, tags: { activatingAt: "x", replaces: id("a") } },
    ]);
    expect(steps(observed, { course: canary })).toEqual([
      "watch b for 300 s",
      "shift 100 % to b",
      "watch b for 10 s",
      "remove stage route of b",
      "untag b: activating-at",
    ]);
  });

  test("is refused where no version has the traffic that it would share", () => {
    expect(() => plan(application([{ id: "a", staged: true }]), { course: canary })).toThrow(
      /--canary shares the traffic.*\.\/deploy activate web/,
    );
  });
});

describe("a run that is killed and run again", () => {
  const whole = (hostedZoneId?: string, tags: Described["tags"] = {}): ObservedApplication =>
    application(
      [
        { ...live, tasks: 3 },
        { ...fresh, tags },
      ],
      hostedZoneId === undefined ? {} : { hostedZoneId },
    );

  test.each<[string, Described["tags"], readonly string[]]>([
    ["the old one's autoscaling", {}, ["a"]],
    ["its own autoscaling", { ownAutoscaling: "in" }, ["a", "b"]],
    ["the first autoscaling of all", { ownAutoscaling: "none" }, ["b"]],
    ["no autoscaling", { ownAutoscaling: "off" }, ["a"]],
  ])("comes to the same end after each of its steps, with %s", (_, tags, scaled) => {
    const scaling = scalable(...scaled);
    const first = plan(whole("Z1", tags), { course: canary }, scaling);
    const expected = after(whole("Z1", tags), first.steps);
    const [handed] = inWords(first.steps).filter((word) => word.startsWith("hand"));
    for (let done = 0; done <= first.steps.length; done += 1) {
      const left = after(whole("Z1", tags), first.steps.slice(0, done));
      const second = plan(left, { course: canary }, scaling);
      expect(second.incoming.id).toBe(id("b"));
      expect(after(left, second.steps)).toEqual(expected);
      const isHanded = inWords(first.steps.slice(0, done)).some((word) => word.startsWith("hand"));
      if (!isHanded) expect(inWords(second.steps)).toContain(handed);
    }
  });

  test("leaves the new one active, the old one retired, and no trace of the move on either", () => {
    const end = after(whole(), plan(whole(), {}, scalable("a")).steps);
    expect(deployment(end, "b")).toMatchObject({ state: "active", trafficPercent: 100 });
    expect(deployment(end, "b").stageRuleArn).toBeUndefined();
    expect(Object.keys(deployment(end, "b").targetGroup.tags)).not.toContain("slipway:activating-at");
    expect(deployment(end, "a")).toMatchObject({ state: "retired", trafficPercent: 0 });
    expect(plan(end)).toMatchObject({ kind: "nothingToDo", steps: [] });
  });
});
