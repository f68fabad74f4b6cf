import type { RunTaskCommandInput } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { runTask, startTask } from "../../scripts/local/ecs/api/run-task.ts";
import { getTaskProtection, updateTaskProtection } from "../../scripts/local/ecs/api/task-protection.ts";
import { tagResource } from "../../scripts/local/ecs/api/tags.ts";
import { describeTasks } from "../../scripts/local/ecs/api/tasks.ts";
import { World } from "../helpers/local-world.ts";

function run(world: World, input: Partial<RunTaskCommandInput> = {}) {
  const taskDefinition = input.taskDefinition ?? world.register("app:1");
  return world.call((call) => runTask(call, { cluster: "test", taskDefinition, ...input }));
}

const describeAll = (world: World, ...tasks: string[]) =>
  world.call((call) => describeTasks(call, { cluster: "test", tasks, include: ["TAGS"] })).tasks;

describe("RunTask", () => {
  test("puts what is overridden in place of the definition's own, and tells it", () => {
    const world = new World();
    const environment = [{ name: "SLIPWAY_BEHAVIOUR", value: "exit=20,exit-code=9" }];
    const overrides = {
      containerOverrides: [{ name: "web", environment, command: ["job"], cpu: 64 }],
      cpu: "512",
    };
    const { tasks } = run(world, { overrides });
    const arn = tasks[0]?.taskArn ?? "";
    world.passUntil(() => world.state.ecs.tasks[arn]?.lastStatus === "STOPPED");
    const start = world.effects.find((effect) => effect.type === "start-container");
    expect(start).toMatchObject({
      command: ["job"],
      environment: { SLIPWAY_BEHAVIOUR: "exit=20,exit-code=9" },
    });
    expect(describeAll(world, arn)[0]).toMatchObject({
      cpu: "512",
      overrides: { ...overrides, inferenceAcceleratorOverrides: [] },
      containers: [{ exitCode: 9, cpu: "64" }],
    });
  });

  test("places a task by its overridden size", () => {
    const world = new World({ hosts: 1, cpu: 1024 });
    expect(run(world, { overrides: { cpu: "2048" } }).failures).toEqual([{ reason: "RESOURCE:CPU" }]);
  });

  test.each([
    [
      { overrides: { containerOverrides: [{ name: "wob" }] } },
      "Override for container named wob is not a container",
    ],
    [{ overrides: { containerOverrides: [{ name: "web", command: ["x".repeat(8192)] }] } }, "at most 8192"],
    [
      {
        overrides: {
          containerOverrides: [{ name: "web", environment: [{ name: "SLIPWAY_BEHAVIOUR", value: "crush" }] }],
        },
      },
      'The local AWS cannot run container \'web\': SLIPWAY_BEHAVIOUR: There is no behaviour "crush", did you mean "crash"?',
    ],
    [{ count: 11 }, "count must be between 1 and 10"],
    [{ startedBy: "x".repeat(129) }, "startedBy can have at most 128 characters"],
    [{ group: "service:web" }, "Invalid namespace for group."],
    [{ propagateTags: "SERVICE" as const }, "propagateTags"],
    [{ enableExecuteCommand: true }, "valid taskRoleArn is not being used"],
  ])("refuses %j", (input, message) => {
    expect(() => run(new World(), input)).toThrow(message);
  });

  test("answers the same tasks for the same client token, and refuses it for another request", () => {
    const world = new World();
    const taskDefinition = world.register("app:1");
    const first = run(world, { taskDefinition, clientToken: "once", count: 2 });
    const again = run(world, { taskDefinition, clientToken: "once", count: 2 });
    expect(again.tasks.map(({ taskArn }) => taskArn)).toEqual(first.tasks.map(({ taskArn }) => taskArn));
    expect(world.tasks).toHaveLength(2);
    expect(() => run(world, { taskDefinition, clientToken: "once", count: 1 })).toThrow(
      expect.objectContaining({ type: "ConflictException" }),
    );
  });

  test("tags tasks with their own tags, their definition's where asked, and the cluster's name where asked", () => {
    const world = new World();
    const taskDefinition = world.register("app:1", {
      definition: {
        tags: [
          { key: "team", value: "shop" },
          { key: "tier", value: "definition" },
        ],
      },
    });
    const tags = [{ key: "tier", value: "task" }];
    const all = {
      taskDefinition,
      tags,
      propagateTags: "TASK_DEFINITION",
      enableECSManagedTags: true,
    } as const;
    const tagged = run(world, all).tasks[0]?.taskArn ?? "";
    const bare = run(world, { taskDefinition }).tasks[0]?.taskArn ?? "";
    expect(describeAll(world, tagged, bare).map((task) => task.tags)).toEqual([
      [
        { key: "team", value: "shop" },
        { key: "tier", value: "task" },
        { key: "aws:ecs:clusterName", value: "test" },
      ],
      [],
    ]);
  });
});

describe("a service's tasks", () => {
  test("get the service's tags and the managed ones, where the service says so", () => {
    const world = new World();
    world.createOf(world.register("app:1"), {
      desiredCount: 1,
      tags: [{ key: "team", value: "shop" }],
      propagateTags: "SERVICE",
      enableECSManagedTags: true,
    });
    world.passUntil(() => world.tasks.length === 1);
    expect(describeAll(world, world.tasks[0]?.arn ?? "")[0]?.tags).toEqual([
      { key: "team", value: "shop" },
      { key: "aws:ecs:clusterName", value: "test" },
      { key: "aws:ecs:serviceName", value: "web" },
    ]);
    world.call((call) =>
      tagResource(call, { resourceArn: world.service.arn, tags: [{ key: "late", value: "1" }] }),
    );
    expect(describeAll(world, world.tasks[0]?.arn ?? "")[0]?.tags).toHaveLength(3);
  });
});

describe("StartTask", () => {
  test("starts a task on each container instance that it names, and says where it does not fit", () => {
    const world = new World({ hosts: 2, memoryMiB: 256 });
    const taskDefinition = world.register("app:1", { memory: 200 });
    const [one, other] = Object.values(world.state.ecs.hosts);
    const start = (...containerInstances: string[]) =>
      world.call((call) => startTask(call, { cluster: "test", taskDefinition, containerInstances }));
    const { tasks } = start(one?.arn ?? "", other?.id ?? "");
    expect(tasks.map(({ containerInstanceArn }) => containerInstanceArn)).toEqual([one?.arn, other?.arn]);
    expect(start(one?.arn ?? "", "nowhere").failures).toEqual([
      { arn: one?.arn, reason: "RESOURCE:MEMORY" },
      { arn: "nowhere", reason: "MISSING" },
    ]);
  });
});

describe("task protection", () => {
  test("is set for a while, told, and taken back; only for tasks of services", () => {
    const world = new World();
    world.create("app:1", { desiredCount: 1 });
    world.passUntil(() => world.tasks.length === 1);
    const arn = world.tasks[0]?.arn ?? "";
    const alone = run(world).tasks[0]?.taskArn ?? "";
    const set = (protectionEnabled: boolean, expiresInMinutes?: number) =>
      world.call((call) =>
        updateTaskProtection(call, {
          cluster: "test",
          tasks: [arn, alone, "gone"],
          protectionEnabled,
          ...(expiresInMinutes !== undefined && { expiresInMinutes }),
        }),
      );
    const get = () =>
      world
        .call((call) => getTaskProtection(call, { cluster: "test" }))
        .protectedTasks.map((task) => task.protectionEnabled);
    expect(get()).toEqual([false]);
    const { protectedTasks, failures } = set(true, 10);
    expect(protectedTasks).toEqual([
      { taskArn: arn, protectionEnabled: true, expirationDate: new Date(world.now + 600_000).toISOString() },
    ]);
    expect(failures.map(({ reason }) => reason)).toEqual(["TASK_NOT_VALID", "MISSING"]);
    world.pass(599);
    expect(get()).toEqual([true]);
    world.pass(1);
    expect(get()).toEqual([false]);
    set(true);
    set(false);
    expect(get()).toEqual([false]);
    expect(() => set(true, 2881)).toThrow("expiresInMinutes");
  });
});

test("RunTask refuses a capacity provider that there is not", () => {
  const world = new World();
  expect(() => run(world, { capacityProviderStrategy: [{ capacityProvider: "nobody", weight: 1 }] })).toThrow(
    "The specified capacity provider does not exist. Specify a valid name or ARN and try again.",
  );
});
