import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { runTask } from "../../scripts/local/ecs/api/run-task.ts";
import { describeTasks, stopTask } from "../../scripts/local/ecs/api/tasks.ts";
import type { TaskRecord } from "../../scripts/local/ecs/task-state.ts";
import { nextDue } from "../../scripts/local/world/step.ts";
import { World } from "../helpers/local-world.ts";

type Definition = Partial<ContainerDefinition> & { name: string };

/** Runs one task with these containers, outside of any service. */
function run(world: World, ...containers: Definition[]): () => TaskRecord {
  const definition = {
    containerDefinitions: containers.map((container) => ({ image: "app:1", memory: 64, ...container })),
  };
  const taskDefinition = world.register("", { definition });
  const { tasks } = world.call((call) => runTask(call, { cluster: "test", taskDefinition }));
  return () => {
    const task = world.state.ecs.tasks[tasks[0]?.taskArn ?? ""];
    if (!task) throw new Error("The task did not start.");
    return task;
  };
}

const container = (task: TaskRecord, name: string) => {
  const found = task.containers.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`There is no container ${name}.`);
  return found;
};

const dependsOn = (containerName: string, condition: "START" | "COMPLETE" | "SUCCESS" | "HEALTHY") => [
  { containerName, condition },
];

describe("containers that depend on others", () => {
  test("start once those have completed, succeeded or become healthy, and the task runs once all have started", () => {
    const world = new World();
    const healthCheck = { command: ["CMD", "true"], interval: 10 };
    const task = run(
      world,
      { name: "web", dependsOn: [...dependsOn("migrate", "SUCCESS"), ...dependsOn("proxy", "HEALTHY")] },
      { name: "migrate", image: "migrate:exit-30", essential: false },
      { name: "proxy", essential: false, healthCheck, dependsOn: dependsOn("migrate", "COMPLETE") },
    );
    world.passUntil(() => container(task(), "migrate").startedAt !== null);
    expect(
      [container(task(), "proxy"), container(task(), "web")].map(({ lastStatus }) => lastStatus),
    ).toEqual(["PENDING", "PENDING"]);
    expect(task().lastStatus).toBe("PENDING");
    world.passUntil(() => task().lastStatus === "RUNNING");
    const started = (name: string) => container(task(), name).startedAt ?? NaN;
    expect(started("proxy") - started("migrate")).toBe(30_000);
    expect(started("web") - started("proxy")).toBe(10_000);
    expect(container(task(), "migrate")).toMatchObject({ lastStatus: "STOPPED", exitCode: 0 });
  });

  test("never start when those did not succeed, and neither does the task", () => {
    const world = new World();
    const task = run(
      world,
      { name: "web", dependsOn: dependsOn("migrate", "SUCCESS") },
      { name: "migrate", image: "migrate:exit-3-exit-code-2", essential: false },
    );
    world.passUntil(() => task().lastStatus === "STOPPED");
    expect(task()).toMatchObject({ stopCode: "TaskFailedToStart", startedAt: null });
    expect(container(task(), "web").reason).toMatch(
      /\[migrate\] for target \[web\] as dependency did not exit/,
    );
    expect(container(task(), "web").exitCode).toBeNull();
  });

  test("give up when a start timeout is over", () => {
    const world = new World();
    const healthCheck = { command: ["CMD", "true"], interval: 10 };
    const task = run(
      world,
      { name: "web", dependsOn: dependsOn("cache", "HEALTHY") },
      { name: "cache", image: "cache:unhealthy", essential: false, healthCheck, startTimeout: 45 },
    );
    world.passUntil(() => task().desiredStatus === "STOPPED");
    expect((task().stoppingAt ?? NaN) - (container(task(), "cache").startedAt ?? NaN)).toBe(45_000);
    expect(task().stoppedReason).toMatch(/\[cache\] for target \[web\] has timed out/);
  });

  test("stop before those do", () => {
    const world = new World();
    const task = run(world, { name: "web", dependsOn: dependsOn("log", "START") }, { name: "log" });
    world.passUntil(() => task().lastStatus === "RUNNING");
    world.call((call) => stopTask(call, { cluster: "test", task: task().arn }));
    world.passUntil(() => task().lastStatus === "STOPPED");
    const signals = world.effects.filter((effect) => effect.type === "stop-containers" && !effect.kill);
    expect(signals).toMatchObject([{ container: "web" }, { container: "log" }]);
  });
});

describe("a container that is asked to stop", () => {
  test.each([
    ["app:1", {}, 2, 0],
    ["app:1-stop-20", {}, 20, 0],
    ["app:1-hang", {}, 30, 137],
    ["app:1-hang", { stopTimeout: 10 }, 10, 137],
    ["app:1-stop-20", { stopTimeout: 5 }, 5, 137],
  ])("of %s with %j ends after %d s with exit code %d", (image, settings, seconds, exitCode) => {
    const world = new World();
    const task = run(world, { name: "web", image, ...settings });
    world.passUntil(() => task().lastStatus === "RUNNING");
    world.call((call) => stopTask(call, { cluster: "test", task: task().arn, reason: "enough" }));
    const asked = world.now;
    world.passUntil(() => task().lastStatus === "STOPPED");
    expect(world.now - asked).toBe(seconds * 1000);
    expect(container(task(), "web").exitCode).toBe(exitCode);
    expect(task()).toMatchObject({ stopCode: "UserInitiated", stoppedReason: "enough" });
  });
});

describe("a container that ends by itself", () => {
  test("leaves the task running unless it is essential", () => {
    const world = new World();
    const task = run(world, { name: "web" }, { name: "side", image: "side:crash", essential: false });
    world.passUntil(() => container(task(), "side").lastStatus === "STOPPED");
    world.pass(600);
    expect(task()).toMatchObject({ lastStatus: "RUNNING", desiredStatus: "RUNNING" });
  });

  test("takes the others with it when it is essential, each in its own time", () => {
    const world = new World();
    const task = run(
      world,
      { name: "web", image: "app:memory-kill" },
      { name: "side", image: "side:1-stop-12" },
      { name: "deaf", image: "side:1-hang", stopTimeout: 20 },
    );
    world.passUntil(() => task().lastStatus === "STOPPED");
    expect(task()).toMatchObject({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
    });
    expect(container(task(), "web")).toMatchObject({
      exitCode: 137,
      reason: "OutOfMemoryError: Container killed due to memory usage",
    });
    expect(container(task(), "side").exitCode).toBe(0);
    expect(container(task(), "deaf").exitCode).toBe(137);
    expect((task().executionStoppedAt ?? NaN) - (task().stoppingAt ?? NaN)).toBe(20_000);
  });

  test("is started again by its restart policy, if it has run for long enough", () => {
    const world = new World();
    const restartPolicy = { enabled: true, restartAttemptPeriod: 60 };
    const lasting = run(world, { name: "web", image: "app:crash-after-90", restartPolicy });
    const brief = run(world, { name: "web", image: "app:crash-after-30", restartPolicy });
    const ignored = run(world, {
      name: "web",
      image: "app:crash-after-90",
      restartPolicy: { ...restartPolicy, ignoredExitCodes: [1] },
    });
    world.pass(400);
    expect(lasting().lastStatus).toBe("RUNNING");
    expect(brief().lastStatus).toBe("STOPPED");
    expect(ignored().lastStatus).toBe("STOPPED");
    const starts = world.effects.filter(
      (effect) => effect.type === "start-container" && effect.taskArn === lasting().arn,
    );
    expect(starts.length).toBeGreaterThanOrEqual(4);
  });
});

describe("a container's health check", () => {
  test("makes it UNHEALTHY when it turns bad, HEALTHY when it recovers, and then has nothing left to do", () => {
    const world = new World();
    const healthCheck = { command: ["CMD", "true"], interval: 10, retries: 3 };
    const task = run(world, { name: "web", image: "app:1-unhealthy-after-100-recover-200", healthCheck });
    const seen: [number, string][] = [];
    for (let second = 0; second < 400; second += 1) {
      world.pass(1);
      const { healthStatus, startedAt } = container(task(), "web");
      if (seen.at(-1)?.[1] !== healthStatus) seen.push([world.now - (startedAt ?? world.now), healthStatus]);
    }
    expect(seen).toEqual([
      [0, "UNKNOWN"],
      [10_000, "HEALTHY"],
      [120_000, "UNHEALTHY"],
      [200_000, "HEALTHY"],
    ]);
    expect(nextDue(world.state)).toBe(Infinity);
  });

  test("does not count failures in the start period", () => {
    const world = new World();
    const healthCheck = { command: ["CMD", "true"], interval: 10, retries: 2, startPeriod: 60 };
    const late = run(world, { name: "web", image: "app:1-slow-start-55", healthCheck });
    const never = run(world, { name: "web", image: "app:unhealthy", healthCheck });
    world.passUntil(() => container(never(), "web").healthStatus === "UNHEALTHY");
    expect(world.now - (container(never(), "web").startedAt ?? NaN)).toBe(80_000);
    expect(container(late(), "web").healthStatus).toBe("HEALTHY");
  });
});

describe("a task whose host is terminated", () => {
  test("stops within seconds, however long its targets would drain, and nobody knows how its containers ended", () => {
    const world = new World({ hosts: 1, deregistrationDelaySeconds: 3600 });
    world.create("app:1", { desiredCount: 1 });
    world.passUntil(() => world.isSteady());
    const [arn = ""] = world.service.taskArns;
    world.setHosts(0);
    const asked = world.now;
    world.passUntil(() => world.state.ecs.tasks[arn]?.lastStatus === "STOPPED");
    expect(world.now - asked).toBeLessThanOrEqual(10_000);
    expect(world.state.ecs.tasks[arn]).toMatchObject({
      stopCode: "TerminationNotice",
      containers: [{ exitCode: null }],
    });
  });
});

describe("a task that waits for what it needs", () => {
  const logConfiguration = {
    logDriver: "awslogs" as const,
    options: { "awslogs-group": "/ecs/web", "awslogs-region": "us-east-1" },
  };

  test("fails before its images are pulled when that cannot be had", () => {
    const world = new World();
    world.preparation = () => ({ type: "failed", reason: "ResourceInitializationError: no" });
    const task = run(world, { name: "web", logConfiguration });
    world.passUntil(() => task().lastStatus === "STOPPED");
    expect(task()).toMatchObject({
      stopCode: "TaskFailedToStart",
      stoppedReason: "ResourceInitializationError: no",
      pullStartedAt: null,
    });
    expect(world.effects.some(({ type }) => type === "start-container")).toBe(false);
  });

  test("is told to fetch every secret that its definition names", () => {
    const world = new World();
    const asked: string[] = [];
    world.preparation = ({ secrets, executionRoleArn }) => {
      asked.push(...secrets.map(({ valueFrom }) => valueFrom), executionRoleArn ?? "");
      return { type: "ready" };
    };
    const definition = {
      executionRoleArn: "arn:aws:iam::123456789012:role/execution",
      containerDefinitions: [
        {
          name: "web",
          image: "app:1",
          memory: 64,
          secrets: [{ name: "A", valueFrom: "/a" }],
          repositoryCredentials: {
            credentialsParameter: "arn:aws:secretsmanager:us-east-1:123456789012:secret:r",
          },
          logConfiguration: {
            logDriver: "splunk" as const,
            secretOptions: [{ name: "t", valueFrom: "/log" }],
          },
        },
      ],
    };
    const taskDefinition = world.register("", { definition });
    world.call((call) => runTask(call, { cluster: "test", taskDefinition }));
    expect(asked).toEqual([
      "/a",
      "/log",
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:r",
      "arn:aws:iam::123456789012:role/execution",
    ]);
  });
});

describe("addresses of tasks with their own network interface", () => {
  test("are nobody else's: not a host's, not another living task's", () => {
    const world = new World({ hosts: 2, cpu: 100_000, memoryMiB: 100_000 });
    world.call(({ state }) => {
      state.ecs.subnets["subnet-1"] = {
        id: "subnet-1",
        cidrBlock: "10.0.0.0/28",
        availabilityZone: "us-east-1a",
        nextAddress: 0,
      };
      return null;
    });
    const taskDefinition = world.register("app:1", {
      definition: {
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        cpu: "256",
        memory: "512",
        containerDefinitions: [{ name: "web", image: "app:1" }],
      },
    });
    const start = (count: number) =>
      world.call((call) =>
        runTask(call, {
          cluster: "test",
          taskDefinition,
          launchType: "FARGATE",
          count,
          networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
        }),
      );
    const addresses = () =>
      world.tasks
        .filter(({ lastStatus }) => lastStatus !== "STOPPED")
        .map((task) => task.networkInterface?.address);
    start(6);
    const [first] = world.tasks;
    world.call((call) => stopTask(call, { cluster: "test", task: first?.arn }));
    world.passUntil(() => world.tasks[0]?.lastStatus === "STOPPED");
    start(3);
    expect(addresses()).toHaveLength(8);
    expect(new Set(addresses()).size).toBe(8);
    for (const host of ["10.0.0.10", "10.0.0.11"]) expect(addresses()).not.toContain(host);
    const { tasks } = world.call((call) =>
      describeTasks(call, { cluster: "test", tasks: [world.tasks[8]?.arn ?? ""] }),
    );
    expect(tasks[0]?.attachments?.[0]?.type).toBe("ElasticNetworkInterface");
  });
});
