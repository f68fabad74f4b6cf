import { describe, expect, test } from "@jest/globals";

import { nextDue, step } from "../../scripts/local/world/step.ts";
import { transact } from "../../scripts/local/world/transaction.ts";
import { World } from "../helpers/local-world.ts";

describe("a step of the state machine", () => {
  test("leaves the state it was given as it was", () => {
    const world = new World();
    world.create("nginx:1");
    const before = world.state;
    const text = JSON.stringify(before);
    const after = step(before, 120_000).state;
    expect(JSON.stringify(before)).toBe(text);
    expect(Object.keys(after.ecs.tasks)).toHaveLength(2);
  });

  test("gives the same state and effects for the same state and instant", () => {
    const world = new World();
    world.create("nginx:1");
    expect(step(world.state, 90_000)).toEqual(step(world.state, 90_000));
  });

  test("comes to the same end in one leap as in many small ones", () => {
    const world = new World();
    world.create("nginx:crash", { loadBalancers: [] });
    const leap = step(world.state, 300_000).state;
    let walked = world.state;
    for (let now = 0; now <= 300_000; now += 250) walked = step(walked, now).state;
    expect(walked).toEqual(leap);
  });

  test("has nothing due once a service is steady but to say so again after 6 hours", () => {
    const world = new World();
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    const said = world.now;
    expect(nextDue(world.state)).toBe(said + 6 * 3600_000);
    world.state = step(world.state, said + 13 * 3600_000).state;
    const steady = world.service.events.filter(({ message }) => message.endsWith("reached a steady state."));
    expect(steady.map(({ createdAt }) => createdAt - said)).toEqual([12 * 3600_000, 6 * 3600_000, 0]);
  });

  test("starts a container's server once and ends it when its task stops", () => {
    const world = new World();
    world.create("nginx:crash", { loadBalancers: [], desiredCount: 1 });
    const { effects } = step(world.state, 53_000);
    const own = effects.filter(({ type }) => type.endsWith("-container") || type.endsWith("-containers"));
    expect(own.map(({ type }) => type)).toEqual(["start-container", "stop-containers", "stop-containers"]);
  });

  test("forgets a stopped task after an hour", () => {
    const world = new World();
    world.create("nginx:crash", { loadBalancers: [], desiredCount: 1 });
    world.passUntil(() => world.tasks[0]?.lastStatus === "STOPPED");
    world.change({ desiredCount: 0 });
    world.pass(3500);
    expect(world.tasks.length).toBeGreaterThan(0);
    world.pass(150);
    expect(world.tasks).toEqual([]);
  });
});

describe("a transaction", () => {
  test("that throws changes nothing", () => {
    const { state } = new World();
    const failing = () =>
      transact(state, 0, (transaction) => {
        transaction.state.ecs.clusters = {};
        throw new Error("refused");
      });
    expect(failing).toThrow("refused");
    expect(Object.keys(state.ecs.clusters)).toEqual(["test"]);
  });
});

describe("a task without load balancer and health check", () => {
  test("passes every status of its life in order and has its deployment complete 80 s after RUNNING", () => {
    const world = new World();
    world.create("nginx:1", { loadBalancers: [], desiredCount: 1 });
    const seen: string[] = [];
    const look = () => {
      const status = world.tasks[0]?.lastStatus;
      if (status !== undefined && seen.at(-1) !== status) seen.push(status);
    };
    world.passUntil(() => {
      look();
      return world.isSteady();
    });
    const started = world.tasks[0]?.startedAt ?? 0;
    expect(world.now - started).toBeGreaterThanOrEqual(80_000);
    expect(world.now - started).toBeLessThanOrEqual(100_000);
    world.change({ desiredCount: 0 });
    world.passUntil(() => {
      look();
      return world.tasks[0]?.lastStatus === "STOPPED";
    });
    expect(seen).toEqual(["PENDING", "RUNNING", "STOPPING", "STOPPED"]);
  });
});
