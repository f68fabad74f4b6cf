import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { setAlarm } from "./example-surroundings.ts";
import { ExampleWorld } from "./example-world.ts";
import {
  expectNoneLost,
  expectOnlyItsOwnLost,
  expectShareAtMost,
  steadyTraffic,
  stopAllTraffic,
  type SteadyTraffic,
} from "./steady-traffic.ts";

const speed = 40;
/** What a machine that is busy takes of five seconds is little at this speed. */
const slow = 4;
const host = "hello.example.com";

/** A strategy under which a version waits for approval, then gets a tenth of the traffic for five minutes. */
export interface ApprovedCanary {
  readonly by: "codedeploy" | "native";
  /** The runs that bring the first version to life. */
  readonly first: readonly (readonly string[])[];
  readonly update: readonly string[];
  /** How soon the traffic is back after an alarm, in AWS's time. */
  readonly backWithin: { readonly says: string; readonly ms: number };
}

/** What such a strategy promises to those who use the service, at 200 requests a second. */
export function canaryUnderTraffic({ by, first, update, backWithin }: ApprovedCanary): void {
  jest.setTimeout(300_000);
  const alarms = [`${by}-hello-blue-errors`, `${by}-hello-green-errors`];
  let world: ExampleWorld;
  let production: string;
  let testing: string;
  let live: string;
  const run = (args: readonly string[], image?: string, exitCode = 0) =>
    world.deploy(by, args, { exitCode, ...(image === undefined ? {} : { image }) });

  beforeAll(async () => {
    world = await ExampleWorld.start([by], speed);
    live = "hello:1.0.0";
    for (const args of first) await run(args, live);
    production = await world.url(80);
    testing = await world.url(8080);
  });
  afterEach(async () => {
    await stopAllTraffic();
    await world.passAt();
    for (const alarm of alarms) await setAlarm(world.local, alarm, "OK");
  });
  afterAll(() => world.stop());

  /** Begins the traffic and then the update, up to the moment at which the new version waits for approval. */
  async function updated(image: string): Promise<SteadyTraffic> {
    const traffic = steadyTraffic({ url: production, host });
    await traffic.more(200);
    await run([...update, "--wait-until", "paused"], image);
    await traffic.more(200);
    // It answers on the test listener alone.
    expect(await world.answering(testing)).toBe(image);
    expect(Object.keys(traffic.soFar().versions)).toEqual([live]);
    return traffic;
  }

  describe("a canary under 200 requests a second", () => {
    test("loses no request, and the old version answers none once it has completed", async () => {
      const before = live;
      const traffic = await updated("hello:1.1.0");
      const approvedAt = traffic.now();
      await run(["activate", "hello", "--timeout", "30m"]);
      live = "hello:1.1.0";
      const completedAt = traffic.now();
      await traffic.more(400);
      const report = await traffic.stop();
      expectNoneLost(report);
      expect(report.answeredAfter(before, completedAt)).toEqual([]);
      expect(report.versions).toEqual({ [before]: expect.any(Number), [live]: expect.any(Number) });
      expect(report.spanOf(live)?.[0]).toBeGreaterThan(approvedAt);
      // The canary: from its first answer on for five minutes of AWS's time, less what it takes to begin and end it.
      const from = report.spanOf(live)?.[0] ?? 0;
      expectShareAtMost(report, live, 10, [from, from + (4.5 * 60_000) / speed]);
    });

    test("a version that is found to be bad before it is approved never gets live traffic", async () => {
      const bad = "hello:2.0.0-errors-100-percent";
      const traffic = steadyTraffic({ url: production, host });
      await traffic.more(200);
      await run([...update, "--wait-until", "paused"], bad);
      const tested = steadyTraffic({ url: testing, host, rate: 20 });
      await tested.more(20);
      expect((await tested.stop()).failed.length).toBeGreaterThanOrEqual(20);
      await run(["rollback", "hello"]);
      await traffic.more(200);
      const report = await traffic.stop();
      expectNoneLost(report);
      expect(report.versions).toEqual({ [live]: report.samples.length });
    });

    test("a version that fails with all of the traffic is rolled back, and answers none after that", async () => {
      const bad = "hello:2.2.0-errors-100-percent";
      const traffic = steadyTraffic({ url: production, host });
      await traffic.more(200);
      await run([...update, "--wait-until", "paused"], bad);
      await run(["activate", "hello", "--no-wait"]);
      await traffic.until((report) => report.samples.slice(-50).every(({ version }) => version === bad));
      const from = traffic.now();
      await run(["rollback", "hello"]);
      const backAt = traffic.now();
      await traffic.more(200);
      const report = await traffic.stop();
      expectOnlyItsOwnLost(report, bad);
      expect(report.share(live, from - 200, from)).toBe(0);
      expect(report.answeredAfter(bad, backAt)).toEqual([]);
      expect(await world.answering(production)).toBe(live);
    });

    test(`a version that turns bad in its canary loses the traffic ${backWithin.says}`, async () => {
      const bad = "hello:2.1.0-errors-100-percent";
      const traffic = steadyTraffic({ url: production, host });
      await traffic.more(200);
      await run([...update, "--wait-until", "paused"], bad);
      const activation = world.running(by, ["activate", "hello", "--timeout", "30m"], undefined, slow);
      await traffic.until((report) => report.by(bad).length >= 50);
      await world.passAt(slow);
      const alarmAt = traffic.now();
      for (const alarm of alarms) await setAlarm(world.local, alarm, "ALARM");
      await traffic.until((report) => report.samples.slice(-200).every(({ version }) => version === live));
      await world.passAt();
      const { exitCode, all } = await activation;
      const endedAt = traffic.now();
      await traffic.more(200);
      const report = await traffic.stop();
      expect({ exitCode, all }).toMatchObject({ exitCode: 1, all: expect.stringContaining("rolled back") });
      expectOnlyItsOwnLost(report, bad);
      const [first, last] = report.spanOf(bad) ?? [NaN, NaN];
      expect((last - alarmAt) * slow).toBeLessThanOrEqual(backWithin.ms);
      expectShareAtMost(report, bad, 10, [first, last]);
      expect(report.answeredAfter(bad, endedAt)).toEqual([]);
    });
  });
}
