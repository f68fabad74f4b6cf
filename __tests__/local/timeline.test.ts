import { describe, expect, test } from "@jest/globals";

import { changesBetween } from "../../scripts/local/timeline/changes.ts";
import { shiftTraffic } from "../../scripts/local/elb/shift.ts";
import { targetGroupArn, World } from "../helpers/local-world.ts";

/** Everything that a world's course tells, step by step. */
function told(world: World, seconds: number) {
  const changes = [];
  for (let passed = 0; passed < seconds; passed += 10) {
    const before = world.state;
    world.pass(10);
    changes.push(...changesBetween(before, world.state));
  }
  return changes;
}

describe("the timeline", () => {
  test("tells a service, its deployment, tasks and events as they come about", () => {
    const world = new World();
    const before = world.state;
    world.create("nginx:1");
    const created = changesBetween(before, world.state).map(({ type }) => type);
    expect(created).toEqual(expect.arrayContaining(["service", "deployment"]));

    const changes = told(world, 240);
    const statuses = changes.filter(({ type }) => type === "task").map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(["PENDING", "ACTIVATING", "RUNNING"]));
    const messages = changes
      .filter(({ type }) => type === "service-event")
      .map(({ message }) => String(message));
    expect(messages[0]).toContain("has started");
    expect(messages.at(-1)).toContain("has reached a steady state");
    expect(changes.filter(({ type }) => type === "deployment").at(-1)).toMatchObject({
      rollout: "COMPLETED",
    });
  });

  test("tells nothing while nothing happens", () => {
    const world = new World();
    world.create("nginx:1");
    told(world, 200);
    expect(told(world, 600)).toEqual([]);
  });

  test("tells what a shift of traffic leaves of the weights", () => {
    const world = new World();
    const before = world.state;
    world.call((transaction) => {
      shiftTraffic(transaction, "listener", [{ arn: targetGroupArn, weight: 90 }]);
    });
    expect(changesBetween(before, world.state)).toEqual([
      expect.objectContaining({ type: "traffic", rule: "default", weights: { web: 90 } }),
    ]);
  });

  test("tells why a task stopped", () => {
    const world = new World();
    world.create("nginx:crash");
    const stopped = told(world, 120).filter(({ type, status }) => type === "task" && status === "STOPPED");
    expect(stopped[0]).toMatchObject({
      stopCode: "EssentialContainerExited",
      reason: "Essential container in task exited",
    });
  });
});
