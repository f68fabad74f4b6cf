import { describe, expect, test } from "@jest/globals";

import { targetGroupArn } from "../helpers/local-world.ts";
import {
  NativeWorld,
  alternateTargetGroupArn,
  productionListenerRule,
  testListenerRule,
} from "../helpers/native-world.ts";
import { Watch } from "../helpers/service-invariants.ts";

const canary = { canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 } };

/** Lets time pass until the service is steady; production always has somebody who answers. */
function passServed(world: NativeWorld): void {
  const watch = new Watch(world);
  world.passUntil(() => {
    watch.checkServed(productionListenerRule);
    return world.isSteady();
  }, 3600);
}

function atTenPercent(): NativeWorld {
  const world = new NativeWorld();
  world.start("nginx:1", "CANARY", canary);
  world.update("nginx:2");
  world.passUntil(() => world.course?.productionPercent === 10, 3600);
  return world;
}

describe("a deployment that is superseded while its traffic shifts", () => {
  test("gives all traffic back, even when the next one is superseded before it has begun", () => {
    const world = atTenPercent();
    world.update("nginx:3");
    world.update("nginx:4");
    expect(world.share(productionListenerRule, targetGroupArn)).toBe(100);
    expect(world.share(testListenerRule, targetGroupArn)).toBe(100);
    passServed(world);
    expect(world.deployments().map(({ status }) => status)).toEqual([
      "SUCCESSFUL",
      "STOPPED",
      "STOPPED",
      "SUCCESSFUL",
    ]);
    expect(world.imagesServing()).toEqual(["nginx:4"]);
  });

  test("leaves no traffic with its tasks when the next deployment is a rolling one", () => {
    const world = atTenPercent();
    world.update("nginx:3", { deploymentConfiguration: { strategy: "ROLLING" } });
    passServed(world);
    expect(world.share(productionListenerRule, targetGroupArn)).toBe(100);
    expect(world.imagesIn(targetGroupArn)).toEqual(["nginx:3"]);
    expect(world.imagesIn(alternateTargetGroupArn)).toEqual([]);
  });

  test("keeps production when all was done but the clean-up, however many deployments follow", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN");
    world.update("nginx:2");
    world.passUntilStage("CLEAN_UP");
    world.update("nginx:3");
    world.passUntilStage("SCALE_UP");
    world.update("nginx:crash", {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    passServed(world);
    expect(world.deployment().status).toBe("ROLLBACK_SUCCESSFUL");
    expect(world.imagesServing()).toEqual(["nginx:2"]);
  });
});

describe("a rolling deployment that has every task in place but is not complete", () => {
  test("goes on serving while a blue/green one takes its place", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN");
    world.update("nginx:2", { deploymentConfiguration: { strategy: "ROLLING" } });
    world.passUntil(() => world.service.deployments.length === 1);
    expect(world.service.deployments[0]?.rolloutState).toBe("IN_PROGRESS");
    world.update("nginx:3", { deploymentConfiguration: { strategy: "BLUE_GREEN" } });
    passServed(world);
    expect(world.imagesServing()).toEqual(["nginx:3"]);
  });
});

describe("a deployment that failed without a rollback", () => {
  test("does not go on starting tasks of one that it had superseded", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", { deploymentCircuitBreaker: { enable: true, rollback: false } });
    world.update("nginx:crash", {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } },
    });
    world.passUntilStage("SCALE_UP");
    world.pass(30);
    world.update("nginx:unhealthy", {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    });
    world.passUntilStatus("STOPPED");
    world.pass(600);
    const count = world.tasks.length;
    world.pass(600);
    expect(world.tasks).toHaveLength(count);
    expect(world.running("nginx:1")).toHaveLength(2);
    expect(world.running("nginx:crash")).toEqual([]);
  });
});

describe("a listener rule that somebody deletes in the middle of a deployment", () => {
  test("fails it, and the old tasks stay", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN");
    const serving = world.running().map(({ id }) => id);
    world.update("nginx:2");
    world.passUntilStage("POST_SCALE_UP");
    world.call(({ state }) => {
      const listener = state.elb.listeners["listener"];
      if (listener) listener.rules = listener.rules.filter(({ arn }) => arn !== productionListenerRule);
    });
    world.passUntilStatus("ROLLBACK_SUCCESSFUL");
    expect(world.deployment().statusReason).toBe(
      "Service deployment rolled back because of invalid networking configuration. One or more rules not found",
    );
    expect(world.running().map(({ id }) => id)).toEqual(serving);
  });
});
