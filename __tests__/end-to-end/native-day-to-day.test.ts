import { mkdtemp } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { NativeDeployWorld, type NativeSite } from "../helpers/native-deploy-world.ts";

jest.setTimeout(180_000);

const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const canary = {
  strategy: "CANARY" as const,
  canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 1 },
  ...breaker,
};

let world: NativeDeployWorld;
let site: NativeSite;

beforeAll(async () => {
  world = await NativeDeployWorld.start(300);
  site = await world.site({ deploymentConfiguration: canary });
  await world.run(["create"], site, "web:1");
  await world.run(["update"], site, "web:2-crash");
}, 180_000);

afterAll(async () => {
  await world.stop();
}, 60_000);

describe("a canary service that runs", () => {
  test("tells its deployments with revision, strategy, status, reason and times", async () => {
    const { stdout, exitCode } = await world.start(["deployments", "--output", "json"], site);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      service: site.name,
      deployments: [
        {
          id: expect.stringMatching(/^ecs-svc\/\d+$/),
          revision: `${site.name}:2`,
          images: ["web:2-crash"],
          strategy: "CANARY",
          status: "ROLLBACK_SUCCESSFUL",
          reason: expect.stringContaining("circuit breaker"),
          startedAt: expect.any(String),
          finishedAt: expect.any(String),
        },
        { revision: `${site.name}:1`, status: "SUCCESSFUL" },
      ],
    });
    const text = await world.start(["deployments"], site);
    expect(text.stdout).toMatch(
      new RegExp(`^${site.name}:2  ROLLBACK_SUCCESSFUL  web:2-crash\n  CANARY, ecs-svc`),
    );
  });

  test("does not differ from its own templates, nor from those that init writes of it", async () => {
    const own = await world.start(["diff", "--exit-code"], site, "web:1");
    expect({ exitCode: own.exitCode, told: own.stderr }).toEqual({ exitCode: 0, told: "" });
    const templates = await mkdtemp(path.join(world.folder, "init-"));
    const written = await world.start(["init", site.name, "--cluster", "test"], { ...site, templates });
    expect(written.exitCode).toBe(0);
    const again = await world.start(["diff", "--exit-code"], { ...site, templates }, "web:1");
    expect({ exitCode: again.exitCode, told: again.stderr }).toEqual({ exitCode: 0, told: "" });
  });

  test("is scaled and restarted, each to its end", async () => {
    const own = await world.site({ deploymentConfiguration: canary });
    await world.run(["create"], own, "web:1");
    const scaled = await world.run(["scale", "--count", "3"], own);
    expect(scaled.ended[own.name]).toMatchObject({ outcome: "completed" });
    expect(scaled.exitCode).toBe(0);
    const restarted = await world.run(["restart"], own);
    expect(restarted.ended[own.name]).toMatchObject({ outcome: "completed" });
    expect(restarted.events.some(({ type }) => type === "trafficShifted")).toBe(true);
    expect(restarted.exitCode).toBe(0);
  });
});

describe("a rolling service", () => {
  test("becomes BLUE_GREEN in the two steps that AWS asks for, and rolling again", async () => {
    const rolling = { strategy: "ROLLING" as const, ...breaker };
    const other = await world.site({ deploymentConfiguration: rolling });
    const { advancedConfiguration: _, ...plain } = other.loadBalancer;
    await world.write(other, { deploymentConfiguration: rolling, loadBalancers: [plain] });
    expect((await world.run(["create"], other, "web:1")).exitCode).toBe(0);

    const blueGreen = { strategy: "BLUE_GREEN" as const, ...breaker };
    await world.write(other, { deploymentConfiguration: blueGreen });
    const refused = await world.run(["update"], other, "web:2");
    expect(refused.exitCode).toBe(4);
    expect(refused.stderr).toContain("two deployments");
    expect(refused.calls.filter(({ name }) => /ecs:(Register|Update)/.test(name))).toEqual([]);

    await world.write(other, { deploymentConfiguration: rolling });
    expect((await world.run(["update"], other, "web:1")).exitCode).toBe(0);
    await world.write(other, { deploymentConfiguration: blueGreen });
    const shifted = await world.run(["update"], other, "web:2");
    expect(shifted.exitCode).toBe(0);
    expect(shifted.events).toContainEqual(
      expect.objectContaining({ type: "trafficShifted", of: "production", percent: 100 }),
    );

    await world.write(other, { deploymentConfiguration: rolling });
    const back = await world.run(["update"], other, "web:3");
    expect(back.exitCode).toBe(0);
    expect(back.events.some(({ type }) => type === "trafficShifted")).toBe(false);
    const listed = await world.start(["deployments"], other);
    expect(listed.stdout).toContain("ROLLING, ecs-svc/");
  });
});
