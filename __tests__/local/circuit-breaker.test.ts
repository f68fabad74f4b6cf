import { describe, expect, test } from "@jest/globals";

import { runTask } from "../../scripts/local/ecs/api/run-task.ts";
import { stopTask } from "../../scripts/local/ecs/api/tasks.ts";
import { failureThreshold } from "../../scripts/local/ecs/circuit-breaker.ts";
import { World } from "../helpers/local-world.ts";

const breaker = (rollback: boolean) => ({ deploymentCircuitBreaker: { enable: true, rollback } });

describe("the circuit breaker", () => {
  test.each([
    [1, 3],
    [6, 3],
    [7, 4],
    [25, 13],
    [400, 200],
    [800, 200],
  ])("for %d desired tasks trips at %d failures", (desired, threshold) => {
    expect(failureThreshold(desired)).toBe(threshold);
  });

  test.each(["nginx:crash", "nginx:missing", "nginx:unhealthy"])(
    "takes an update to %s back to the deployment that completed last, under its own id",
    (image) => {
      const world = new World();
      world.create("nginx:1", { deploymentConfiguration: breaker(true) });
      world.passUntil(() => world.isSteady());
      const [good] = world.service.deployments;
      const serving = world.running("nginx:1").map(({ id }) => id);
      world.update(image);
      const [bad] = world.service.deployments;

      world.passUntil(() => world.service.deployments[0]?.id === good?.id);
      expect(world.describe().deployments).toMatchObject([
        {
          id: good?.id,
          status: "PRIMARY",
          rolloutState: "IN_PROGRESS",
          rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${good?.id}.`,
        },
        {
          id: bad?.id,
          rolloutState: "FAILED",
          rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
        },
      ]);
      world.passUntil(() => world.isSteady());
      expect(world.running().map(({ id }) => id)).toEqual(serving);
      expect(world.describe()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/) });
      const messages = world.messages();
      const failed = messages.indexOf(
        `(service web) (deployment ${bad?.id}) deployment failed: tasks failed to start.`,
      );
      expect(messages[failed + 1]).toBe(`(service web) rolling back to deployment ${good?.id}.`);
      expect(messages.at(-1)).toBe("(service web) has reached a steady state.");
    },
  );

  test("without rollback fails the deployment, starts nothing more and leaves the old tasks alone", () => {
    const world = new World();
    world.create("nginx:1", { deploymentConfiguration: breaker(false) });
    world.passUntil(() => world.isSteady());
    world.update("nginx:crash");
    world.passUntil(() => world.service.deployments[0]?.rolloutState === "FAILED");
    const started = world.tasks.length;
    world.pass(600);
    expect(world.tasks).toHaveLength(started);
    expect(world.running("nginx:1")).toHaveLength(2);
    expect(world.describe().deployments?.[0]).toMatchObject({ status: "PRIMARY", rolloutState: "FAILED" });
  });

  test("with no completed deployment to go back to leaves the first one FAILED", () => {
    const world = new World();
    world.create("nginx:crash", { deploymentConfiguration: breaker(true) });
    world.passUntil(() => world.service.deployments[0]?.rolloutState === "FAILED");
    world.pass(300);
    expect(world.service.deployments).toHaveLength(1);
    expect(world.messages().some((message) => message.includes("rolling back"))).toBe(false);
  });

  test("that is off lets a crashing image be started again and again", () => {
    const world = new World();
    world.create("nginx:crash", { desiredCount: 1 });
    world.pass(600);
    expect(world.tasks.length).toBeGreaterThan(8);
    expect(world.describe().deployments?.[0]).toMatchObject({ rolloutState: "IN_PROGRESS" });
    expect(world.tasks[0]).toMatchObject({
      lastStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
    });
    expect(world.tasks[0]?.containers[0]).toMatchObject({ exitCode: 1 });
  });

  test("rolls a superseding update back past the one that never completed", () => {
    const world = new World();
    world.create("nginx:1", { deploymentConfiguration: breaker(true) });
    world.passUntil(() => world.isSteady());
    const [good] = world.service.deployments;
    world.update("nginx:2");
    world.pass(10);
    world.update("nginx:crash");
    world.passUntil(() => world.service.deployments[0]?.id === good?.id);
    world.passUntil(() => world.isSteady());
    expect(world.running("nginx:1")).toHaveLength(2);
    expect(world.running()).toHaveLength(2);
  });
});

describe("an image that is not in its repository", () => {
  test("stops its tasks as TaskFailedToStart and has the scheduler wait longer from try to try", () => {
    const world = new World();
    world.create("nginx:missing", { desiredCount: 1 });
    world.pass(1500);
    expect(world.tasks[0]).toMatchObject({ stopCode: "TaskFailedToStart", startedAt: null });
    expect(world.tasks[0]?.stoppedReason).toMatch(
      /^CannotPullContainerError: .*docker.io\/library\/nginx:missing: not found$/,
    );
    const gaps = world.tasks
      .slice(1)
      .map((task, index) => task.createdAt - (world.tasks[index]?.createdAt ?? 0));
    expect(gaps).toEqual(gaps.toSorted((one, other) => one - other));
    expect(Math.max(...gaps)).toBeGreaterThan(2 * Math.min(...gaps));
    expect(world.messages()).toContain("(service web) is unable to consistently start tasks successfully.");
  });
});

describe("a task that fails its load balancer's checks", () => {
  test("is stopped with AWS's reason, after the grace period", () => {
    const world = new World();
    world.create("nginx:unhealthy", { desiredCount: 1, healthCheckGracePeriodSeconds: 120 });
    const first = () => world.tasks[0];
    world.passUntil(() => first()?.desiredStatus === "STOPPED");
    expect(first()?.stoppedReason).toMatch(/^Task failed ELB health checks in \(target-group arn:.*\)$/);
    expect((first()?.stoppingAt ?? 0) - (first()?.startedAt ?? 0)).toBeGreaterThanOrEqual(120_000);
    expect(world.messages().find((message) => message.includes("is unhealthy in"))).toMatch(
      /^\(service web\) \(task \w{32}\) \(instance i-\d\) \(port 32768\) is unhealthy in \(target-group arn:.*\) due to \(reason Health checks failed with these codes: \[503\]\)\.$/,
    );
  });
});

describe("a circuit breaker with a threshold of its own", () => {
  test.each([
    [{ type: "COUNT", value: 1 }, 100, 1],
    [{ type: "BOUNDED_PERCENT", value: 10 }, 10, 3],
    [{ type: "BOUNDED_PERCENT", value: 50 }, 1000, 200],
    [{ type: "UNBOUNDED_PERCENT", value: 50 }, 1000, 500],
    [{ type: "UNBOUNDED_PERCENT", value: 10 }, 10, 1],
  ] as const)("%j of %d desired tasks trips at %d failures", (thresholdConfiguration, desired, threshold) => {
    expect(failureThreshold(desired, { thresholdConfiguration })).toBe(threshold);
  });

  test("fails the deployment at that count", () => {
    const world = new World();
    world.create("nginx:crash", {
      desiredCount: 1,
      loadBalancers: [],
      deploymentConfiguration: {
        deploymentCircuitBreaker: {
          enable: true,
          rollback: false,
          thresholdConfiguration: { type: "COUNT", value: 1 },
        },
      },
    });
    world.passUntil(() => world.service.deployments[0]?.rolloutState === "FAILED");
    expect(world.service.deployments[0]?.failedTasks).toBe(1);
  });

  test.each([true, false])("counts on past a healthy task unless resetOnHealthyTask, here %s", (resets) => {
    const world = new World();
    world.create("nginx:1", {
      desiredCount: 1,
      loadBalancers: [],
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: true, rollback: false, resetOnHealthyTask: resets },
        minimumHealthyPercent: 0,
      },
    });
    world.call(({ state }) => {
      const [deployment] = Object.values(state.ecs.services)[0]?.deployments ?? [];
      if (deployment) deployment.failedTasks = 2;
      return null;
    });
    world.passUntil(() => world.isSteady());
    expect(world.service.deployments[0]?.failedTasks).toBe(resets ? 0 : 2);
  });
});

describe("tasks that have no room until those before them have drained", () => {
  const deploymentCircuitBreaker = { enable: true, rollback: true };

  test("do not count as failed when a daemon is updated", () => {
    const world = new World({ hosts: 3, deregistrationDelaySeconds: 300 });
    world.create("nginx:1", {
      schedulingStrategy: "DAEMON",
      desiredCount: undefined,
      deploymentConfiguration: { deploymentCircuitBreaker },
    });
    world.passUntil(() => world.isSteady());
    world.update("nginx:2");
    world.passUntil(() => world.isSteady());
    expect(world.running("nginx:2")).toHaveLength(3);
  });

  test("do not count as failed when they need the same host port", () => {
    const world = new World({ hosts: 1, deregistrationDelaySeconds: 300 });
    world.createOf(world.register("nginx:1", { hostPort: 8080 }), {
      desiredCount: 1,
      deploymentConfiguration: {
        minimumHealthyPercent: 0,
        maximumPercent: 100,
        deploymentCircuitBreaker,
      },
    });
    world.passUntil(() => world.isSteady());
    world.change({ taskDefinition: world.register("nginx:2", { hostPort: 8080 }) });
    world.passUntil(() => world.isSteady());
    expect(world.running("nginx:2")).toHaveLength(1);
  });
});

describe("a deployment that failed without a rollback", () => {
  test("gets a lost task of the old revision back once another task makes room for it", () => {
    const world = new World({ hosts: 1, memoryMiB: 512 });
    world.create("nginx:1", {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    });
    world.passUntil(() => world.isSteady());
    world.update("nginx:missing");
    world.passUntil(() => world.service.deployments[0]?.rolloutState === "FAILED");
    const big = world.register("job:1", { memory: 256, definition: { family: "job" } });
    const fill = (taskDefinition: string) =>
      world.call((call) => runTask(call, { cluster: "test", taskDefinition })).tasks[0]?.taskArn ?? "";
    fill(big);
    const [lost] = world.running("nginx:1");
    world.call((call) => stopTask(call, { cluster: "test", task: lost?.arn }));
    world.passUntil(() => world.state.ecs.tasks[lost?.arn ?? ""]?.lastStatus === "STOPPED");
    const small = fill(world.register("job:1", { definition: { family: "job" } }));
    world.pass(120);
    expect(world.running("nginx:1")).toHaveLength(1);
    world.call((call) => stopTask(call, { cluster: "test", task: small }));
    world.passUntil(() => world.running("nginx:1").length === 2, 600);
    expect(world.service.deployments[0]?.rolloutState).toBe("FAILED");
  });
});
