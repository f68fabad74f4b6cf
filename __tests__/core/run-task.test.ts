import { describe, expect, test } from "@jest/globals";

import { InvalidInputError } from "../../scripts/core/errors.ts";
import { essentialOf, subjectOf } from "../../scripts/core/run-task/container.ts";
import { placementOf, runTaskInputs, type OneOff } from "../../scripts/core/run-task/input.ts";
import { endingOf, failureText, oneOffTask } from "../../scripts/core/run-task/outcome.ts";

const oneOff: OneOff = {
  cluster: "test",
  taskDefinition: "arn:aws:ecs:us-east-1:1:task-definition/web:1",
  placement: {},
  run: "run1",
  tags: [],
  command: [],
  setEnv: [],
  count: 1,
};

describe("the container that a one-off task is about", () => {
  const sidecar = { name: "log", essential: false };

  test("is the named one, else the only one, else the only essential one", () => {
    expect(subjectOf({ containerDefinitions: [{ name: "a" }, { name: "b" }] }, "b", true)).toBe("b");
    expect(subjectOf({ containerDefinitions: [sidecar] }, undefined, true)).toBe("log");
    expect(subjectOf({ containerDefinitions: [{ name: "app" }, sidecar] }, undefined, true)).toBe("app");
  });

  test("has to be named where several could be meant and something is to be replaced", () => {
    const definition = { containerDefinitions: [{ name: "a" }, { name: "b", essential: true }] };
    expect(subjectOf(definition, undefined, false)).toBeUndefined();
    expect(() => subjectOf(definition, undefined, true)).toThrow(InvalidInputError);
    expect(() => subjectOf(definition, "c", false)).toThrow('no container "c". It has a, b');
    expect(essentialOf({ containerDefinitions: [...definition.containerDefinitions, sidecar] })).toEqual([
      "a",
      "b",
    ]);
  });
});

describe("where a one-off task runs", () => {
  const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-1"] } };

  test("is where the service's tasks run: a capacity provider wins over a launch type", () => {
    const capacityProviderStrategy = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
    expect(
      placementOf({
        launchType: "EC2",
        capacityProviderStrategy,
        networkConfiguration,
        platformVersion: "1.4.0",
        placementConstraints: [],
        enableExecuteCommand: true,
      }),
    ).toEqual({
      capacityProviderStrategy,
      networkConfiguration,
      platformVersion: "1.4.0",
      enableExecuteCommand: true,
    });
    expect(placementOf({ launchType: "FARGATE", capacityProviderStrategy: [] })).toEqual({
      launchType: "FARGATE",
    });
  });

  test("is what the primary task set says under CODE_DEPLOY and EXTERNAL", () => {
    expect(
      placementOf({
        taskSets: [
          { status: "ACTIVE", launchType: "EC2" },
          { status: "PRIMARY", launchType: "FARGATE", networkConfiguration },
        ],
      }),
    ).toEqual({ launchType: "FARGATE", networkConfiguration });
  });
});

describe("the inputs of RunTask", () => {
  test("ask for ten tasks at a time, each call with a token of its own", () => {
    const inputs = runTaskInputs({ ...oneOff, count: 21 });
    expect(inputs.map(({ count, clientToken }) => [count, clientToken])).toEqual([
      [10, "run1-0"],
      [10, "run1-1"],
      [1, "run1-2"],
    ]);
    expect(inputs[0]?.startedBy).toBe("slipway/run1");
  });

  test("override what was asked for and nothing else", () => {
    const [plain] = runTaskInputs({ ...oneOff, container: "app" });
    expect(plain).not.toHaveProperty("overrides");
    const [full] = runTaskInputs({
      ...oneOff,
      container: "app",
      command: ["migrate", "--all"],
      setEnv: [["A", "b=c"]],
      cpu: "512",
      memory: "1024",
    });
    expect(full?.overrides).toEqual({
      containerOverrides: [
        { name: "app", command: ["migrate", "--all"], environment: [{ name: "A", value: "b=c" }] },
      ],
      cpu: "512",
      memory: "1024",
    });
  });
});

describe("a one-off task that stopped", () => {
  const task = (containers: { name: string; exitCode?: number; reason?: string }[]) => ({
    taskArn: "arn:aws:ecs:us-east-1:1:task/test/0123",
    lastStatus: "STOPPED",
    stopCode: "EssentialContainerExited" as const,
    stoppedReason: "Essential container in task exited",
    containers,
  });

  test("succeeded with its own container, however ECS ended the others", () => {
    const stopped = task([
      { name: "app", exitCode: 0 },
      { name: "agent", exitCode: 143 },
    ]);
    expect(oneOffTask(stopped, "app", ["app", "agent"]).succeeded).toBe(true);
    expect(oneOffTask(stopped, undefined, ["app", "agent"]).succeeded).toBe(false);
    expect(oneOffTask(stopped, "agent", ["app", "agent"]).succeeded).toBe(false);
  });

  test("did not succeed when its container never started, and says why", () => {
    const failed = oneOffTask(
      {
        ...task([{ name: "app", reason: "CannotPullContainerError: not found" }]),
        stopCode: "TaskFailedToStart",
        stoppedReason: "Task failed to start",
      },
      "app",
      ["app"],
    );
    expect(failed.succeeded).toBe(false);
    expect(endingOf(failed)).toBe(
      "Task failed to start; app has no exit code (CannotPullContainerError: not found)",
    );
  });

  test("has not succeeded while it runs", () => {
    const running = { ...task([{ name: "app", exitCode: 0 }]), lastStatus: "DEPROVISIONING" };
    expect(oneOffTask(running, "app", ["app"]).succeeded).toBe(false);
  });
});

describe("a task that RunTask could not place", () => {
  test.each([
    ["RESOURCE:MEMORY", "--memory"],
    ["RESOURCE:CPU", "--cpu"],
    ["RESOURCE:PORTS", "hostPort 0"],
    ["No Container Instances were found in your cluster.", "no hosts"],
  ])("for %s is explained", (reason, remedy) => {
    expect(failureText({ reason })).toContain(reason);
    expect(failureText({ reason })).toContain(remedy);
  });

  test("for a reason that is not known is told in AWS's words alone", () => {
    expect(failureText({ reason: "ODD", detail: "more" })).toBe("ODD: more");
  });
});
