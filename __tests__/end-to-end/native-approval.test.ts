import type { DeploymentLifecycleHook } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { NativeDeployWorld, told, type NativeSite } from "../helpers/native-deploy-world.ts";

jest.setTimeout(180_000);

const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const pause = (more: Partial<DeploymentLifecycleHook> = {}): DeploymentLifecycleHook => ({
  targetType: "PAUSE",
  lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
  ...more,
});
const rolling = { ...breaker, maximumPercent: 200, minimumHealthyPercent: 100 };
const paused = (more: Partial<DeploymentLifecycleHook> = {}) => ({
  deploymentConfiguration: {
    strategy: "BLUE_GREEN" as const,
    bakeTimeInMinutes: 4,
    lifecycleHooks: [pause(more)],
    ...breaker,
  },
});

let world: NativeDeployWorld;

beforeAll(async () => {
  world = await NativeDeployWorld.start(300);
}, 120_000);

afterAll(async () => {
  await world.stop();
}, 60_000);

/** A service that runs web:1 and pauses in each of its updates. */
async function pausingSite(more: Partial<DeploymentLifecycleHook> = {}): Promise<NativeSite> {
  const site = await world.site({ deploymentConfiguration: { strategy: "BLUE_GREEN", ...breaker } });
  const created = await world.run(["create"], site, "web:1");
  expect(created.exitCode).toBe(0);
  await world.write(site, paused(more));
  return site;
}

const waits = (site: NativeSite) =>
  world.until(site, ({ lifecycleHookDetails }) => lifecycleHookDetails?.[0]?.status === "AWAITING_ACTION");

describe("an update that waits for approval", () => {
  test("says so with the time, holds its lock, and ends well once another run activates", async () => {
    const site = await pausingSite();
    const updating = world.start(["update", "--events", "ndjson"], site, "web:2");
    await waits(site);
    const status = await world.start(["status"], site);
    expect(status.stdout).toMatch(/stage POST_TEST_TRAFFIC_SHIFT.*0 % of production, 100 % of test traffic/);
    expect(status.stdout).toContain("waits for approval");
    const activated = await world.run(["activate"], site);
    const updated = told(await updating);
    expect([activated.exitCode, updated.exitCode]).toEqual([0, 0]);
    expect(activated.ended[site.name]).toMatchObject({ outcome: "completed", revision: `${site.name}:2` });
    expect(updated.ended[site.name]).toMatchObject({ outcome: "completed", revision: `${site.name}:2` });
    expect(updated.events).toContainEqual(
      expect.objectContaining({
        type: "waitingForApproval",
        stage: "POST_TEST_TRAFFIC_SHIFT",
        until: expect.stringMatching(/^\d{4}-.*Z$/),
      }),
    );
    expect(activated.calls.filter(({ name }) => name.startsWith("ssm:"))).toEqual([]);

    const again = await world.run(["activate"], site);
    expect(again.exitCode).toBe(0);
    expect(again.ended[site.name]).toMatchObject({ outcome: "nothingToDo" });
  });

  test("ends as failed once another run rolls it back, which itself ends well, and changes nothing the second time", async () => {
    const site = await pausingSite();
    const updating = world.start(["update", "--events", "ndjson"], site, "web:2");
    await waits(site);
    const back = await world.run(["rollback"], site);
    const updated = told(await updating);
    expect(back.exitCode).toBe(0);
    expect(back.ended[site.name]).toMatchObject({ outcome: "completed", revision: `${site.name}:1` });
    expect(back.calls.filter(({ name }) => name === "ecs:StopServiceDeployment")).toHaveLength(1);
    expect(updated.exitCode).toBe(1);
    expect(updated.ended[site.name]).toMatchObject({
      outcome: "failed",
      rolledBackTo: `${site.name}:1`,
      diagnoses: [{ kind: "stoppedByHand" }],
    });

    const again = await world.run(["rollback"], site);
    expect(again.exitCode).toBe(0);
    expect(again.ended[site.name]).toMatchObject({ outcome: "nothingToDo" });
    const activated = await world.run(["activate"], site);
    expect(activated.exitCode).toBe(4);
    expect(activated.stderr).toContain("The last one ended ROLLBACK_SUCCESSFUL");
  });

  test("a rollback that waits for approval is not turned round by another one", async () => {
    const site = await pausingSite();
    const updating = world.start(["update"], site, "web:2");
    await waits(site);
    await world.run(["activate"], site);
    expect((await updating).exitCode).toBe(0);

    const first = world.start(["rollback", "--events", "ndjson"], site);
    await waits(site);
    const second = await world.run(["rollback"], site);
    expect(second.exitCode).toBe(4);
    expect(second.calls.filter(({ name }) => name === "ecs:StopServiceDeployment")).toEqual([]);
    await world.run(["activate"], site);
    const back = told(await first);
    expect(back.exitCode).toBe(0);
    expect(back.ended[site.name]).toMatchObject({ outcome: "completed", revision: `${site.name}:1` });
  });

  test("is rolled back by ECS when nobody approves in time, and says that", async () => {
    const site = await pausingSite({ timeoutConfiguration: { timeoutInMinutes: 3, action: "ROLLBACK" } });
    const { exitCode, ended } = await world.run(["update"], site, "web:2");
    expect(exitCode).toBe(1);
    expect(ended[site.name]).toMatchObject({
      outcome: "failed",
      rolledBackTo: `${site.name}:1`,
      reason: "Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT pause hook timed out.",
      diagnoses: [{ kind: "hook" }],
    });
  });

  test("times out by --timeout with the deployment still waiting, and with what to do", async () => {
    const site = await pausingSite();
    const finished = await world.start(["update", "--timeout", "3m"], site, "web:2");
    expect(finished.exitCode).toBe(3);
    expect(finished.stdout).toContain("It waits for approval at POST_TEST_TRAFFIC_SHIFT.");
    expect(finished.stdout).toMatch(/let it go on: +\.\/deploy activate/);
    expect((await world.deployment(site)).status).toBe("IN_PROGRESS");
    const back = await world.run(["rollback", "--to", "1"], site);
    expect(back.calls.filter(({ name }) => name === "ecs:StopServiceDeployment")).toHaveLength(1);
    expect(back.ended[site.name]).toMatchObject({ outcome: "completed", revision: `${site.name}:1` });
  });
});

describe("--wait-until", () => {
  test("paused ends with exit code 0 at the pause, and activate --no-wait as soon as it is answered", async () => {
    const site = await pausingSite();
    const updated = await world.run(["update", "--wait-until", "paused"], site, "web:2");
    expect(updated.exitCode).toBe(0);
    expect(updated.ended[site.name]).toMatchObject({ outcome: "paused", stage: "POST_TEST_TRAFFIC_SHIFT" });
    const activated = await world.run(["activate", "--no-wait"], site);
    expect(activated.exitCode).toBe(0);
    expect(activated.ended[site.name]).toMatchObject({ outcome: "started" });
    const done = await world.until(site, ({ status }) => status !== "IN_PROGRESS");
    expect(done.status).toBe("SUCCESSFUL");
  });

  test("deployed ends once production has moved, and says that the bake time is to come", async () => {
    const site = await world.site({
      deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 30, ...breaker },
    });
    await world.run(["create", "--no-wait"], site, "web:1");
    const { exitCode, ended } = await world.run(["update", "--wait-until", "deployed"], site, "web:1");
    expect(exitCode).toBe(0);
    expect(ended[site.name]).toMatchObject({
      outcome: "completed",
      stillToDo: expect.stringContaining("bake time of 30 min"),
    });
    expect((await world.deployment(site)).lifecycleStage).toBe("BAKE_TIME");
  });

  test("is refused with exit code 2 for rolling services, and for pauses where there is none, before anything is written", async () => {
    const site = await world.site({ deploymentConfiguration: rolling, loadBalancers: [] });
    await world.run(["create"], site, "web:1");
    const refused = await world.run(["update", "--wait-until", "deployed"], site, "web:2");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("has rolling deployments");
    const native = await world.site({ deploymentConfiguration: { strategy: "BLUE_GREEN", ...breaker } });
    await world.run(["create"], native, "web:1");
    const noPause = await world.run(["update", "--wait-until", "paused"], native, "web:2");
    expect(noPause.exitCode).toBe(2);
    expect(noPause.stderr).toContain("lifecycle hook of targetType PAUSE");
    for (const { calls } of [refused, noPause]) {
      expect(calls.filter(({ name }) => /ecs:(Register|Update|Create)/.test(name))).toEqual([]);
    }
  });
});

describe("options of other strategies", () => {
  test.each([
    [["activate", "--canary", "10%"], "--canary is for services with a service for each deployment"],
    [["activate", "--id", "0toupgk2dsss"], "--id is for services with a service for each deployment"],
    [["activate", "--alarm", "x"], "--alarm is for services with a service for each deployment"],
    [["activate", "--wait-for-lock"], "takes no lock"],
  ])("%j is refused with exit code 2", async (args, words) => {
    const site = await world.site({ deploymentConfiguration: { strategy: "BLUE_GREEN", ...breaker } });
    await world.run(["create", "--no-wait"], site, "web:1");
    const { exitCode, stderr } = await world.run(args, site);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
  });
});

describe("rollback with no deployment under way", () => {
  test("goes to the revision before, through the strategy", async () => {
    const site = await world.site({ deploymentConfiguration: { strategy: "BLUE_GREEN", ...breaker } });
    await world.run(["create"], site, "web:1");
    await world.run(["update"], site, "web:2");
    const back = await world.run(["rollback"], site);
    expect(back.exitCode).toBe(0);
    expect(back.ended[site.name]).toMatchObject({ outcome: "completed", revision: `${site.name}:1` });
    expect(back.events).toContainEqual(
      expect.objectContaining({ type: "trafficShifted", of: "production", percent: 100 }),
    );
  });

  test("is refused for a service whose first deployment is under way", async () => {
    const site = await world.site(paused());
    const created = await world.run(["create", "--timeout", "3m"], site, "web:1");
    expect(created.exitCode).toBe(3);
    const back = await world.run(["rollback"], site);
    expect(back.exitCode).toBe(4);
    expect(back.stderr).toContain("first of service");
  });
});
