import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { createAlarm, setAlarm } from "../helpers/example-surroundings.ts";
import { ExampleWorld } from "../helpers/example-world.ts";
import { ask } from "../helpers/load-balancer.ts";
import {
  expectNoneLost,
  expectOnlyItsOwnLost,
  expectShareAtMost,
  steadyTraffic,
  stopAllTraffic,
} from "../helpers/steady-traffic.ts";

jest.setTimeout(300_000);

const alarm = "hello-errors";
const speed = 40;
/** What a machine that is busy takes of five seconds is little at this speed. */
const slow = 4;

interface Staged {
  readonly deploymentId: string;
  readonly host: string;
}

let world: ExampleWorld;
let url: string;
let live: string;
const host = "hello.example.com";
const run = (args: readonly string[], image?: string, exitCode = 0) =>
  world.deploy("stage", args, { exitCode, ...(image === undefined ? {} : { image }) });
async function stage(image: string): Promise<Staged> {
  const { stdout } = await run(["stage", "hello", "--output", "json"], image);
  return JSON.parse(stdout) as Staged;
}
/** What answers at a host that is no live one. */
async function answeringAt(staged: Staged): Promise<{ status: number; version: unknown }> {
  const { status, headers } = await ask({
    port: Number(new URL(url).port),
    headers: { host: staged.host },
  });
  return { status, version: headers["x-image"] };
}
const traffic = () => steadyTraffic({ url, host });

beforeAll(async () => {
  world = await ExampleWorld.start(["stage"], speed);
  url = await world.url();
  await createAlarm(world.local, alarm);
  live = "hello:1.0.0";
  await stage(live);
  await run(["activate", "hello"]);
});
afterEach(async () => {
  await stopAllTraffic();
  await world.passAt();
  await setAlarm(world.local, alarm, "OK");
});
afterAll(() => world.stop());

describe("a service per deployment under 200 requests a second", () => {
  test("loses no request from stage to teardown, and the old version answers none once it is not active", async () => {
    const before = live;
    const seen = traffic();
    await seen.more(200);
    const staged = await stage("hello:1.1.0");
    expect(await answeringAt(staged)).toEqual({ status: 200, version: "hello:1.1.0" });
    await seen.more(200);
    expect(Object.keys(seen.soFar().versions)).toEqual([before]);

    await run(["activate", "hello", "--id", staged.deploymentId]);
    const activatedAt = seen.now();
    live = "hello:1.1.0";
    await seen.more(400);
    await run(["teardown", "hello", "--all-retired", "--keep", "0"]);
    await seen.more(400);
    const report = await seen.stop();
    expectNoneLost(report);
    expect(report.answeredAfter(before, activatedAt)).toEqual([]);
    expect(report.versions).toEqual({ [before]: expect.any(Number), [live]: expect.any(Number) });
    // The move itself.
    const [, lastOfOld] = report.spanOf(before) ?? [];
    const [firstOfNew] = report.spanOf(live) ?? [];
    expect((lastOfOld ?? NaN) - (firstOfNew ?? NaN)).toBeLessThan(2000);
    // The staged host is gone with the activation.
    expect((await answeringAt(staged)).version).not.toBe(live);
  });

  test("gives a canary its share and no more, then all of the traffic", async () => {
    const before = live;
    const seen = traffic();
    await seen.more(200);
    await stage("hello:1.2.0");
    await run(["activate", "hello", "--canary", "10%", "--bake", "2m", "--alarm", alarm]);
    const activatedAt = seen.now();
    live = "hello:1.2.0";
    await seen.more(200);
    await run(["teardown", "hello", "--all-retired", "--keep", "0"]);
    await seen.more(200);
    const report = await seen.stop();
    expectNoneLost(report);
    expect(report.answeredAfter(before, activatedAt)).toEqual([]);
    const [first = NaN] = report.spanOf(live) ?? [];
    expectShareAtMost(report, live, 10, [first, first + (1.9 * 60_000) / speed]);
    expect(report.share(live, first, first + (1.9 * 60_000) / speed)).toBeGreaterThan(0.05);
  });

  test("a version that does not become healthy never gets live traffic, and is taken down again", async () => {
    const bad = "hello:2.0.0-unhealthy";
    const seen = traffic();
    await seen.more(200);
    const { stdout } = await run(["stage", "hello", "--output", "json"], bad, 1);
    const failed = JSON.parse(stdout) as Staged;
    expect(failed).toMatchObject({ outcome: "failed", takenDown: true });
    await run(["activate", "hello", "--id", failed.deploymentId], undefined, 4);
    await seen.more(200);
    const report = await seen.stop();
    expectNoneLost(report);
    expect(report.versions).toEqual({ [live]: report.samples.length });
  });

  test("a version that fails with all of the traffic is rolled back, and answers none after that", async () => {
    const bad = "hello:2.2.0-errors-100-percent";
    const seen = traffic();
    await seen.more(200);
    const { deploymentId } = await stage(bad);
    await run(["activate", "hello", "--id", deploymentId]);
    await seen.more(200);
    const from = seen.now();
    await run(["rollback", "hello"]);
    const backAt = seen.now();
    await seen.more(200);
    await run(["teardown", "hello", "--id", deploymentId]);
    await seen.more(200);
    const report = await seen.stop();
    expectOnlyItsOwnLost(report, bad);
    expect(report.share(bad, from - 200, from)).toBe(1);
    expect(report.answeredAfter(bad, backAt)).toEqual([]);
    expect(await world.answering(url)).toBe(live);
  });

  test("a version that turns bad in its canary loses the traffic within 5 s of the alarm", async () => {
    const bad = "hello:2.1.0-errors-100-percent";
    const seen = traffic();
    await seen.more(200);
    const { deploymentId } = await stage(bad);
    const activation = world.running(
      "stage",
      ["activate", "hello", "--id", deploymentId, "--canary", "10%", "--bake", "5m", "--alarm", alarm],
      undefined,
      slow,
    );
    await seen.until((report) => report.by(bad).length >= 50);
    await world.passAt(slow);
    const alarmAt = seen.now();
    await setAlarm(world.local, alarm, "ALARM");
    await seen.until((report) => report.samples.slice(-200).every(({ version }) => version === live));
    await world.passAt();
    const { exitCode, all } = await activation;
    const endedAt = seen.now();
    await run(["teardown", "hello", "--id", deploymentId]);
    await seen.more(200);
    const report = await seen.stop();
    expect({ exitCode, all }).toMatchObject({ exitCode: 1, all: expect.stringContaining(alarm) });
    expectOnlyItsOwnLost(report, bad);
    const [first, last] = report.spanOf(bad) ?? [NaN, NaN];
    expect(((last - alarmAt) * slow) / 1000).toBeLessThanOrEqual(5);
    expectShareAtMost(report, bad, 10, [first, last]);
    expect(report.answeredAfter(bad, endedAt)).toEqual([]);
  });
});
