import { describe, expect, test } from "@jest/globals";

import { continueDeployment } from "../../scripts/local/codedeploy/api/deployments.ts";
import { putLifecycleEventHookExecutionStatus } from "../../scripts/local/codedeploy/api/targets.ts";
import { hookBroke } from "../../scripts/local/codedeploy/report-hook.ts";
import { CodeDeployWorld } from "../helpers/local-codedeploy.ts";

describe("a hook", () => {
  const hooks = [{ BeforeInstall: "first" }, { AfterAllowTestTraffic: "judge" }];

  test("holds its event until it has called back, and is called at that event only", () => {
    const world = new CodeDeployWorld();
    const id = world.deploy("nginx:2", {}, hooks);
    world.passUntil(() => world.hookCalls().length === 1);
    world.pass(600);
    expect(world.events(id)).toMatchObject({ BeforeInstall: "InProgress", Install: "Pending" });
    const [first] = world.hookCalls();
    expect(first).toMatchObject({ deploymentId: id, functionName: "first" });
    const report = (executionId: string | undefined, status: "Succeeded" | "Failed") =>
      world.call((call) =>
        putLifecycleEventHookExecutionStatus(call, {
          deploymentId: id,
          lifecycleEventHookExecutionId: executionId,
          status,
        }),
      );
    expect(report(first?.executionId, "Succeeded")).toEqual({
      lifecycleEventHookExecutionId: first?.executionId,
    });
    expect(() => report(first?.executionId, "Failed")).toThrow(
      expect.objectContaining({ type: "LifecycleEventAlreadyCompletedException" }),
    );
    expect(() => report("nobody", "Succeeded")).toThrow(
      expect.objectContaining({ type: "InvalidLifecycleEventHookExecutionIdException" }),
    );
    world.passUntil(() => world.hookCalls().length === 2);
    expect(world.weights("test-listener").green).toBe(100);
    expect(world.weights().green).toBe(0);
    report(world.hookCalls()[1]?.executionId, "Succeeded");
    world.passUntilStatus(id, "Succeeded");
  });

  test("that finds fault fails the deployment before production traffic moves", () => {
    const world = new CodeDeployWorld();
    const id = world.deploy("nginx:2", {}, hooks.slice(1));
    world.passUntil(() => world.hookCalls().length === 1);
    const [{ executionId } = { executionId: "" }] = world.hookCalls();
    world.call((call) =>
      putLifecycleEventHookExecutionStatus(call, {
        deploymentId: id,
        lifecycleEventHookExecutionId: executionId,
        status: "Failed",
      }),
    );
    expect(world.deployment(id)).toMatchObject({
      status: "Failed",
      errorInformation: {
        code: "HOOK_EXECUTION_FAILURE",
        message:
          "The deployment failed because one or more of the lifecycle event validation functions failed.",
      },
    });
    expect(world.events(id)).toMatchObject({ AfterAllowTestTraffic: "Failed", AllowTraffic: "Skipped" });
    world.rollbackOf(id);
    world.passUntilOriginalOnly();
  });

  test("that says nothing for an hour fails the deployment", () => {
    const world = new CodeDeployWorld();
    const id = world.deploy("nginx:2", {}, hooks);
    expect(world.passUntilStatus(id, "Failed", 4000)).toBeGreaterThanOrEqual(3600);
    expect(world.deployment(id).errorInformation?.message).toMatch(
      /^The deployment timed out while waiting for a status callback\./,
    );
  });

  test("that cannot be called fails the deployment at once", () => {
    const world = new CodeDeployWorld();
    const id = world.deploy("nginx:2", {}, hooks);
    world.passUntil(() => world.hookCalls().length === 1);
    world.call((call) => {
      hookBroke(call, id, world.hookCalls()[0]?.executionId ?? "");
      return null;
    });
    expect(world.deployment(id).status).toBe("Failed");
  });
});

describe("a wait for approval", () => {
  const blueGreenDeploymentConfiguration = {
    deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT" as const, waitTimeInMinutes: 30 },
    terminateBlueInstancesOnDeploymentSuccess: {
      action: "TERMINATE" as const,
      terminationWaitTimeInMinutes: 60,
    },
  };

  test("is Ready until it is continued, and so is the end of the original cut short", () => {
    const world = new CodeDeployWorld({ blueGreenDeploymentConfiguration });
    const id = world.deploy("nginx:2");
    world.passUntilStatus(id, "Ready");
    expect(world.weights("test-listener").green).toBe(100);
    expect(world.weights().green).toBe(0);
    const goOn = (deploymentWaitType: "READY_WAIT" | "TERMINATION_WAIT") => () =>
      world.call((call) => continueDeployment(call, { deploymentId: id, deploymentWaitType }));
    const notReady = expect.objectContaining({ type: "DeploymentIsNotInReadyStateException" });
    expect(goOn("TERMINATION_WAIT")).toThrow(notReady);
    world.pass(60);
    goOn("READY_WAIT")();
    expect(world.deployment(id).status).toBe("InProgress");
    expect(goOn("READY_WAIT")).toThrow(notReady);
    world.passUntil(() => world.events(id)["AfterAllowTraffic"] === "Succeeded", 60);
    goOn("TERMINATION_WAIT")();
    expect(world.deployment(id).status).toBe("Succeeded");
  });

  test("that nobody ends stops the deployment", () => {
    const world = new CodeDeployWorld({ blueGreenDeploymentConfiguration });
    const id = world.deploy("nginx:2");
    world.passUntilStatus(id, "Ready");
    const seconds = world.passUntilStatus(id, "Stopped");
    expect(seconds).toBe(30 * 60);
    expect(world.deployment(id).errorInformation).toEqual({
      code: "TIMEOUT",
      message:
        "The deployment timed out while waiting for a notification to continue. This time out period is 30 minutes.",
    });
    world.rollbackOf(id);
    world.passUntilOriginalOnly();
  });
});
