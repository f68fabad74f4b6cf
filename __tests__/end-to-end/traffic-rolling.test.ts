import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { ExampleWorld } from "../helpers/example-world.ts";
import { expectNoneLost, steadyTraffic, stopAllTraffic } from "../helpers/steady-traffic.ts";

jest.setTimeout(180_000);

/** For reference: the strategy that the others are compared with. */
describe("a rolling deployment under 200 requests a second", () => {
  let world: ExampleWorld;
  let url: string;
  const host = "hello.example.com";

  beforeAll(async () => {
    world = await ExampleWorld.start(["rolling"], 40);
    await world.deploy("rolling", ["create", "hello"], { image: "hello:1.0.0" });
    url = await world.url();
  });
  afterEach(stopAllTraffic);
  afterAll(() => world.stop());

  test("loses no request, and the old version answers none once it has completed", async () => {
    const traffic = steadyTraffic({ url, host });
    await traffic.more(200);
    await world.deploy("rolling", ["update", "hello"], { image: "hello:1.1.0" });
    const completedAt = traffic.now();
    await traffic.more(400);
    const report = await traffic.stop();
    expectNoneLost(report);
    expect(report.answeredAfter("hello:1.0.0", completedAt)).toEqual([]);
    expect(Object.keys(report.versions).toSorted()).toEqual(["hello:1.0.0", "hello:1.1.0"]);
  });

  test("loses no request to a version that crashes, which ECS rolls back", async () => {
    const traffic = steadyTraffic({ url, host });
    await traffic.more(200);
    const { all } = await world.deploy("rolling", ["update", "hello"], {
      image: "hello:1.2.0-crash",
      exitCode: 1,
    });
    expect(all).toContain("It was rolled back");
    await traffic.more(200);
    const report = await traffic.stop();
    expectNoneLost(report);
    expect(report.by("hello:1.2.0-crash")).toEqual([]);
  });
});
