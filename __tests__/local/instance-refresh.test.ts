import { describe, expect, test } from "@jest/globals";

import type { InstanceRefreshRecord, RefreshPreferences } from "../../scripts/local/hosts/refresh-state.ts";
import { beginRefresh, cancelRefresh, percentageComplete } from "../../scripts/local/hosts/refresh.ts";
import { transact } from "../../scripts/local/world/transaction.ts";
import { ScalingWorld } from "../helpers/scaling-world.ts";

const newFirst: RefreshPreferences = {
  minHealthyPercentage: 100,
  maxHealthyPercentage: 110,
  instanceWarmup: null,
  skipMatching: true,
  scaleInProtectedInstances: "Refresh",
  autoRollback: true,
};

/** Hosts of 1000 MiB, two tasks of 400 MiB on each, and a template that has a new version. */
function worldWithNewTemplate(hosts: number): ScalingWorld {
  const world = new ScalingWorld({ hosts });
  world.createOf(world.register("nginx:1", { memory: 400 }), { desiredCount: 2 * hosts, loadBalancers: [] });
  world.passUntil(() => world.isSteady() && world.hosts.length === hosts);
  world.group.template = "lt-1:2";
  world.resize();
  return world;
}

function begin(world: ScalingWorld, preferences: Partial<RefreshPreferences> = {}): void {
  world.state = transact(world.state, world.now, (transaction) =>
    beginRefresh(transaction, "group", { ...newFirst, ...preferences }),
  ).state;
}

function refreshOf(world: ScalingWorld): InstanceRefreshRecord {
  const refresh = Object.values(world.state.ecs.instanceRefreshes ?? {}).at(-1);
  if (!refresh) throw new Error("There is no instance refresh.");
  return refresh;
}

const instancesOf = (world: ScalingWorld) =>
  Object.entries(world.state.ecs.autoScalingGroups?.["group"]?.instances ?? {});
const templatesOf = (world: ScalingWorld) => instancesOf(world).map(([, { template }]) => template);
const isOver = (world: ScalingWorld) => () => refreshOf(world).endedAt !== null;

describe("an instance refresh", () => {
  test("launches a new host first, and ends an old one when its tasks run elsewhere", () => {
    const world = worldWithNewTemplate(3);
    begin(world);
    const seen = { fewestTasks: Infinity, mostHosts: 0, mostDraining: 0, percentages: new Set<number>() };
    world.passUntil(() => {
      seen.fewestTasks = Math.min(seen.fewestTasks, world.running().length);
      seen.mostHosts = Math.max(seen.mostHosts, world.hosts.length);
      const draining = world.hosts.filter(({ status }) => status === "DRAINING").length;
      seen.mostDraining = Math.max(seen.mostDraining, draining);
      seen.percentages.add(percentageComplete(refreshOf(world)));
      return isOver(world)();
    });
    expect(seen).toEqual({
      fewestTasks: 6,
      mostHosts: 4,
      mostDraining: 1,
      percentages: new Set([0, 33, 66, 100]),
    });
    expect(refreshOf(world).status).toBe("Successful");
    expect(templatesOf(world)).toEqual(["lt-1:2", "lt-1:2", "lt-1:2"]);
    expect(world.group.desired).toBe(3);
    expect(world.tasks.map(({ stoppedReason }) => stoppedReason ?? "")).not.toContainEqual(
      expect.stringMatching(/terminated/),
    );
  });

  test("replaces more at once where the percentages allow, and waits for each batch to warm up", () => {
    const world = worldWithNewTemplate(4);
    world.group.warmupSeconds = 300;
    world.resize();
    const began = world.now;
    begin(world, { maxHealthyPercentage: 150 });
    world.passUntil(() => world.hosts.length === 6, 60);
    world.passUntil(() => world.hosts.some(({ status }) => status === "DRAINING"));
    expect(world.now - began).toBeGreaterThanOrEqual((90 + 300) * 1000);
    expect(world.hosts.filter(({ status }) => status === "DRAINING")).toHaveLength(2);
    world.passUntil(isOver(world));
    expect(templatesOf(world)).toEqual(Array.from({ length: 4 }, () => "lt-1:2"));
  });

  test("launches new hosts while old ones drain where less than all of the capacity must stay", () => {
    const world = worldWithNewTemplate(4);
    begin(world, { minHealthyPercentage: 50, maxHealthyPercentage: 100 });
    let mostInService = 0;
    world.passUntil(() => {
      const inService = world.hosts.filter(({ status }) => status === "ACTIVE").length;
      mostInService = Math.max(mostInService, inService);
      return isOver(world)();
    });
    expect(mostInService).toBe(4);
    expect(refreshOf(world).status).toBe("Successful");
    expect(templatesOf(world).every((template) => template === "lt-1:2")).toBe(true);
    world.passUntil(() => world.isSteady());
    expect(world.running()).toHaveLength(8);
  });

  test("leaves instances alone that match already, and takes them too when told so", () => {
    const world = new ScalingWorld({ hosts: 2 });
    begin(world);
    world.passUntil(isOver(world), 10);
    expect([refreshOf(world).status, refreshOf(world).total]).toEqual(["Successful", 0]);
    const before = instancesOf(world).map(([id]) => id);
    begin(world, { skipMatching: false });
    world.passUntil(isOver(world));
    expect(instancesOf(world).filter(([id]) => before.includes(id))).toEqual([]);
  });

  test("that is cancelled gives back the host that it launched, and replaces no more", () => {
    const world = worldWithNewTemplate(3);
    begin(world);
    world.passUntil(() => world.hosts.length === 4);
    world.state = transact(world.state, world.now, (transaction) =>
      cancelRefresh(transaction, "group"),
    ).state;
    world.passUntil(isOver(world));
    expect(refreshOf(world).status).toBe("Cancelled");
    world.passUntil(() => world.hosts.length === 3);
    expect(templatesOf(world)).toEqual(["lt-1:1", "lt-1:1", "lt-1:1"]);
    expect(world.running()).toHaveLength(6);
  });

  test.each([
    ["Refresh", "Successful", 2],
    ["Ignore", "Successful", 0],
    ["Wait", "Failed", 0],
  ] as const)("of protected instances with %s is %s", (scaleInProtectedInstances, status, replaced) => {
    const world = worldWithNewTemplate(2);
    world.resize({ isProtected: true });
    begin(world, { scaleInProtectedInstances, minHealthyPercentage: 50, maxHealthyPercentage: 100 });
    world.passUntil(isOver(world), 7200);
    expect(refreshOf(world).status).toBe(status);
    expect(templatesOf(world).filter((template) => template === "lt-1:2").length).toBe(replaced);
  });

  test("does not keep managed scaling from adding hosts meanwhile, nor make it take the new one for spare", () => {
    const world = worldWithNewTemplate(2);
    begin(world, { instanceWarmup: 3600 });
    world.passUntil(() => world.hosts.length === 3);
    world.pass(1800);
    expect(world.hosts).toHaveLength(3);
    world.change({ desiredCount: 8 });
    world.passUntil(() => world.isSteady());
    world.passUntil(isOver(world), 7 * 3600);
    expect(refreshOf(world).status).toBe("Successful");
    expect(world.running()).toHaveLength(8);
    expect(templatesOf(world).every((template) => template === "lt-1:2")).toBe(true);
  });
});
