import { describe, expect, test } from "@jest/globals";

import type { TaskRecord } from "../../scripts/local/ecs/task-state.ts";
import { World } from "../helpers/local-world.ts";

/** How far from what was seen on AWS a moment may be: a fifth of the time that had passed. */
const tolerance = 0.2;

/** Seconds since an instant at which an event first said something. */
function saidAfter(world: World, since: number, what: string | RegExp): number {
  const found = world.service.events.findLast(
    ({ createdAt, message }) =>
      createdAt > since && (typeof what === "string" ? message.includes(what) : what.test(message)),
  );
  if (!found) throw new Error(`No event says ${String(what)}:\n${world.messages().join("\n")}`);
  return (found.createdAt - since) / 1000;
}

function expectNear(actual: number, seen: number): void {
  expect(actual).toBeGreaterThanOrEqual(seen * (1 - tolerance));
  expect(actual).toBeLessThanOrEqual(seen * (1 + tolerance));
}

const secondsSince = (since: number, instants: (number | null)[]): number[] =>
  instants.filter((instant) => instant !== null).map((instant) => (instant - since) / 1000);

/** Tasks of the primary deployment, the one under test, oldest first. */
const tasksOf = (world: World, deployment: string): TaskRecord[] =>
  world.tasks.filter(({ startedBy }) => startedBy === deployment);

const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };

describe("a rollout takes about as long as was seen on AWS", () => {
  test("behind a load balancer: registered 41 s after its start, old one stopped 50 s, complete 112 s later", () => {
    const world = new World();
    world.create("nginx:1", { desiredCount: 1 });
    world.passUntil(() => world.isSteady());
    const before = world.now;
    world.update("nginx:2");
    world.passUntil(() => world.isSteady());
    const started = saidAfter(world, before, "has started 1 tasks");
    const registered = saidAfter(world, before, "registered 1 targets");
    expectNear(registered - started, 41);
    expectNear(saidAfter(world, before, "has stopped 1 running tasks") - registered, 50);
    expectNear(saidAfter(world, before, "deregistered 1 targets") - registered, 55);
    expectNear(saidAfter(world, before, "has begun draining connections") - registered, 55);
    expectNear(saidAfter(world, before, "deployment completed") - registered, 112);
  });

  test("without one: each old task stops some 82 s after the start of its replacement, complete 81 s after the last", () => {
    // Why AWS started the second task 39 s after the first is not known; here it is when a host comes for it.
    const world = new World({ hosts: 3 });
    world.createOf(world.register("nginx:hang", { hostPort: 8080 }), { loadBalancers: [] });
    world.passUntil(() => world.isSteady());
    const before = world.now;
    world.change({ taskDefinition: world.register("nginx:2", { hostPort: 8080 }) });
    world.passUntil(
      () => world.running("nginx:2").length === 0 && tasksOf(world, primaryOf(world)).length > 0,
    );
    world.pass(34);
    world.setHosts(4);
    world.passUntil(() => world.isSteady());
    const starts = secondsSince(
      before,
      tasksOf(world, primaryOf(world)).map(({ createdAt }) => createdAt),
    );
    const stops = secondsSince(
      before,
      world.tasks
        .filter(({ containers }) => containers[0]?.image === "nginx:hang")
        .map((task) => task.stoppingAt),
    ).toSorted((one, other) => one - other);
    const [firstStart = 0, secondStart = 0] = starts;
    const [firstStop = 0, secondStop = 0] = stops;
    expectNear(secondStart - firstStart, 39);
    expectNear(firstStop - firstStart, 39 + 42);
    expectNear(secondStop - firstStart, 39 + 42 + 41);
    expectNear(saidAfter(world, before, "deployment completed") - firstStart, 39 + 42 + 41 + 81);
  });

  test("a container that crashes is started about every 51 s, four times until the circuit breaker trips", () => {
    const world = new World();
    world.create("nginx:1", { desiredCount: 1, ...breaker });
    world.passUntil(() => world.isSteady());
    const before = world.now;
    world.update("nginx:crash");
    const deployment = primaryOf(world);
    world.passUntil(() => primaryOf(world) !== deployment);
    const starts = secondsSince(
      before,
      tasksOf(world, deployment).map(({ createdAt }) => createdAt),
    );
    expect(starts).toHaveLength(4);
    for (const [index, start] of starts.slice(1).entries()) expectNear(start - (starts[index] ?? 0), 51);
  });

  test("a missing image fails after 2:34, 4:46 and 11:00 and is rolled back at 11:44", () => {
    const world = new World();
    world.create("nginx:1", { desiredCount: 1, ...breaker });
    world.passUntil(() => world.isSteady());
    const before = world.now;
    world.update("nginx:missing");
    const deployment = primaryOf(world);
    world.passUntil(() => world.isSteady());
    const failures = secondsSince(
      before,
      tasksOf(world, deployment).map(({ stoppedAt }) => stoppedAt),
    );
    expect(failures).toHaveLength(3);
    const seen = [2 * 60 + 34, 4 * 60 + 46, 11 * 60];
    for (const [index, failure] of failures.entries()) expectNear(failure, seen[index] ?? 0);
    expectNear(saidAfter(world, before, "rolling back to deployment"), 11 * 60 + 44);
  });
});

function primaryOf(world: World): string {
  return world.service.deployments[0]?.id ?? "";
}
