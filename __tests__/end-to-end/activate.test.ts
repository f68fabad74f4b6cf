import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";

import { MoveWorld } from "../helpers/move-world.ts";
import { stageDirectly, type Standing } from "../helpers/standing-deployment.ts";
import { expectNoneLost, steadyTraffic, stopAllTraffic } from "../helpers/steady-traffic.ts";

const minutes = 60_000;

let world: MoveWorld;
let count = 0;

beforeAll(async () => {
  world = await MoveWorld.start(
    20,
    Array.from({ length: 20 }, (_, index) => `app${index}`),
  );
}, 2 * minutes);

afterEach(stopAllTraffic);

afterAll(async () => {
  await world.stop();
}, minutes);

/** An application of the test's own, with some deployments that are staged. */
async function staged(...images: readonly string[]): Promise<readonly [string, ...Standing[]]> {
  const application = `app${count}`;
  count += 1;
  const standing: Standing[] = [];
  for (const [index, image] of images.entries()) {
    const id = `${application.padEnd(8, "0")}000${index + 1}`;
    standing.push(await stageDirectly(world, { application, id, image }));
  }
  return [application, ...standing];
}

test(
  "the first activation makes the live rule and the record, and takes the staged host away",
  async () => {
    const [application, first] = await staged("app:1");
    const host = `${application}.example.com`;
    expect(await world.ruleOf(host)).toBeUndefined();

    const document = await world.done("activate", application);
    expect(document).toMatchObject({
      outcome: "activated",
      deploymentId: first?.id,
      state: "active",
      trafficPercent: 100,
      url: `http://${host}`,
    });
    expect(document.movedInMs).toBeLessThan(2_000);
    expect(await world.ruleOf(host)).toEqual({ [first?.targetGroupArn ?? ""]: 100 });
    expect(await world.ruleOf(`${first?.id ?? ""}.stage.example.com`)).toBeUndefined();
    expect(Object.keys(await world.records())).toContain(host);
    expect(await (await fetch(await world.url(), { headers: { host } })).text()).toContain("app:1");
  },
  minutes,
);

test(
  "an activation under traffic loses no request, and the old version answers none once it is reported",
  async () => {
    const [application, first, second] = await staged("app:1", "app:2");
    await world.done("activate", application, "--id", first?.id ?? "");
    const traffic = steadyTraffic({ url: await world.url(), host: `${application}.example.com` });
    await traffic.more(100);

    const document = await world.done("activate", application);
    const reported = traffic.now();
    await traffic.more(500);
    const report = await traffic.stop();

    expect(document).toMatchObject({ deploymentId: second?.id, previousDeploymentId: first?.id });
    expectNoneLost(report);
    expect(report.answeredAfter("app:1", reported)).toEqual([]);
    expect(report.by("app:2").length).toBeGreaterThan(400);
    expect(await world.tagsOf(first?.targetGroupArn ?? "")).toHaveProperty("retired-at");
    expect(await world.tagsOf(second?.targetGroupArn ?? "")).toMatchObject({
      replaces: first?.id,
      "replaced-revision": first?.revision,
    });
  },
  2 * minutes,
);
