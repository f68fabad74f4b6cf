import type { DeploymentLifecycleHook } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { continueServiceDeployment } from "../../scripts/local/ecs/api/service-deployments.ts";
import { targetGroupArn } from "../helpers/local-world.ts";
import { NativeWorld, answering, lambdaHook, productionListenerRule } from "../helpers/native-world.ts";

/** A service whose first deployment ran without hooks, and which has them now. */
function hooked(
  lifecycleHooks: DeploymentLifecycleHook[],
  strategy: "BLUE_GREEN" | "LINEAR" | "CANARY" = "BLUE_GREEN",
  more: Parameters<NativeWorld["start"]>[2] = {},
): NativeWorld {
  const world = new NativeWorld();
  world.start("nginx:1", strategy, more);
  world.change({ deploymentConfiguration: { strategy, lifecycleHooks } });
  world.update("nginx:2");
  return world;
}

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;

/** The event of an invocation. */
function eventOf(world: NativeWorld, index: number): Record<string, unknown> {
  return JSON.parse(world.hookCalls()[index]?.event ?? "{}") as Record<string, unknown>;
}

describe("a Lambda hook", () => {
  test("holds its stage up until it has succeeded, and gets AWS's event", () => {
    const world = hooked([lambdaHook("check", ["PRE_SCALE_UP"], { hookDetails: { bucket: "b" } })]);
    world.passUntil(() => world.hookCalls().length === 1);
    expect(eventOf(world, 0)).toEqual({
      executionId: expect.stringMatching(/^[0-9a-f]{8}-/),
      lifecycleStage: "PRE_SCALE_UP",
      resourceArn: world.deployment().serviceDeploymentArn,
      executionDetails: {
        serviceArn: world.service.arn,
        targetServiceRevisionArn: world.deployment().targetServiceRevision?.arn,
        testTrafficWeights: {},
        productionTrafficWeights: {},
      },
      hookDetails: { bucket: "b" },
    });
    world.pass(300);
    expect(world.deployment()).toMatchObject({
      lifecycleStage: "PRE_SCALE_UP",
      lifecycleHookDetails: [
        {
          targetType: "AWS_LAMBDA",
          targetArn: arnOf("check"),
          status: "IN_PROGRESS",
          timeoutAction: "ROLLBACK",
        },
      ],
    });
    expect(world.running("nginx:2")).toHaveLength(0);
    world.answerHook(answering("SUCCEEDED"));
    world.passUntilStatus("SUCCESSFUL");
    expect(world.hookCalls()).toHaveLength(1);
  });

  test("that is IN_PROGRESS is called again after 30 s, or after its own delay, with what it handed on", () => {
    const world = hooked([lambdaHook("check", ["POST_SCALE_UP"], { hookDetails: { a: 1 } })]);
    world.passUntil(() => world.hookCalls().length === 1);
    world.answerHook(answering("IN_PROGRESS", { hookDetails: { b: 2 } }));
    expect(world.passUntil(() => world.hookCalls().length === 2)).toBe(30);
    expect(eventOf(world, 1)).toMatchObject({
      executionId: eventOf(world, 0)["executionId"],
      hookDetails: { a: 1, b: 2 },
    });
    world.answerHook(answering("IN_PROGRESS", { callBackDelay: 75 }));
    expect(world.passUntil(() => world.hookCalls().length === 3)).toBe(75);
    world.answerHook(answering("SUCCEEDED"));
    world.passUntilStatus("SUCCESSFUL");
  });

  test.each([
    [answering("FAILED"), `Lifecycle hook target ${arnOf("check")} returned FAILED status.`],
    [
      { ok: true as const, payload: { errorMessage: "boom" }, functionError: "boom" },
      `ECS was unable to parse the response from ${arnOf("check")} due to: HookStatus must not be null.`,
    ],
    [
      { ok: false as const, error: `Function not found: ${arnOf("check")}` },
      `ECS was unable to invoke hook target ${arnOf("check")} due to Function not found: ${arnOf("check")}`,
    ],
  ])("that answers %j rolls the deployment back", (answer, words) => {
    const world = hooked([lambdaHook("check", ["POST_TEST_TRAFFIC_SHIFT"])]);
    world.passUntil(() => world.hookCalls().length === 1);
    world.answerHook(answer);
    world.passUntilStatus("ROLLBACK_SUCCESSFUL");
    const reason = `Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ${words}`;
    expect(world.deployment()).toMatchObject({ statusReason: reason, rollback: { reason } });
    expect(world.running("nginx:2")).toHaveLength(0);
    expect(world.messages().some((message) => message.endsWith(`deployment failed: ${reason}`))).toBe(true);
  });

  test("runs side by side with others, of which one that fails is enough", () => {
    const world = hooked([lambdaHook("one", ["PRE_SCALE_UP"]), lambdaHook("other", ["PRE_SCALE_UP"])]);
    world.passUntil(() => world.hookCalls().length === 2);
    world.answerHook(answering("SUCCEEDED"), world.hookCalls()[1]);
    world.pass(60);
    expect(world.deployment().lifecycleStage).toBe("PRE_SCALE_UP");
    world.answerHook(answering("FAILED"), world.hookCalls()[0]);
    world.passUntilStatus("ROLLBACK_SUCCESSFUL");
    expect(world.deployment().statusReason).toContain(arnOf("one"));
  });

  test.each([
    ["ROLLBACK" as const, "ROLLBACK_SUCCESSFUL"],
    ["CONTINUE" as const, "SUCCESSFUL"],
  ])("that does not answer in its time ends as %s asks", (action, status) => {
    const world = hooked([
      lambdaHook("slow", ["PRE_SCALE_UP"], { timeoutConfiguration: { timeoutInMinutes: 2, action } }),
    ]);
    world.passUntil(() => world.hookCalls().length === 1);
    world.pass(110);
    expect(world.deployment().status).toBe("IN_PROGRESS");
    world.passUntilStatus(status);
  });

  test("of a deployment that a newer one stopped is not waited for, and its answer changes nothing", () => {
    const world = hooked([lambdaHook("check", ["PRE_SCALE_UP"])]);
    world.passUntil(() => world.hookCalls().length === 1);
    world.update("nginx:3", { deploymentConfiguration: { lifecycleHooks: [] } });
    world.answerHook(answering("FAILED"), world.hookCalls()[0]);
    world.passUntilStatus("SUCCESSFUL");
    expect(world.deployments()[1]).toMatchObject({ status: "STOPPED", lifecycleHookDetails: [] });
    expect(world.running().map(({ containers }) => containers[0]?.image)).toEqual(["nginx:3", "nginx:3"]);
  });

  test("answers too late to change anything", () => {
    const world = hooked([
      lambdaHook("slow", ["PRE_SCALE_UP"], {
        timeoutConfiguration: { timeoutInMinutes: 1, action: "CONTINUE" },
      }),
    ]);
    world.passUntilStage("SCALE_UP");
    world.answerHook(answering("FAILED"));
    world.passUntilStatus("SUCCESSFUL");
  });

  test("at the shifts of a canary is called at each step with its weights, and again as they go back", () => {
    const world = hooked(
      [
        lambdaHook("shift", [
          "PRE_PRODUCTION_TRAFFIC_SHIFT",
          "PRODUCTION_TRAFFIC_SHIFT",
          "TEST_TRAFFIC_SHIFT",
        ]),
      ],
      "CANARY",
      { canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 1 } },
    );
    const green = world.deployment().targetServiceRevision?.arn ?? "";
    const blue = world.deployment().sourceServiceRevisions?.[0]?.arn ?? "";
    const seen: unknown[] = [];
    while (seen.length < 5) {
      world.passUntil(() => world.hookCalls().length > seen.length);
      const { lifecycleStage, executionDetails } = eventOf(world, seen.length);
      const details = executionDetails as Record<string, Record<string, number>>;
      seen.push([lifecycleStage, details["testTrafficWeights"], details["productionTrafficWeights"]]);
      world.answerHook(answering(seen.length === 5 ? "FAILED" : "SUCCEEDED"));
    }
    const weights = (percent: number) => ({ [green]: percent, [blue]: 100 - percent });
    expect(seen).toEqual([
      ["TEST_TRAFFIC_SHIFT", weights(100), {}],
      ["PRE_PRODUCTION_TRAFFIC_SHIFT", {}, weights(0)],
      ["PRODUCTION_TRAFFIC_SHIFT", {}, weights(20)],
      ["PRE_PRODUCTION_TRAFFIC_SHIFT", {}, weights(20)],
      ["PRODUCTION_TRAFFIC_SHIFT", {}, weights(100)],
    ]);
    world.passUntil(() => world.hookCalls().length === 6);
    expect(world.share(productionListenerRule, targetGroupArn)).toBe(100);
    expect(eventOf(world, 5)).toMatchObject({
      lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT",
      executionDetails: { targetServiceRevisionArn: green, productionTrafficWeights: weights(0) },
    });
    world.answerHook(answering("SUCCEEDED"));
    world.passUntil(() => world.hookCalls().length === 7);
    expect(eventOf(world, 6)).toMatchObject({ lifecycleStage: "TEST_TRAFFIC_SHIFT" });
    world.answerHook(answering("SUCCEEDED"));
    world.passUntilStatus("ROLLBACK_SUCCESSFUL");
  });
});

describe("a pause", () => {
  const pause = (more: Partial<DeploymentLifecycleHook> = {}): DeploymentLifecycleHook => ({
    targetType: "PAUSE",
    lifecycleStages: ["PRE_PRODUCTION_TRAFFIC_SHIFT"],
    ...more,
  });
  const proceed = (world: NativeWorld, action?: "CONTINUE" | "ROLLBACK", id?: string) => {
    const { serviceDeploymentArn, lifecycleHookDetails = [] } = world.deployment();
    const hookId = id ?? lifecycleHookDetails[0]?.hookId;
    return world.call((call) => continueServiceDeployment(call, { serviceDeploymentArn, hookId, action }));
  };
  const isPaused = (world: NativeWorld) =>
    world.deployment().lifecycleHookDetails?.some(({ status }) => status === "AWAITING_ACTION") ?? false;

  test("waits for ContinueServiceDeployment, for a day if need be", () => {
    const world = hooked([pause()]);
    world.passUntil(() => isPaused(world));
    const [hook] = world.deployment().lifecycleHookDetails ?? [];
    expect(hook).toMatchObject({
      hookId: expect.stringMatching(/^ecs-pause-[\w-]{43}$/),
      targetType: "PAUSE",
      timeoutAction: "ROLLBACK",
    });
    const left = (hook?.expiresAt ? new Date(hook.expiresAt).getTime() : 0) - world.now;
    expect(left).toBeGreaterThan(1439 * 60_000);
    expect(left).toBeLessThanOrEqual(1440 * 60_000);
    world.pass(900);
    expect(world.share(productionListenerRule, targetGroupArn)).toBe(100);
    expect(proceed(world, "CONTINUE")).toEqual({
      serviceDeploymentArn: world.deployment().serviceDeploymentArn,
    });
    world.passUntilStatus("SUCCESSFUL");
  });

  test("goes back when it is told to", () => {
    const world = hooked([pause()]);
    world.passUntil(() => isPaused(world));
    proceed(world, "ROLLBACK");
    world.passUntilStatus("ROLLBACK_SUCCESSFUL");
    expect(world.running().map(({ containers }) => containers[0]?.image)).toEqual(["nginx:1", "nginx:1"]);
  });

  test("times out into a rollback, in AWS's words", () => {
    const world = hooked([
      pause({
        lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
        timeoutConfiguration: { timeoutInMinutes: 3, action: "ROLLBACK" },
      }),
    ]);
    world.passUntil(() => isPaused(world));
    world.passUntilStatus("ROLLBACK_SUCCESSFUL");
    expect(world.deployment().statusReason).toBe(
      "Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT pause hook timed out.",
    );
  });

  test("comes at every step of a linear deployment, each with an id of its own", () => {
    const world = hooked([pause()], "LINEAR", {
      linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 0 },
    });
    const ids = new Set<string>();
    for (let step = 0; step < 2; step += 1) {
      world.passUntil(() => isPaused(world));
      ids.add(world.deployment().lifecycleHookDetails?.[0]?.hookId ?? "");
      proceed(world);
    }
    world.passUntilStatus("SUCCESSFUL");
    expect(ids.size).toBe(2);
  });

  test("refuses ids that are none, are not its own, or have been answered, and deployments that are over", () => {
    const world = hooked([pause()]);
    world.passUntil(() => isPaused(world));
    const id = world.deployment().lifecycleHookDetails?.[0]?.hookId ?? "";
    expect(() => proceed(world, "CONTINUE", "pause-1")).toThrow(
      "Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}",
    );
    const unknown =
      "Provided hookId is either completed, unavailable, or not associated with the given Resource ARN";
    expect(() => proceed(world, "CONTINUE", "ecs-pause-1")).toThrow(unknown);
    proceed(world, "CONTINUE", id);
    expect(() => proceed(world, "CONTINUE", id)).toThrow(unknown);
    world.passUntilStatus("SUCCESSFUL");
    expect(() => proceed(world, "CONTINUE", id)).toThrow(
      "Continuing a service deployment is not allowed for service deployment in terminal states.",
    );
    expect(() =>
      world.call((call) => continueServiceDeployment(call, { serviceDeploymentArn: "arn:none", hookId: id })),
    ).toThrow("The service deployment does not exist.");
  });
});
