import { describe, expect, test } from "@jest/globals";

import { updateCapacityProvider } from "../../scripts/local/ecs/api/capacity-providers.ts";
import { runTask } from "../../scripts/local/ecs/api/run-task.ts";
import { ScalingWorld } from "../helpers/scaling-world.ts";

/** Tasks of 400 MiB, of which two fit on a host of 1000. */
const create = (world: ScalingWorld, desiredCount: number) => {
  world.createOf(world.register("nginx:1", { memory: 400 }), { desiredCount, loadBalancers: [] });
};

describe("managed scaling", () => {
  test("has tasks wait in PROVISIONING and adds the hosts that they fill, which take a while to register", () => {
    const world = new ScalingWorld({});
    create(world, 5);
    world.pass(20);
    expect(world.tasks.map(({ lastStatus, hostId }) => [lastStatus, hostId])).toEqual(
      Array.from({ length: 5 }, () => ["PROVISIONING", null]),
    );
    expect(world.messages().join("\n")).not.toContain("unable to place");
    const waited = world.tasks.map(({ id }) => id);
    world.passUntil(() => world.hosts.length === 3);
    expect(world.hosts.map(({ status }) => status)).toEqual(["REGISTERING", "REGISTERING", "REGISTERING"]);
    expect(
      world.passUntil(() => world.hosts.every(({ status }) => status === "ACTIVE")),
    ).toBeGreaterThanOrEqual(60);
    world.passUntil(() => world.isSteady());
    expect(world.running().map(({ id }) => id)).toEqual(waited);
    expect(world.running().filter(({ hostId }) => hostId === world.hosts[0]?.id)).toHaveLength(2);
    expect(world.group.desired).toBe(3);
  });

  test("keeps spare hosts for a target below 100 %, and stops at the group's maximum", () => {
    const spare = new ScalingWorld({ targetCapacity: 50 });
    create(spare, 2);
    spare.passUntil(() => spare.isSteady());
    spare.pass(300);
    expect(spare.group.desired).toBe(2);

    const full = new ScalingWorld({ maximum: 1 });
    create(full, 3);
    full.pass(600);
    expect(full.group.desired).toBe(1);
    expect(full.tasks.map(({ lastStatus }) => lastStatus)).toEqual(["RUNNING", "RUNNING", "PROVISIONING"]);
  });

  test("adds no fewer hosts at a time than the minimum step, no more than the maximum step", () => {
    const many = new ScalingWorld({ minimumScalingStepSize: 3 });
    create(many, 1);
    many.passUntil(() => many.group.desired > 0);
    expect(many.group.desired).toBe(3);

    const few = new ScalingWorld({ maximumScalingStepSize: 2 });
    create(few, 10);
    few.passUntil(() => few.group.desired > 0);
    expect(few.group.desired).toBe(2);
    few.passUntil(() => few.running().length === 10);
    expect(few.group.desired).toBe(5);
  });

  test("removes hosts without tasks after 15 minutes, and only those", () => {
    const world = new ScalingWorld({});
    create(world, 4);
    world.passUntil(() => world.isSteady());
    world.change({ desiredCount: 2, placementStrategy: [{ type: "binpack", field: "memory" }] });
    world.change({ forceNewDeployment: true });
    world.passUntil(() => world.isSteady());
    world.change({ desiredCount: 1 });
    world.passUntil(() => world.running().length === 1);
    const [serving] = world.running();
    const before = world.hosts.length;
    expect(before).toBeGreaterThan(1);
    expect(world.passUntil(() => world.hosts.length === 1, 3600)).toBeGreaterThanOrEqual(14 * 60);
    expect(world.hosts[0]?.id).toBe(serving?.hostId);
    expect(world.running().map(({ id }) => id)).toEqual([serving?.id]);
    expect(world.asked.filter(({ type }) => type === "terminate-host")).toHaveLength(before - 1);
  });

  test("lets a task of no service wait as well", () => {
    const world = new ScalingWorld({});
    world.register("nginx:1", { memory: 400 });
    const { tasks, failures } = world.call((call) =>
      runTask(call, { cluster: "test", taskDefinition: "web" }),
    );
    expect(failures).toEqual([]);
    expect(tasks[0]).toMatchObject({ lastStatus: "PROVISIONING", capacityProviderName: "pool" });
    world.passUntil(() => world.running().length === 1);
  });

  test("that is off leaves the group alone and says that tasks cannot be placed", () => {
    const world = new ScalingWorld({});
    world.call((call) =>
      updateCapacityProvider(call, {
        name: "pool",
        autoScalingGroupProvider: { managedScaling: { status: "DISABLED" } },
      }),
    );
    create(world, 1);
    world.pass(300);
    expect(world.tasks).toEqual([]);
    expect(world.group.desired).toBe(0);
    expect(world.messages().join("\n")).toContain("No Container Instances were found in your cluster.");
  });
});
