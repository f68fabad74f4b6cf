import { describe, expect, test } from "@jest/globals";

import {
  describeServiceRevisions,
  stopServiceDeployment,
} from "../../scripts/local/ecs/api/service-deployments.ts";
import { shiftTraffic } from "../../scripts/local/elb/shift.ts";
import { parts } from "../../scripts/local/world/step.ts";
import { targetGroupArn } from "../helpers/local-world.ts";
import {
  NativeWorld,
  alternateTargetGroupArn,
  loadBalancers,
  productionListenerRule,
  testListenerRule,
} from "../helpers/native-world.ts";

const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const failed = (reason: string) => `deployment failed: Service deployment rolled back because ${reason}`;

function ring(world: NativeWorld, state: "OK" | "ALARM"): void {
  world.call((call) => {
    call.state.alarms["errors"] = state;
    for (const part of parts) part.alarmsChanged?.(call, ["errors"]);
    return null;
  });
}

function stop(world: NativeWorld, arn = world.deployment().serviceDeploymentArn): void {
  world.call((call) => stopServiceDeployment(call, { serviceDeploymentArn: arn }));
}

/** Everything is as before the update, and only what is needed for that was done. */
function expectBlueAgain(world: NativeWorld, serving: readonly string[]): void {
  expect(world.running().map(({ id }) => id)).toEqual(serving);
  expect(world.share(productionListenerRule, targetGroupArn)).toBe(100);
  expect(world.share(testListenerRule, targetGroupArn)).toBe(100);
  expect(world.service.lastCompleted?.id).toBe(world.service.deployments[0]?.id);
}

describe("a new revision that cannot start", () => {
  test.each(["nginx:crash", "nginx:unhealthy", "nginx:missing"])(
    "%s never gets any traffic and is rolled back by the circuit breaker",
    (image) => {
      const world = new NativeWorld();
      world.start("nginx:1", "BLUE_GREEN", { ...breaker, bakeTimeInMinutes: 5 });
      const serving = world.running().map(({ id }) => id);
      const blue = world.deployment().targetServiceRevision?.arn;
      world.update(image);
      world.passUntilStatus("ROLLBACK_IN_PROGRESS");
      expect(world.deployment()).toMatchObject({
        statusReason: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
        deploymentCircuitBreaker: { status: "TRIGGERED", threshold: 3 },
        rollback: { serviceRevisionArn: blue },
      });
      world.passUntilStatus("ROLLBACK_SUCCESSFUL");
      const shifts = world.effects.filter(({ type }) => type === "shift-traffic");
      world.passUntil(() => world.isSteady());
      expectBlueAgain(world, serving);
      // Those of the service's first deployment alone.
      expect(shifts).toHaveLength(2);
      expect(
        world
          .messages()
          .some((message) => message.endsWith(failed("the circuit breaker threshold was exceeded."))),
      ).toBe(true);
      expect(world.describe()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/) });
    },
  );

  test("without circuit breaker is tried for 24 hours, then its stage times out", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN");
    world.update("nginx:unhealthy");
    world.passUntilStage("SCALE_UP");
    world.pass(600);
    expect(world.deployment().status).toBe("IN_PROGRESS");
    const since = world.course?.since ?? 0;
    world.call(({ state }) => {
      const course = Object.values(state.ecs.serviceDeployments).find(
        ({ status }) => status === "IN_PROGRESS",
      )?.course;
      // Nearly a day ago, since the world takes minutes to let one pass.
      if (course) course.since -= 24 * 3600 * 1000 - (world.now - since) - 60_000;
      return null;
    });
    world.pass(40);
    expect(world.deployment().status).toBe("IN_PROGRESS");
    world.pass(40);
    expect(world.deployment()).toMatchObject({
      status: "ROLLBACK_IN_PROGRESS",
      statusReason: "Service deployment rolled back because the SCALE_UP lifecycle stage timed out.",
    });
  });

  test("without rollback stays as it is, and blue goes on serving", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", { deploymentCircuitBreaker: { enable: true, rollback: false } });
    world.update("nginx:crash");
    world.passUntilStatus("STOPPED");
    const started = world.tasks.length;
    world.pass(900);
    expect(world.tasks).toHaveLength(started);
    expect(world.running("nginx:1")).toHaveLength(2);
    expect(world.share(productionListenerRule, targetGroupArn)).toBe(100);
    world.update("nginx:2");
    world.passUntil(() => world.isSteady(), 3600);
    expect(world.deployment()).toMatchObject({ status: "SUCCESSFUL" });
    expect(world.imagesIn(alternateTargetGroupArn)).toEqual(["nginx:2"]);
  });
});

describe("an alarm", () => {
  const alarms = { alarms: { alarmNames: ["errors"], enable: true, rollback: true } };

  test("that goes off in the bake time takes production back at once, then the new tasks stop", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", { ...alarms, bakeTimeInMinutes: 10 });
    const serving = world.running().map(({ id }) => id);
    world.update("nginx:2");
    world.passUntilStage("BAKE_TIME");
    world.pass(30);
    expect(world.share(productionListenerRule, alternateTargetGroupArn)).toBe(100);
    ring(world, "ALARM");
    world.pass(1);
    expect(world.share(productionListenerRule, targetGroupArn)).toBe(100);
    expect(world.running("nginx:2")).toHaveLength(2);
    expect(world.deployment()).toMatchObject({
      status: "ROLLBACK_IN_PROGRESS",
      alarms: { status: "TRIGGERED", alarmNames: ["errors"], triggeredAlarmNames: ["errors"] },
    });
    world.passUntilStatus("ROLLBACK_SUCCESSFUL");
    expectBlueAgain(world, serving);
  });

  test("that rang before the deployment began does not count", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", { ...alarms, bakeTimeInMinutes: 1 });
    ring(world, "ALARM");
    world.update("nginx:2");
    world.passUntilStatus("SUCCESSFUL");
    expect(world.deployment().alarms).toMatchObject({ status: "MONITORING_COMPLETE" });
  });

  test("that goes off after the deployment is over changes nothing", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", alarms);
    world.update("nginx:2");
    world.passUntilStatus("SUCCESSFUL");
    ring(world, "ALARM");
    world.pass(120);
    expect(world.running("nginx:2")).toHaveLength(2);
    expect(world.deployment().status).toBe("SUCCESSFUL");
  });
});

describe("rules that do not fit", () => {
  test.each([
    [
      "two target groups that serve",
      [50, 50],
      `. productionListenerRule ${productionListenerRule} should have exactly one target group serving traffic but found 2 target groups which are serving traffic`,
    ],
    [
      "no target group that serves",
      [0, 0],
      `. productionListenerRule ${productionListenerRule} should have exactly one target group serving traffic but found 0 target groups which are serving traffic`,
    ],
  ])("with %s roll the deployment back before it starts a task", (_what, weights, words) => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN");
    world.call((call) => {
      const [one = 0, other = 0] = weights;
      shiftTraffic(call, productionListenerRule, [
        { arn: targetGroupArn, weight: one },
        { arn: alternateTargetGroupArn, weight: other },
      ]);
      return null;
    });
    world.update("nginx:2");
    world.passUntilStatus("ROLLBACK_SUCCESSFUL");
    expect(world.deployment().statusReason).toBe(
      `Service deployment rolled back because of invalid networking configuration${words}`,
    );
    expect(world.tasks).toHaveLength(2);
  });

  test("that are gone, or forward to a strange target group, roll it back as well", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN");
    const stranger = `${targetGroupArn}-strange`;
    world.call((call) => {
      // Both target groups stay behind the load balancer, so that the update is taken.
      shiftTraffic(call, productionListenerRule, [{ arn: stranger, weight: 1 }]);
      shiftTraffic(call, testListenerRule, [
        { arn: targetGroupArn, weight: 1 },
        { arn: alternateTargetGroupArn, weight: 0 },
      ]);
      return null;
    });
    world.update("nginx:2");
    world.passUntilStatus("ROLLBACK_SUCCESSFUL");
    expect(world.deployment().statusReason).toContain(
      `forwarding traffic to unexpected target group ${stranger}.`,
    );
    world.call(({ state }) => {
      const listener = state.elb.listeners["listener"];
      for (const rule of listener?.rules ?? []) if (rule.arn === testListenerRule) rule.arn = "another";
      return null;
    });
    world.update("nginx:3");
    world.passUntilStatus("ROLLBACK_SUCCESSFUL");
    expect(world.deployment().statusReason).toBe(
      "Service deployment rolled back because of invalid networking configuration. One or more rules not found",
    );
  });

  test("that somebody turned to the other target group decide where the new tasks go", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN");
    world.call((call) => {
      shiftTraffic(call, productionListenerRule, [
        { arn: targetGroupArn, weight: 0 },
        { arn: alternateTargetGroupArn, weight: 1 },
      ]);
      return null;
    });
    world.update("nginx:2");
    world.passUntilStage("POST_SCALE_UP");
    expect(world.imagesIn(targetGroupArn).toSorted()).toEqual(["nginx:1", "nginx:2"]);
  });
});

describe("somebody steps in", () => {
  test("StopServiceDeployment rolls back a deployment that already has all production", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", { bakeTimeInMinutes: 10 });
    const serving = world.running().map(({ id }) => id);
    world.update("nginx:2");
    world.passUntilStage("BAKE_TIME");
    const { serviceDeploymentArn } = world.deployment();
    stop(world);
    expect(
      world.deployments().find((found) => found.serviceDeploymentArn === serviceDeploymentArn),
    ).toMatchObject({
      status: "ROLLBACK_REQUESTED",
    });
    world.passUntilStatus("ROLLBACK_SUCCESSFUL");
    expectBlueAgain(world, serving);
    expect(() => {
      stop(world);
    }).toThrow("Stopping a service deployment is not allowed for service deployment in terminal states.");
  });

  test("an update in the middle stops the deployment, gives production back and cleans up before it begins", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", { bakeTimeInMinutes: 10 });
    world.update("nginx:2");
    world.passUntilStage("BAKE_TIME");
    world.update("nginx:3");
    expect(world.deployments().map(({ status }) => status)).toEqual(["PENDING", "STOPPED", "SUCCESSFUL"]);
    world.passUntilStage("RECONCILE_SERVICE");
    expect(world.share(productionListenerRule, targetGroupArn)).toBe(100);
    expect(world.deployment().sourceServiceRevisions).toHaveLength(2);
    world.passUntilStage("SCALE_UP");
    expect(world.running("nginx:2")).toHaveLength(0);
    expect(world.running("nginx:1")).toHaveLength(2);
    world.passUntil(() => world.isSteady(), 3600);
    expect(world.imagesIn(alternateTargetGroupArn)).toEqual(["nginx:3"]);
    expect(world.share(productionListenerRule, alternateTargetGroupArn)).toBe(100);
  });

  test("an update as the old tasks leave counts the new ones as those that serve", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN");
    world.update("nginx:2");
    world.passUntilStage("CLEAN_UP");
    world.update("nginx:3");
    world.passUntil(() => {
      expect(world.share(productionListenerRule, alternateTargetGroupArn)).toBe(100);
      expect(world.running("nginx:2")).toHaveLength(2);
      return world.course?.stage === "POST_SCALE_UP";
    });
    world.passUntilStatus("SUCCESSFUL");
    expect(world.imagesIn(targetGroupArn)).toEqual(["nginx:3"]);
  });

  test("a stop as the old tasks leave starts them again before production goes back to them", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN");
    world.update("nginx:2");
    world.passUntilStage("CLEAN_UP");
    stop(world);
    world.passUntil(() => {
      const serving = world.imagesServing();
      expect(serving).toHaveLength(1);
      return world.deployment().status === "ROLLBACK_SUCCESSFUL";
    });
    expect(world.running("nginx:1")).toHaveLength(2);
    expect(world.running()).toHaveLength(2);
  });

  test("an update that goes over to BLUE_GREEN during a rolling one keeps the full number of tasks up", () => {
    const world = new NativeWorld();
    world.create("nginx:1", { loadBalancers, desiredCount: 4 });
    world.passUntil(() => world.isSteady());
    world.update("nginx:2", { deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 } });
    world.passUntil(() => world.running("nginx:1").length === 2 && world.running("nginx:2").length === 2);
    world.update("nginx:3", { deploymentConfiguration: { strategy: "BLUE_GREEN" } });
    world.passUntil(() => {
      expect(world.running("nginx:1").length + world.running("nginx:2").length).toBeGreaterThanOrEqual(4);
      return world.course?.stage === "SCALE_UP";
    });
    world.passUntilStatus("SUCCESSFUL");
    expect(world.imagesIn(alternateTargetGroupArn)).toEqual(["nginx:3"]);
  });

  test("an update during a rollback begins where the rollback would have ended", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", breaker);
    world.update("nginx:crash");
    world.passUntilStatus("ROLLBACK_IN_PROGRESS");
    world.update("nginx:2");
    world.passUntilStatus("SUCCESSFUL");
    expect(world.deployments().map(({ status }) => status)).toEqual(["SUCCESSFUL", "STOPPED", "SUCCESSFUL"]);
    world.passUntil(() => world.isSteady());
    expect(world.imagesIn(alternateTargetGroupArn)).toEqual(["nginx:2"]);
  });

  test("a deleted service takes its history along", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", { bakeTimeInMinutes: 10 });
    world.update("nginx:2");
    world.passUntilStage("BAKE_TIME");
    const revision = world.deployment().targetServiceRevision?.arn ?? "";
    world.deleteService();
    world.passUntil(() => world.service.status === "INACTIVE");
    expect(Object.keys(world.state.ecs.serviceDeployments)).toEqual([]);
    const found = world.call((call) => describeServiceRevisions(call, { serviceRevisionArns: [revision] }));
    expect(found).toEqual({ serviceRevisions: [], failures: [{ arn: revision, reason: "MISSING" }] });
  });
});

describe("a change of strategy", () => {
  test("from ROLLING starts no deployment, and the next one is blue/green", () => {
    const world = new NativeWorld();
    world.create("nginx:1", { loadBalancers });
    world.passUntil(() => world.isSteady());
    world.change({ deploymentConfiguration: { strategy: "BLUE_GREEN" } });
    world.pass(60);
    expect(world.deployments()).toHaveLength(1);
    world.update("nginx:2");
    world.passUntilStage("POST_SCALE_UP");
    expect(world.running()).toHaveLength(4);
    world.passUntil(() => world.isSteady(), 3600);
    expect(world.imagesIn(alternateTargetGroupArn)).toEqual(["nginx:2"]);
  });

  test("to ROLLING rolls the tasks over in the target group that serves", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN");
    world.update("nginx:2");
    world.passUntilStatus("SUCCESSFUL");
    world.update("nginx:3", { deploymentConfiguration: { strategy: "ROLLING" } });
    world.passUntilStatus("SUCCESSFUL");
    expect(world.imagesIn(alternateTargetGroupArn)).toEqual(["nginx:3"]);
    expect(world.share(productionListenerRule, alternateTargetGroupArn)).toBe(100);
    expect(world.deployment().lifecycleStage).toBeUndefined();
  });
});
