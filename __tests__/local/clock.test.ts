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
