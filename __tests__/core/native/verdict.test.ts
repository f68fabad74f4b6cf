import type { Service, ServiceDeployment } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { askedWaitMs } from "../../../scripts/core/native/deployment.ts";
import { nextNativeLookIn } from "../../../scripts/core/native/pace.ts";
import { refuseStrategyChange } from "../../../scripts/core/native/strategy-change.ts";
import { judgeNative, type WaitUntil } from "../../../scripts/core/native/verdict.ts";

const minute = 60_000;
const revision = (id: string) => `arn:aws:ecs:us-east-1:123456789012:service-revision/test/web/${id}`;
const green = "ecs-svc/2";
const blue = { id: "ecs-svc/1", taskDefinition: "web:1", rolloutState: "COMPLETED" as const };
const subject = (until: WaitUntil = "stable") => ({
  deploymentId: green,
  earlierDeployments: new Set([blue.id]),
  until,
});
const under = (more: Partial<ServiceDeployment> = {}): ServiceDeployment => ({
  status: "IN_PROGRESS",
  lifecycleStage: "SCALE_UP",
  targetServiceRevision: { arn: revision("2"), requestedProductionTrafficWeight: 0 },
  sourceServiceRevisions: [{ arn: revision("1"), runningTaskCount: 2 }],
  deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 5 },
  ...more,
});
const service = (deployments: Service["deployments"]): Service => ({ status: "ACTIVE", deployments });

describe("a deployment whose traffic ECS shifts", () => {
  test("has completed when ECS calls it successful, and no sooner unless less was asked for", () => {
    expect(judgeNative(under({ status: "SUCCESSFUL" }), undefined, subject())).toEqual({ kind: "completed" });
    const baking = under({ lifecycleStage: "BAKE_TIME" });
    expect(judgeNative(baking, undefined, subject())).toEqual({ kind: "inProgress" });
    expect(judgeNative(baking, undefined, subject("deployed"))).toEqual({
      kind: "completed",
      stillToDo: expect.stringContaining("5 min"),
    });
    const shifting = under({ lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT" });
    expect(judgeNative(shifting, undefined, subject("deployed"))).toEqual({ kind: "inProgress" });
  });

  test("is paused where a pause waits and that was asked for; else it is in progress", () => {
    const paused = under({
      lifecycleStage: "POST_TEST_TRAFFIC_SHIFT",
      lifecycleHookDetails: [{ hookId: "ecs-pause-1", status: "AWAITING_ACTION" }],
    });
    expect(judgeNative(paused, undefined, subject("paused"))).toEqual({
      kind: "paused",
      at: "POST_TEST_TRAFFIC_SHIFT",
    });
    expect(judgeNative(paused, undefined, subject())).toEqual({ kind: "inProgress" });
  });

  test("has failed when it was rolled back, with the deployment that runs again as the service lists it", () => {
    const rolledBack = under({
      status: "ROLLBACK_SUCCESSFUL",
      statusReason: "because",
      rollback: { reason: "because", serviceRevisionArn: revision("1") },
    });
    const expected = { kind: "failed", reason: "because", rolledBackTo: blue };
    expect(judgeNative(rolledBack, service([{ ...blue, status: "PRIMARY" }]), subject())).toMatchObject(
      expected,
    );
    // The service may still be answered with the failed one first.
    const lagging = service([
      { id: green, status: "PRIMARY" },
      { ...blue, status: "ACTIVE" },
    ]);
    expect(judgeNative(rolledBack, lagging, subject())).toMatchObject(expected);
    expect(
      judgeNative(under({ status: "ROLLBACK_FAILED", statusReason: "no" }), undefined, subject()),
    ).toEqual({
      kind: "failed",
      reason: "no",
    });
  });

  test("that was stopped was replaced by a newer one, or failed with nobody to roll it back", () => {
    const stopped = under({ status: "STOPPED", statusReason: "broken" });
    const by = { id: "ecs-svc/3", status: "PRIMARY", rolloutState: "IN_PROGRESS" as const };
    expect(judgeNative(stopped, service([by]), subject())).toEqual({ kind: "superseded", by });
    const own = { id: green, status: "PRIMARY" };
    expect(judgeNative(stopped, service([{ ...own, rolloutState: "FAILED" }]), subject())).toEqual({
      kind: "failed",
      reason: "broken",
    });
    // A service that is answered as it was before says nothing yet.
    const before = service([{ ...own, rolloutState: "IN_PROGRESS" }]);
    expect(judgeNative(stopped, before, subject())).toEqual({ kind: "inProgress" });
  });

  test("is hopeless where tasks fail on and on without a circuit breaker", () => {
    const failing = service([{ id: green, status: "PRIMARY", desiredCount: 2, failedTasks: 3 }]);
    expect(judgeNative(under(), failing, subject())).toMatchObject({ kind: "hopeless" });
  });
});

describe("the limit of time", () => {
  test.each([
    [{ strategy: "ROLLING" as const, bakeTimeInMinutes: 5 }, 0],
    [{ strategy: "BLUE_GREEN" as const, bakeTimeInMinutes: 5 }, 5],
    [{ strategy: "CANARY" as const }, 10],
    [{ strategy: "LINEAR" as const }, 9 * 6],
    [{ strategy: "LINEAR" as const, linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 2 } }, 4],
  ])("is longer by what the strategy itself waits for: %j by %d minutes", (configuration, minutes) => {
    expect(askedWaitMs(configuration)).toBe(minutes * minute);
  });
});

describe("the pace of looks", () => {
  /** Looks while nothing changes for some minutes. */
  function looks(deployment: ServiceDeployment, minutes: number): number {
    let nowMs = 0;
    let count = 0;
    while (nowMs < minutes * minute) {
      nowMs += nextNativeLookIn({ deployment, nowMs, unchangedSinceMs: 0, attended: false });
      count += 1;
    }
    return count;
  }

  test("gets slower while a deployment bakes or waits, so that half an hour costs some dozens of calls", () => {
    expect(
      looks(
        under({
          lifecycleStage: "BAKE_TIME",
          deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 30 },
        }),
        30,
      ),
    ).toBeLessThan(80);
    const waits = under({ lifecycleHookDetails: [{ hookId: "x", status: "AWAITING_ACTION" }] });
    expect(looks(waits, 30)).toBeLessThan(80);
    expect(looks(waits, 24 * 60)).toBeLessThan(1_500);
  });

  test("meets the end of a bake time, and the end of the deployment", () => {
    const baking = under({ lifecycleStage: "BAKE_TIME" });
    const last = nextNativeLookIn({
      deployment: baking,
      nowMs: 4.9 * minute,
      unchangedSinceMs: 0,
      attended: false,
    });
    expect(last).toBeLessThanOrEqual(0.1 * minute);
    const ending = under({
      lifecycleStage: "CLEAN_UP",
      sourceServiceRevisions: [{ arn: revision("1"), runningTaskCount: 0 }],
    });
    expect(
      nextNativeLookIn({ deployment: ending, nowMs: 10_000, unchangedSinceMs: 0, attended: false }),
    ).toBeLessThan(2_000);
  });
});

describe("a change of strategy on a service that runs", () => {
  const rolling = (more: Partial<Service> = {}): Service => ({
    serviceName: "web",
    deployments: [{ id: "ecs-svc/1", status: "PRIMARY", rolloutState: "COMPLETED" }],
    loadBalancers: [{ targetGroupArn: "blue" }],
    ...more,
  });
  const to = (strategy: "ROLLING" | "BLUE_GREEN" | "CANARY") => ({
    service: "web",
    deploymentConfiguration: { strategy },
  });

  test("to BLUE_GREEN takes a rolling deployment with advancedConfiguration first", () => {
    expect(() => refuseStrategyChange(rolling(), to("BLUE_GREEN"))).toThrow("two deployments");
    const prepared = rolling({
      loadBalancers: [
        {
          targetGroupArn: "blue",
          advancedConfiguration: {
            alternateTargetGroupArn: "green",
            productionListenerRule: "rule",
            roleArn: "role",
          },
        },
      ],
    });
    expect(() => refuseStrategyChange(prepared, to("BLUE_GREEN"))).not.toThrow();
    expect(() => refuseStrategyChange(rolling({ loadBalancers: [] }), to("CANARY"))).not.toThrow();
  });

  test("waits for a deployment that is under way, either way", () => {
    const deployments = [{ id: "ecs-svc/1", status: "PRIMARY", rolloutState: "IN_PROGRESS" as const }];
    expect(() => refuseStrategyChange(rolling({ deployments }), to("BLUE_GREEN"))).toThrow("under way");
    const native = rolling({ deployments, deploymentConfiguration: { strategy: "CANARY" } });
    expect(() => refuseStrategyChange(native, to("ROLLING"))).toThrow("under way");
    expect(() => refuseStrategyChange(native, to("BLUE_GREEN"))).not.toThrow();
  });
});
