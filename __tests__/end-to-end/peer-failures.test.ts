/** Failures of today's tools in how they watch a rollout, each one a case that must come out right here. */
import { DescribeTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { count, DeployWorld } from "../helpers/deploy-world.ts";
import { breaker } from "../helpers/steady-services.ts";

const minutes = 60_000;
const noWayBack = { deploymentCircuitBreaker: { enable: true, rollback: false } };
let world: DeployWorld;

beforeAll(async () => {
  world = await DeployWorld.start(100);
}, 2 * minutes);

afterAll(() => world.stop());

test(
  "peer failure 1, false success after a rollback: exit 1, although the service is steady again",
  async () => {
    const templates = await world.services(
      [{ name: "steady-again", deploymentConfiguration: breaker }],
      ["app:1"],
    );
    const run = await world.run(["update", "--templates", templates], { image: "app:2-crash" });
    expect(run).toMatchObject({
      exitCode: 1,
      report: {
        services: [{ outcome: "failed", failedRevision: "steady-again:2", rolledBackTo: "steady-again:1" }],
      },
    });
    // What fools the others: all that ServicesStable looks at is as it is after a success.
    expect(await world.states.of("steady-again", "app")).toMatchObject({
      deployments: ["PRIMARY COMPLETED 1/1 of revision 1"],
      running: 1,
    });
    const { taskDefinition } = await world.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: "steady-again:1" }),
    );
    expect(taskDefinition).toMatchObject({ status: "ACTIVE" });
  },
  2 * minutes,
);

test(
  "peer failure 2, a rollout that ECS marks FAILED: noticed by the next look, long before the time-out",
  async () => {
    const templates = await world.services(
      [{ name: "noticed", deploymentConfiguration: noWayBack }],
      ["app:1"],
    );
    const run = await world.run(["update", "--no-rollback", "--timeout", "10h", "--templates", templates], {
      image: "app:2-crash",
    });
    expect(run).toMatchObject({ exitCode: 1, report: { services: [{ outcome: "failed" }] } });
    expect(run.report.services[0]).not.toHaveProperty("rolledBackTo");
    const failedAt =
      (await world.deployments("noticed")).find(({ rollout }) => rollout === "FAILED")?.at ?? 0;
    expect(failedAt).toBeGreaterThan(0);
    const looks = (await world.callsAbout("DescribeServices", "noticed")).filter((at) => at > failedAt);
    // The look that sees it, and the explanation's own.
    expect(looks.length).toBeGreaterThan(0);
    expect(looks.length).toBeLessThanOrEqual(3);
  },
  2 * minutes,
);

test(
  "peer failure 3, over 100 tasks: all are waited for, listed, and looked at when they fail",
  async () => {
    const tasks = 230;
    const templates = await world.services(
      [{ name: "crowd", desiredCount: tasks, deploymentConfiguration: noWayBack }],
      [],
    );
    const created = await world.run(["create", "--timeout", "5h", "--templates", templates], {
      image: "app:1",
    });
    expect(created).toMatchObject({ exitCode: 0 });
    expect(await world.states.of("crowd", "app")).toMatchObject({ running: tasks });

    const status = await world.run(["status", "--templates", templates]);
    expect(status).toMatchObject({ exitCode: 0 });
    const [shown] = status.report.services;
    expect(shown?.["tasks"]).toHaveLength(tasks);

    // ECS gives up when half of them have failed: more than one page of ListTasks and DescribeTasks.
    const failed = await world.run(["update", "--no-rollback", "--timeout", "5h", "--templates", templates], {
      image: "app:2-crash",
    });
    expect(failed.exitCode).toBe(1);
    const diagnoses = failed.report.services[0]?.["diagnoses"] as readonly {
      readonly tasks: readonly string[];
    }[];
    expect(diagnoses).toHaveLength(1);
    expect(JSON.stringify(diagnoses)).toContain("exited with code 1");
    expect(count(failed.calls, "ecs:DescribeTasks")).toBeGreaterThan(1);
  },
  6 * minutes,
);

test(
  "peer failure 8, slow waiters: it looks every few seconds where things move, and once after the end",
  async () => {
    const templates = await world.services([{ name: "waiter" }], ["app:1"]);
    const run = await world.run(["update", "--templates", templates], { image: "app:2" });
    expect(run).toMatchObject({ exitCode: 0 });
    const moments = await world.deployments("waiter");
    const completedAt = moments.find(
      ({ definition, rollout }) => definition === "waiter:2" && rollout === "COMPLETED",
    )?.at;
    if (completedAt === undefined) throw new Error("the rollout did not complete");
    const looks = await world.callsAbout("DescribeServices", "waiter");
    expect(looks.filter((at) => at > completedAt)).toHaveLength(1);
    const before = looks.filter((at) => at <= completedAt).slice(-9);
    const gaps = before.slice(1).map((at, index) => at - (before[index] ?? 0));
    const median = gaps.toSorted((left, right) => left - right)[4];
    // ServicesStable looks every 15 s.
    expect(median).toBeLessThan(7.5);
  },
  2 * minutes,
);

test(
  "peer failure 14, throttling ends a run: with half of all calls throttled it ends as without",
  async () => {
    const templates = await world.services([{ name: "throttled" }], ["app:1"]);
    const faults = { throttled: 0.5, failed: 0, reset: 0, dropped: 0, seed: 14 };
    const run = await world.run(["update", "--timeout", "2h", "--templates", templates], {
      image: "app:2",
      faults,
    });
    expect(run).toMatchObject({ exitCode: 0, report: { services: [{ outcome: "completed" }] } });
    expect(run.calls.filter(({ fault }) => fault === "throttle").length).toBeGreaterThan(3);
    expect(await world.states.of("throttled", "app")).toMatchObject({
      deployments: ["PRIMARY COMPLETED 1/1 of revision 2"],
      activeRevisions: 2,
      rollouts: ["SUCCESSFUL", "SUCCESSFUL"],
      locks: [],
    });
  },
  2 * minutes,
);
