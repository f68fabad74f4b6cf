/** Failures of today's tools in what they do on AWS, each one a case that must come out right here. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { projectRoot } from "../../scripts/project-root.ts";
import { count, DeployWorld } from "../helpers/deploy-world.ts";
import { timelineOf } from "../helpers/local-admin.ts";
import { breaker } from "../helpers/steady-services.ts";

const minutes = 60_000;
const noWayBack = { deploymentCircuitBreaker: { enable: true, rollback: false } };
let world: DeployWorld;

beforeAll(async () => {
  world = await DeployWorld.start(50);
}, 2 * minutes);

afterAll(() => world.stop());

async function revisionsOf(family: string, status?: "INACTIVE"): Promise<number> {
  const { taskDefinitionArns = [] } = await world.ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: family, ...(status === undefined ? {} : { status }) }),
  );
  return taskDefinitionArns.length;
}

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
  "peer failure 7, two UpdateService calls in one deploy: one call does it all, and its deployment is the one that is waited for",
  async () => {
    const name = "one-call";
    const templates = await world.services([{ name }], ["app:1"]);
    await world.service(templates, { name, desiredCount: 2, deploymentConfiguration: breaker });
    const run = await world.run(["update", "--templates", templates], { image: "app:2" });
    expect(run).toMatchObject({ exitCode: 0, report: { services: [{ outcome: "completed" }] } });
    expect(count(run.calls, "ecs:UpdateService")).toBe(1);
    expect(count(run.calls, "ecs:RegisterTaskDefinition")).toBe(1);
    const state = await world.states.of(name, "app");
    expect(state).toMatchObject({
      desired: 2,
      deployments: ["PRIMARY COMPLETED 2/2 of revision 2"],
      rollouts: ["SUCCESSFUL", "SUCCESSFUL"],
    });
  },
  2 * minutes,
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

describe("peer failure 9, orphan revisions: nothing is registered", () => {
  test("for a service that does not exist", async () => {
    const templates = await world.services([{ name: "nobody" }], []);
    const run = await world.run(["update", "--templates", templates], { image: "app:1" });
    expect(run.exitCode).toBe(4);
    expect(await revisionsOf("nobody")).toBe(0);
    expect(run.calls.filter(({ name }) => /:(Register|Create|Update|Tag)/.test(name))).toEqual([]);
  });

  test("for a fleet of which one service does not exist", async () => {
    const templates = await world.services([{ name: "half-there" }], ["app:1"]);
    await world.service(templates, { name: "half-missing" });
    const run = await world.run(["update", "--all", "--templates", templates], { image: "app:2" });
    expect(run.exitCode).toBe(4);
    expect(await revisionsOf("half-there")).toBe(1);
    expect(await world.states.of("half-there", "app")).toMatchObject({ rollouts: ["SUCCESSFUL"], locks: [] });
  });

  test("for a definition that has not changed, and for one that does not parse", async () => {
    const templates = await world.services([{ name: "unchanged" }], ["app:1"]);
    const same = await world.run(["update", "--templates", templates], { image: "app:1" });
    expect(same).toMatchObject({ exitCode: 0, report: { services: [{ outcome: "nothingToDo" }] } });
    const broken = await world.run(["update", "--templates", templates], { image: "app:1:2" });
    expect(broken).toMatchObject({ exitCode: 2, calls: [] });
    expect(await revisionsOf("unchanged")).toBe(1);
  });
});

test(
  "peer failure 10, rollback: to the revision that was last deployed and steady, waited for, and none is deregistered",
  async () => {
    const name = "goes-back";
    const templates = await world.services([{ name, deploymentConfiguration: breaker }], ["app:1"]);
    // Revision 2 is registered and never deployed, 3 runs, and 4 was deployed and failed.
    await world.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: name,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "256",
        memory: "512",
        containerDefinitions: [{ name: "app", image: "app:registered-only" }],
      }),
    );
    expect(await world.run(["update", "--templates", templates], { image: "app:3" })).toMatchObject({
      exitCode: 0,
    });
    expect(await world.run(["update", "--templates", templates], { image: "app:4-crash" })).toMatchObject({
      exitCode: 1,
    });
    expect(await world.states.of(name, "app")).toMatchObject({
      deployments: ["PRIMARY COMPLETED 1/1 of revision 3"],
    });

    const back = await world.run(["rollback", "--templates", templates]);
    expect(back).toMatchObject({ exitCode: 0, report: { services: [{ outcome: "completed" }] } });
    expect(await world.states.of(name, "app")).toMatchObject({
      deployments: ["PRIMARY COMPLETED 1/1 of revision 1"],
      activeRevisions: 4,
    });
    expect(await revisionsOf(name, "INACTIVE")).toBe(0);

    // And with pruning asked for, the one in use stays although it is the oldest.
    const pruned = await world.run(["revisions", name, "--keep-revisions", "1", "--templates", templates]);
    expect(pruned.exitCode).toBe(0);
    const { taskDefinition } = await world.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: `${name}:1` }),
    );
    expect(taskDefinition).toMatchObject({ status: "ACTIVE" });
  },
  3 * minutes,
);

test(
  "peer failure 11, one service a run: several come in order, in one run with one view of AWS",
  async () => {
    const templates = await world.services(
      [{ name: "both-first" }, { name: "both-second", dependsOn: ["both-first"] }],
      ["app:1"],
    );
    const run = await world.run(["update", "--all", "--templates", templates], { image: "app:2" });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.report.services.map(({ outcome }) => outcome)).toEqual(["completed", "completed"]);
    const updates = (await timelineOf(world.local, "type=call,deployment")).filter(
      ({ type, operation, definition, rollout }) =>
        operation === "UpdateService" ||
        (type === "deployment" && rollout === "COMPLETED" && /^both-\w+:2$/.test(String(definition))),
    );
    const told = updates.flatMap(({ about, definition }) => {
      const text = String(definition ?? (about as { service?: string }).service);
      return text.startsWith("both-") ? [text] : [];
    });
    expect(told).toEqual(["both-first", "both-first:2", "both-second", "both-second:2"]);
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

/** Number of each of the failures that docs name, and how often a test has to name it. */
const sixteen = new Map(Array.from({ length: 16 }, (_, index) => [index + 1, index + 1 === 14 ? 2 : 1]));

test("each of the sixteen peer failures has a test by its number", async () => {
  const root = path.join(projectRoot(), "__tests__");
  const files = await readdir(root, { recursive: true });
  const sources = await Promise.all(
    files.filter((file) => file.endsWith(".test.ts")).map((file) => readFile(path.join(root, file), "utf8")),
  );
  const titles = sources.flatMap((source) => [
    ...source.matchAll(/\b(?:test|describe)(?:\.each\([^`]*?\))?\(\s*["'`]peer failure (\d+), [^"'`]+/g),
  ]);
  const named = titles.map(([, number]) => Number(number));
  const missing = [...sixteen].filter(
    ([number, times]) => named.filter((one) => one === number).length < times,
  );
  expect(missing.map(([number]) => number)).toEqual([]);
});
