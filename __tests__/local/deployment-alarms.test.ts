import { describe, expect, test } from "@jest/globals";

import { takeAlarms } from "../../scripts/local/alarms/sync.ts";
import type { AlarmState } from "../../scripts/local/alarms/state.ts";
import { World } from "../helpers/local-world.ts";

const alarms = (rollback: boolean) => ({
  deploymentConfiguration: { alarms: { alarmNames: ["errors", "latency"], enable: true, rollback } },
});

/** Sets alarm `errors`, which looks back 5 minutes. */
function set(world: World, state: AlarmState): void {
  world.call((call) => {
    takeAlarms(call, [
      { name: "errors", state, spanMs: 300_000 },
      { name: "latency", state: "OK", spanMs: 60_000 },
    ]);
    return null;
  });
}

function steadyWorld(rollback: boolean): World {
  const world = new World();
  set(world, "OK");
  world.create("nginx:1", alarms(rollback));
  world.passUntil(() => world.isSteady());
  return world;
}

describe("an alarm that goes off during a deployment", () => {
  test("fails it at once and rolls back, and does not fail the rollback too", () => {
    const world = steadyWorld(true);
    const [good] = world.service.deployments;
    world.update("nginx:2");
    const [bad] = world.service.deployments;
    world.passUntil(() => world.running("nginx:2").length > 0);
    set(world, "ALARM");
    world.pass(1);
    expect(world.describe().deployments).toMatchObject([
      {
        id: good?.id,
        status: "PRIMARY",
        rolloutState: "IN_PROGRESS",
        rolloutStateReason: expect.stringContaining(`rolling back to deploymentId ${good?.id}.`),
      },
      { id: bad?.id, rolloutState: "FAILED", rolloutStateReason: expect.stringContaining("alarm detected.") },
    ]);
    world.passUntil(() => world.isSteady());
    expect(world.running()).toHaveLength(2);
    expect(world.running("nginx:1")).toHaveLength(2);
    const messages = world.messages();
    const failed = messages.indexOf(
      `(service web) (deployment ${bad?.id}) deployment failed: alarm detected.`,
    );
    expect(messages[failed + 1]).toBe(`(service web) rolling back to deployment ${good?.id}.`);
  });

  test("without rollback leaves it FAILED, and nothing more is started", () => {
    const world = steadyWorld(false);
    world.update("nginx:2");
    world.passUntil(() => world.running("nginx:2").length > 0);
    set(world, "ALARM");
    world.pass(1);
    const count = world.tasks.length;
    world.pass(300);
    expect(world.service.deployments[0]).toMatchObject({ status: "PRIMARY", rolloutState: "FAILED" });
    expect(world.tasks).toHaveLength(count);
  });

  test("is heeded for as long as the longest alarm looks back, after everything is in place", () => {
    const world = steadyWorld(true);
    world.update("nginx:2");
    const inPlace = () =>
      world.running("nginx:2").length === 2 &&
      world.tasks.every(({ lastStatus, containers }) =>
        containers[0]?.image === "nginx:1" ? lastStatus === "STOPPED" : true,
      );
    world.passUntil(inPlace);
    world.pass(280);
    expect(world.service.deployments[0]).toMatchObject({ rolloutState: "IN_PROGRESS" });
    set(world, "ALARM");
    world.passUntil(() => world.isSteady());
    expect(world.running("nginx:1")).toHaveLength(2);
  });

  test("lets the deployment complete when it stays silent for that long", () => {
    const world = steadyWorld(true);
    world.update("nginx:2");
    expect(world.passUntil(() => world.isSteady())).toBeGreaterThan(300);
    expect(world.running("nginx:2")).toHaveLength(2);
  });
});

describe("an alarm that rings as a deployment begins", () => {
  test("is not heeded for that deployment, nor is any other of its alarms", () => {
    const world = steadyWorld(true);
    set(world, "ALARM");
    world.update("nginx:2");
    const seconds = world.passUntil(() => world.isSteady());
    expect(seconds).toBeLessThan(300);
    expect(world.running("nginx:2")).toHaveLength(2);
  });
});
