import { describe, expect, test } from "@jest/globals";

import { chooseTarget, eligibleTargets, type ChoiceContext } from "../../scripts/local/elb/choice.ts";
import { targetGroupSettings } from "../../scripts/local/elb/settings.ts";
import { healthyTarget, targetGroup } from "../helpers/load-balancer.ts";

const settings = (attributes: Record<string, string>) =>
  targetGroupSettings({ ...targetGroup("g"), attributes });
const context = (over: Partial<ChoiceContext>): ChoiceContext => ({
  now: 0,
  turn: 0,
  draw: 0,
  outstanding: () => 0,
  ...over,
});

describe("the targets that get requests", () => {
  test("are the healthy ones, and all that are registered and running when there is none", () => {
    const sick = healthyTarget("sick", { state: "unhealthy" });
    const initial = healthyTarget("initial", { state: "initial" });
    const draining = healthyTarget("draining", { state: "draining" });
    const stopped = healthyTarget("stopped", { instanceState: "stopped" });
    const well = healthyTarget("well");
    expect(eligibleTargets({ sick, initial, draining, stopped, well })).toEqual([well]);
    expect(eligibleTargets({ sick, initial, draining, stopped })).toEqual([sick, initial]);
    expect(eligibleTargets({ draining, stopped })).toEqual([]);
  });
});

describe("a choice among targets", () => {
  const one = healthyTarget("one");
  const two = healthyTarget("two");

  test("goes round, or by chance, as the algorithm says", () => {
    const turns = [0, 1, 2].map(
      (turn) => chooseTarget([one, two], settings({}), context({ turn, draw: 0.9 }))?.id,
    );
    expect(turns).toEqual(["one", "two", "one"]);
    const random = settings({ "load_balancing.algorithm.type": "weighted_random" });
    const drawn = [0, 0.49, 0.5, 0.99].map((draw) => chooseTarget([one, two], random, context({ draw }))?.id);
    expect(drawn).toEqual(["one", "one", "two", "two"]);
    expect(chooseTarget([], settings({}), context({}))).toBeUndefined();
    expect(chooseTarget([], random, context({}))).toBeUndefined();
  });

  test("gives a target in slow start a share that grows with time", () => {
    const slow = settings({ "slow_start.duration_seconds": "100" });
    const fresh = healthyTarget("fresh", { slowStartedAt: 0 });
    const shareAt = (now: number) => {
      const draws = Array.from({ length: 1000 }, (_, index) => index / 1000);
      const chosen = draws.map((draw) =>
        chooseTarget([one, fresh], slow, context({ now, draw, turn: draw * 1000 })),
      );
      return chosen.filter((target) => target === fresh).length;
    };
    const shares = [0, 25_000, 50_000, 100_000].map(shareAt);
    expect(shares[0]).toBeLessThan(20);
    expect(shares[1]).toBe(200);
    expect(shares[2]).toBeGreaterThanOrEqual(333);
    expect(shares[2]).toBeLessThanOrEqual(334);
    expect(shares[3]).toBe(500);
  });

  test("takes the next in turn of those with the fewest requests under way", () => {
    const least = settings({ "load_balancing.algorithm.type": "least_outstanding_requests" });
    const three = healthyTarget("three");
    const counts = new Map([
      ["one", 2],
      ["two", 1],
      ["three", 1],
    ]);
    const outstanding = ({ id }: { id: string }) => counts.get(id) ?? 0;
    const chosen = [0, 1, 2].map(
      (turn) => chooseTarget([one, two, three], least, context({ turn, outstanding }))?.id,
    );
    expect(chosen).toEqual(["two", "three", "two"]);
  });
});
