import { describe, expect, test } from "@jest/globals";

import { stopTask } from "../../scripts/local/ecs/api/tasks.ts";
import { World } from "../helpers/local-world.ts";

/** Lets the container checks of so many running tasks fail from now on. */
function sicken(world: World, count: number): string[] {
  const ids = world
    .running()
    .slice(0, count)
    .map(({ id }) => id);
  world.call(({ state, now }) => {
    for (const task of Object.values(state.ecs.tasks)) {
      if (!ids.includes(task.id)) continue;
      for (const container of task.containers) container.healthStatus = "UNHEALTHY";
      const service = state.ecs.services[task.service ?? ""];
      if (service) service.nextLookAt = now;
    }
    return null;
  });
  return ids;
}

const live = (world: World) => world.tasks.filter(({ desiredStatus }) => desiredStatus === "RUNNING");

describe("tasks that become unhealthy", () => {
  test("run on until their replacements are healthy, where the maximum leaves room", () => {
    const world = new World({ hosts: 3 });
    world.create("nginx:1", { loadBalancers: [] });
    world.passUntil(() => world.isSteady());
    const sick = sicken(world, 2);
    let fewest = Infinity;
    world.passUntil(() => {
      fewest = Math.min(fewest, world.running().length);
      return world.tasks.filter(({ id }) => sick.includes(id)).every((task) => task.lastStatus === "STOPPED");
    });
    world.passUntil(() => world.isSteady());
    expect(fewest).toBe(2);
    expect(world.running()).toHaveLength(2);
    expect(world.messages()).toContain(`(service web) (task ${sick[0]}) failed container health checks.`);
  });

  test("are stopped one by one, as far as the minimum lets them, where the maximum leaves none", () => {
    const world = new World({ hosts: 2 });
    world.create("nginx:1", {
      desiredCount: 4,
      loadBalancers: [],
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 },
    });
    world.passUntil(() => world.isSteady());
    const sick = sicken(world, 4);
    let fewest = Infinity;
    const stops = new Map<number, number>();
    world.passUntil(() => {
      fewest = Math.min(
        fewest,
        world.running().filter(({ desiredStatus }) => desiredStatus === "RUNNING").length,
      );
      expect(live(world).length).toBeLessThanOrEqual(4);
      return world.isSteady() && world.running().every(({ id }) => !sick.includes(id));
    });
    for (const { stoppingAt } of world.tasks) {
      if (stoppingAt !== null) stops.set(stoppingAt, (stops.get(stoppingAt) ?? 0) + 1);
    }
    expect(fewest).toBe(2);
    expect(Math.max(...stops.values())).toBe(1);
    expect(stops.size).toBe(4);
  });

  test("stay, with a word of why, where neither minimum nor maximum gives way", () => {
    const world = new World({ hosts: 2 });
    world.create("nginx:1", {
      desiredCount: 1,
      loadBalancers: [],
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 150 },
    });
    world.passUntil(() => world.isSteady());
    sicken(world, 1);
    world.pass(600);
    expect(world.tasks).toHaveLength(1);
    expect(world.messages().at(-1)).toMatch(/was unable to stop or start tasks during a deployment/);
  });
});

describe("a task of the old revision that is lost during a rollout", () => {
  test("is replaced by one of that revision, until the new one has healthy tasks in its place", () => {
    const world = new World({ hosts: 3 });
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    world.update("nginx:missing");
    world.pass(20);
    const [lost] = world.running("nginx:1");
    world.call((call) => stopTask(call, { cluster: "test", task: lost?.id }));
    world.passUntil(() => {
      const replaced = world.tasks.filter(({ containers }) => containers[0]?.image === "nginx:1");
      return replaced.length === 3 && world.running("nginx:1").length === 2;
    });
    const image = ({ containers }: (typeof world.tasks)[number]) => containers[0]?.image;
    expect(live(world).filter((task) => image(task) === "nginx:1")).toHaveLength(2);

    world.update("nginx:3");
    world.passUntil(() => world.isSteady());
    expect(world.running().map(image)).toEqual(["nginx:3", "nginx:3"]);
  });
});

describe("scaling in", () => {
  test("keeps the zones in balance and spares protected tasks", () => {
    const world = new World({ hosts: 2, memoryMiB: 4096 });
    world.create("nginx:1", { desiredCount: 6, loadBalancers: [] });
    world.passUntil(() => world.isSteady());
    const [kept] = world.running();
    world.call(({ state }) => {
      const task = state.ecs.tasks[kept?.arn ?? ""];
      if (task) task.protectedUntil = Infinity;
      return null;
    });
    world.change({ desiredCount: 2 });
    world.passUntil(() => world.isSteady());
    const zones = world.running().map(({ availabilityZone }) => availabilityZone);
    expect(zones.toSorted()).toEqual(["us-east-1a", "us-east-1b"]);
    expect(world.running().map(({ id }) => id)).toContain(kept?.id);
  });
});

describe("zone rebalancing", () => {
  test("moves a task to a zone that has come back, its replacement first", () => {
    const world = new World({ hosts: 1, memoryMiB: 4096 });
    world.create("nginx:1", { loadBalancers: [], availabilityZoneRebalancing: "ENABLED" });
    world.passUntil(() => world.isSteady());
    world.setHosts(2);
    world.passUntil(() => !world.isSteady());
    let fewest = Infinity;
    world.passUntil(() => {
      fewest = Math.min(fewest, world.running().length);
      return world.isSteady();
    });
    const zones = world.running().map(({ availabilityZone }) => availabilityZone);
    expect(zones.toSorted()).toEqual(["us-east-1a", "us-east-1b"]);
    expect(fewest).toBe(2);
    expect(world.messages()).toEqual(
      expect.arrayContaining([
        "(service web) is not AZ balanced with 2 tasks in us-east-1a, 0 tasks in us-east-1b. AZ Rebalancing in progress.",
        "(service web) is AZ balanced with 1 tasks in us-east-1a, 1 tasks in us-east-1b.",
      ]),
    );
  });

  test("gives way to a deployment that begins meanwhile", () => {
    const world = new World({ hosts: 1, memoryMiB: 4096 });
    world.create("nginx:1", {
      desiredCount: 4,
      loadBalancers: [],
      availabilityZoneRebalancing: "ENABLED",
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 125 },
    });
    world.passUntil(() => world.isSteady());
    world.setHosts(2);
    world.passUntil(() => !world.isSteady());
    world.update("nginx:2");
    world.passUntil(() => world.isSteady());
    expect(world.running("nginx:2")).toHaveLength(4);
  });

  test("leaves a service alone that has it DISABLED", () => {
    const world = new World({ hosts: 1, memoryMiB: 4096 });
    world.create("nginx:1", { loadBalancers: [], availabilityZoneRebalancing: "DISABLED" });
    world.passUntil(() => world.isSteady());
    const before = world.running().map(({ id }) => id);
    world.setHosts(2);
    world.pass(300);
    expect(world.running().map(({ id }) => id)).toEqual(before);
  });
});
