import { describe, expect, test } from "@jest/globals";

import { nextStage, shiftSteps, type Course } from "../../scripts/local/ecs/strategies/course.ts";
import { targetGroupArn } from "../helpers/local-world.ts";
import {
  NativeWorld,
  alternateTargetGroupArn,
  loadBalancers,
  productionListenerRule,
  testListenerRule,
} from "../helpers/native-world.ts";

const shared = ["PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"];
const shift = ["PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"];
const end = ["POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP"];

/** The stages that the log tells of the newest deployment. */
function stagesOf(world: NativeWorld): string[] {
  const id = world.service.deployments[0]?.id ?? "";
  return world.effects.flatMap((effect) => {
    const match = effect.type === "log" ? /^deployment (\S+) of \S+ ([A-Z_]+)$/.exec(effect.message) : null;
    return match?.[1] === id ? [match[2] ?? ""] : [];
  });
}

describe("the steps of a shift", () => {
  test.each([
    [{ strategy: "BLUE_GREEN" as const }, [100]],
    [{ strategy: "CANARY" as const }, [5, 100]],
    [{ strategy: "CANARY" as const, canaryConfiguration: { canaryPercent: 0.1 } }, [0.1, 100]],
    [{ strategy: "CANARY" as const, canaryConfiguration: { canaryPercent: 100 } }, [100]],
    [{ strategy: "LINEAR" as const, linearConfiguration: { stepPercent: 40 } }, [40, 80, 100]],
    [{ strategy: "LINEAR" as const, linearConfiguration: { stepPercent: 100 } }, [100]],
  ])("of %j are %j", (configuration, steps) => {
    expect(shiftSteps(configuration)).toEqual(steps);
  });

  test("of a linear deployment by 3.3 per cent are exact and end at 100", () => {
    const steps = shiftSteps({ strategy: "LINEAR", linearConfiguration: { stepPercent: 3.3 } });
    expect(steps).toHaveLength(31);
    expect(steps.slice(0, 3)).toEqual([3.3, 6.6, 9.9]);
    expect(steps.slice(-2)).toEqual([99, 100]);
  });

  test("come back to PRE_PRODUCTION_TRAFFIC_SHIFT until the last one is done", () => {
    const course = { stage: "PRODUCTION_TRAFFIC_SHIFT", steps: [50, 100], stepsDone: 1 } as unknown as Course;
    expect(nextStage(course)).toBe("PRE_PRODUCTION_TRAFFIC_SHIFT");
    expect(nextStage({ ...course, stepsDone: 2 })).toBe("POST_PRODUCTION_TRAFFIC_SHIFT");
    expect(nextStage({ ...course, stage: "CLEAN_UP" })).toBeUndefined();
  });
});

describe("the first deployment of a service", () => {
  test("goes through the stages, and puts its tasks and production in the primary target group", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "CANARY", { bakeTimeInMinutes: 1 });
    expect(stagesOf(world)).toEqual([...shared, ...shift, ...end]);
    expect(world.imagesIn(targetGroupArn)).toEqual(["nginx:1"]);
    expect(world.imagesIn(alternateTargetGroupArn)).toEqual([]);
    expect(world.share(productionListenerRule, targetGroupArn)).toBe(100);
    expect(world.share(testListenerRule, targetGroupArn)).toBe(100);
    expect(world.deployment()).toMatchObject({ status: "SUCCESSFUL", sourceServiceRevisions: [] });
  });

  test("that never gets healthy leaves nothing to go back to", () => {
    const world = new NativeWorld();
    world.create("nginx:crash", {
      loadBalancers: loadBalancers,
      deploymentConfiguration: {
        strategy: "BLUE_GREEN",
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    });
    world.passUntilStatus("ROLLBACK_FAILED");
    expect(world.deployment().statusReason).toBe("No rollback candidate was found to run the rollback.");
    expect(
      world
        .messages()
        .some((message) =>
          message.endsWith(
            "deployment failed: Service deployment rolled back because the circuit breaker threshold was exceeded.",
          ),
        ),
    ).toBe(true);
    const started = world.tasks.length;
    world.pass(600);
    expect(world.tasks).toHaveLength(started);
  });
});

describe("a BLUE_GREEN update", () => {
  test("keeps blue at full scale through the bake, moves test before production, and alternates the groups", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", { bakeTimeInMinutes: 5 });
    world.update("nginx:2");
    world.passUntilStage("POST_SCALE_UP");
    expect(world.imagesIn(alternateTargetGroupArn)).toEqual(["nginx:2"]);
    expect(world.share(testListenerRule, alternateTargetGroupArn)).toBe(0);
    world.passUntilStage("POST_TEST_TRAFFIC_SHIFT");
    expect(world.share(testListenerRule, alternateTargetGroupArn)).toBe(100);
    expect(world.share(productionListenerRule, alternateTargetGroupArn)).toBe(0);
    world.passUntilStage("BAKE_TIME");
    expect(world.share(productionListenerRule, alternateTargetGroupArn)).toBe(100);
    const since = world.now;
    world.pass(200);
    expect(world.running("nginx:1")).toHaveLength(2);
    expect(world.describe().deployments).toMatchObject([
      { status: "PRIMARY", rolloutState: "IN_PROGRESS", desiredCount: 2, runningCount: 2 },
      { status: "ACTIVE", rolloutState: "COMPLETED", desiredCount: 2, runningCount: 2 },
    ]);
    world.passUntilStage("CLEAN_UP");
    expect(world.now - since).toBe(300_000);
    world.passUntil(() => world.isSteady());
    expect(world.running("nginx:1")).toHaveLength(0);
    expect(stagesOf(world)).toEqual([...shared, ...shift, ...end]);
    expect(world.messages().slice(-2)).toEqual([
      `(service web) (deployment ${world.service.deployments[0]?.id ?? ""}) deployment completed.`,
      "(service web) has reached a steady state.",
    ]);

    world.update("nginx:3");
    world.passUntil(() => world.isSteady(), 3600);
    expect(world.imagesIn(targetGroupArn)).toEqual(["nginx:3"]);
    expect(world.share(productionListenerRule, targetGroupArn)).toBe(100);
  });

  test("tells of itself as AWS does: revisions with their tasks and weights, startedBy, service revisions", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", { bakeTimeInMinutes: 5 });
    const blue = world.deployment().targetServiceRevision?.arn;
    world.update("nginx:2");
    const green = world.service.deployments[0];
    expect(world.deployment()).toMatchObject({ status: "PENDING" });
    world.passUntilStage("BAKE_TIME");
    const number = green?.id.replace("ecs-svc/", "") ?? "";
    const arn = `arn:aws:ecs:us-east-1:123456789012:service-revision/test/web/${number}`;
    expect(world.deployment()).toMatchObject({
      status: "IN_PROGRESS",
      lifecycleStage: "BAKE_TIME",
      targetServiceRevision: {
        arn,
        requestedTaskCount: 2,
        runningTaskCount: 2,
        requestedProductionTrafficWeight: 100,
        requestedTestTrafficWeight: 100,
      },
      sourceServiceRevisions: [{ arn: blue, runningTaskCount: 2, requestedProductionTrafficWeight: 0 }],
      deploymentCircuitBreaker: { status: "DISABLED" },
      alarms: { status: "DISABLED" },
    });
    expect(world.running("nginx:2").map(({ startedBy }) => startedBy)).toEqual([green?.id, green?.id]);
    expect(world.describe()).toMatchObject({
      currentServiceDeployment: world.deployment().serviceDeploymentArn,
      currentServiceRevisions: [{ arn }, { arn: blue }],
    });
    expect(world.describe().taskSets).toBeUndefined();
  });

  test("without a load balancer goes through the same stages and moves nothing", () => {
    const world = new NativeWorld();
    world.create("nginx:1", { loadBalancers: [], deploymentConfiguration: { strategy: "BLUE_GREEN" } });
    world.passUntil(() => world.isSteady());
    world.update("nginx:2");
    world.passUntil(() => world.isSteady());
    expect(stagesOf(world)).toEqual([...shared, ...shift, ...end]);
    expect(world.effects.filter(({ type }) => type === "shift-traffic")).toEqual([]);
    expect(world.running().map(({ containers }) => containers[0]?.image)).toEqual(["nginx:2", "nginx:2"]);
  });

  test("follows a new desired count with both revisions, and scales by itself once it is over", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "BLUE_GREEN", { bakeTimeInMinutes: 10 });
    world.update("nginx:2");
    world.passUntilStage("BAKE_TIME");
    world.change({ desiredCount: 3 });
    world.passUntil(() => world.running("nginx:1").length === 3 && world.running("nginx:2").length === 3);
    world.passUntil(() => world.isSteady(), 3600);
    world.change({ desiredCount: 1 });
    world.passUntil(() => world.isSteady() && world.running().length === 1);
    expect(world.deployments()).toHaveLength(2);
  });
});

describe("gradual strategies", () => {
  test("CANARY gives its share, waits for its bake time, then gives the rest", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "CANARY", {
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 4 },
      bakeTimeInMinutes: 2,
    });
    world.update("nginx:2");
    world.passUntilStage("PRODUCTION_TRAFFIC_SHIFT");
    expect(world.share(productionListenerRule, alternateTargetGroupArn)).toBe(10);
    world.pass(235);
    expect(world.share(productionListenerRule, alternateTargetGroupArn)).toBe(10);
    const rest = world.passUntil(() => world.share(productionListenerRule, alternateTargetGroupArn) === 100);
    expect(rest).toBeLessThan(60);
    world.passUntil(() => world.isSteady());
    expect(stagesOf(world)).toEqual([...shared, ...shift, ...shift, ...end]);
  });

  test("LINEAR moves in equal steps, and skips the wait after the last", () => {
    const world = new NativeWorld();
    world.start("nginx:1", "LINEAR", {
      linearConfiguration: { stepPercent: 33.3, stepBakeTimeInMinutes: 1 },
    });
    world.update("nginx:2");
    const seen = new Set<number>();
    world.passUntil(() => {
      seen.add(Number(world.share(productionListenerRule, alternateTargetGroupArn).toFixed(1)));
      return world.isSteady();
    });
    expect([...seen]).toEqual([0, 33.3, 66.6, 99.9, 100]);
    expect(stagesOf(world)).toEqual([...shared, ...shift, ...shift, ...shift, ...shift, ...end]);
  });
});
