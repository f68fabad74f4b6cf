import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "@jest/globals";

import { ScaledClock } from "../../scripts/local/clock.ts";

describe("a clock that is held", () => {
  test("stands still, and goes on from there when it is let go", async () => {
    const clock = new ScaledClock(1000);
    clock.hold();
    const held = clock.now();
    await sleep(20);
    expect(clock.now()).toBe(held);
    clock.resume();
    expect(clock.now() - held).toBeLessThan(1000 * 1000);
    await sleep(5);
    expect(clock.now()).toBeGreaterThan(held);
  });

  test("sounds no alarm until it is stepped past it, and then in order and at its instant", async () => {
    const clock = new ScaledClock(1_000_000);
    clock.hold();
    const start = clock.now();
    const heard: [string, number][] = [];
    const alarm = (name: string, after: number) =>
      clock.at(start + after, () => heard.push([name, clock.now() - start]));
    alarm("second", 2000);
    alarm("first", 1000);
    alarm("never", 9000);
    const callOff = alarm("called off", 1500);
    callOff();
    await sleep(20);
    expect(heard).toEqual([]);
    await clock.step(5000);
    expect(heard).toEqual([
      ["first", 1000],
      ["second", 2000],
    ]);
    expect(clock.now() - start).toBe(5000);
  });

  test("waits for work in the real world before it goes on, and for alarms that this sets", async () => {
    const clock = new ScaledClock(1);
    clock.hold();
    const start = clock.now();
    const heard: number[] = [];
    clock.at(start + 100, () => {
      const work = sleep(20).then(() => {
        clock.at(start + 150, () => heard.push(clock.now() - start));
      });
      clock.track(work);
    });
    await clock.step(200);
    expect(heard).toEqual([150]);
  });

  test("takes steps that are asked for at once one after the other, and never goes back", async () => {
    const clock = new ScaledClock(1);
    clock.hold();
    const start = clock.now();
    const heard: number[] = [];
    for (const after of [5, 50, 105]) {
      clock.at(start + after, () => {
        heard.push(clock.now() - start);
        clock.track(sleep(5));
      });
    }
    const instants: number[] = [];
    const told = (step: Promise<void>) => step.then(() => instants.push(clock.now() - start));
    await Promise.all([told(clock.step(10)), told(clock.step(100)), told(clock.step(1))]);
    expect(instants).toEqual([10, 110, 111]);
    expect(heard).toEqual([5, 50, 105]);
  });

  test("ends a step where it stands when time is let run again, and sounds no alarm twice", async () => {
    const clock = new ScaledClock(1);
    clock.hold();
    const start = clock.now();
    let heard = 0;
    clock.at(start + 1000, () => clock.track(sleep(10)));
    clock.at(start + 3_600_000, () => (heard += 1));
    const step = clock.step(7_200_000);
    await sleep(2);
    clock.resume();
    await step;
    expect(clock.held).toBe(false);
    expect(clock.now() - start).toBeLessThan(3_600_000);
    await clock.step(7_200_000);
    expect(heard).toBe(1);
  });

  test("tells what an alarm and tracked work throw, and goes on", async () => {
    const failures: unknown[] = [];
    const clock = new ScaledClock(1, (error) => failures.push(error));
    clock.hold();
    const start = clock.now();
    clock.at(start + 10, () => {
      throw new Error("an alarm broke");
    });
    clock.at(start + 20, () => clock.track(Promise.reject(new Error("work broke"))));
    await clock.step(30);
    expect(failures.map(String)).toEqual(["Error: an alarm broke", "Error: work broke"]);
    expect(clock.now() - start).toBe(30);
  });

  test("never tells a time in the wall clock's future, and never goes back", async () => {
    const clock = new ScaledClock(100);
    const instants = [clock.now()];
    clock.hold();
    await clock.step(3_600_000);
    instants.push(clock.now());
    clock.resume();
    await sleep(10);
    instants.push(clock.now());
    const told = instants.map((instant) => clock.toDate(instant).getTime());
    expect(told).toEqual(told.toSorted((one, other) => one - other));
    expect(Math.max(...told)).toBeLessThanOrEqual(Date.now());
  });
});

describe("a clock whose speed is changed", () => {
  test("goes on from where it stands, and sounds what is due at the instant that it was due at", async () => {
    const clock = new ScaledClock(1);
    const heard: number[] = [];
    const due = clock.now() + 60_000;
    const sounded = new Promise<void>((resolve) => {
      clock.at(due, () => {
        heard.push(clock.now());
        resolve();
      });
    });
    const before = clock.now();
    clock.setSpeed(100_000);
    expect(clock.now()).toBeGreaterThanOrEqual(before);
    await sounded;
    expect(heard[0]).toBeGreaterThanOrEqual(due);
    clock.setSpeed(1);
    const slow = clock.now();
    await sleep(20);
    expect(clock.now() - slow).toBeLessThan(10_000);
    expect(heard).toHaveLength(1);
  });

  test("stays held when it is, and then goes on at the new speed", async () => {
    const clock = new ScaledClock(1);
    clock.hold();
    const held = clock.now();
    clock.setSpeed(1_000_000);
    await sleep(5);
    expect(clock.now()).toBe(held);
    clock.resume();
    await sleep(5);
    expect(clock.now() - held).toBeGreaterThan(1_000);
  });
});
