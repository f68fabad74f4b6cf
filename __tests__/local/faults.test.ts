import { describe, expect, test } from "@jest/globals";

import { faultRequest, type FaultRequest } from "../../scripts/local/faults/fault.ts";
import { Faults } from "../../scripts/local/faults/faults.ts";

const update = { service: "ecs", operation: "UpdateService" };
const describeServices = { service: "ecs", operation: "DescribeServices" };

/** To which of so many calls a fault happens, from 1. */
function hits(request: FaultRequest, calls: number): number[] {
  const faults = new Faults();
  faults.add(request);
  return Array.from({ length: calls }, (_, index) => index + 1).filter(
    () => faults.next(update) !== undefined,
  );
}

describe("faults", () => {
  test("happen to every call of their operation, and to no other", () => {
    const faults = new Faults();
    faults.add({ kind: "reset", service: "ecs", operation: "UpdateService" });
    expect(faults.next(describeServices)).toBeUndefined();
    expect(faults.next({ service: "elasticloadbalancing", operation: "UpdateService" })).toBeUndefined();
    expect(faults.next(update)?.kind).toBe("reset");
  });

  test("happen to the n-th calls, to every n-th, and at most so often", () => {
    expect(hits({ kind: "error", calls: [2, 5] }, 8)).toEqual([2, 5]);
    expect(hits({ kind: "error", every: 3 }, 10)).toEqual([3, 6, 9]);
    expect(hits({ kind: "error", times: 2 }, 5)).toEqual([1, 2]);
  });

  test("happen to a share of the calls, the same ones for the same seed", () => {
    const first = hits({ kind: "throttle", share: 0.2, seed: 7 }, 2000);
    expect(first.length).toBeGreaterThan(320);
    expect(first.length).toBeLessThan(480);
    expect(hits({ kind: "throttle", share: 0.2, seed: 7 }, 2000)).toEqual(first);
    expect(hits({ kind: "throttle", share: 0.2, seed: 8 }, 2000)).not.toEqual(first);
  });

  test("count how many calls they matched and to how many they happened", () => {
    const faults = new Faults();
    faults.add({ kind: "error", calls: [2] });
    for (let call = 0; call < 3; call += 1) faults.next(update);
    expect(faults.list()).toEqual([{ id: 1, kind: "error", calls: [2], matched: 3, applied: 1 }]);
  });

  test("end one by one or all together", () => {
    const faults = new Faults();
    for (const kind of ["error", "reset", "throttle"] as const) faults.add({ kind });
    expect(faults.remove(2)).toBe(1);
    expect(faults.list().map(({ id }) => id)).toEqual([1, 3]);
    expect(faults.remove(2)).toBe(0);
    expect(faults.remove()).toBe(2);
    expect(faults.next(update)).toBeUndefined();
  });

  test.each([
    [{ kind: "explode" }, "kind"],
    [{ kind: "error", evry: 2 }, "evry"],
    [{ kind: "error", share: 1.5 }, "share"],
    [{ kind: "error", share: 0.5, every: 2 }, "exclude each other"],
    [{ kind: "error", delayMs: 5 }, "delayMs"],
    [{ kind: "delay" }, "delayMs"],
    [{ kind: "error", seed: 1 }, "seed"],
    [{ kind: "error", calls: [] }, "calls"],
  ])("%j is refused, naming %s", (request, name) => {
    const parsed = faultRequest.safeParse(request);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(name);
  });
});
