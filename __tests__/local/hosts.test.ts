import { describe, expect, test } from "@jest/globals";

import {
  deregisterContainerInstance,
  listContainerInstances,
  updateContainerInstancesState,
} from "../../scripts/local/ecs/api/container-instances.ts";
import { deleteAttributes, listAttributes, putAttributes } from "../../scripts/local/ecs/api/attributes.ts";
import { runTask } from "../../scripts/local/ecs/api/run-task.ts";
import { stopTask } from "../../scripts/local/ecs/api/tasks.ts";
import type { HostRecord } from "../../scripts/local/ecs/state.ts";
import { World } from "../helpers/local-world.ts";

const onlyOn = (host: HostRecord | undefined) => ({
  placementConstraints: [
    { type: "memberOf" as const, expression: `ec2InstanceId == ${host?.ec2InstanceId ?? ""}` },
  ],
});

const hosts = (world: World): HostRecord[] => Object.values(world.state.ecs.hosts);

function setStatus(world: World, host: HostRecord | undefined, status: "ACTIVE" | "DRAINING"): void {
  world.call((call) =>
    updateContainerInstancesState(call, {
      cluster: "test",
      containerInstances: [host?.arn ?? ""],
      status,
    }),
  );
}

const onHost = (world: World, host: HostRecord | undefined) =>
  world.running().filter(({ hostId, desiredStatus }) => hostId === host?.id && desiredStatus === "RUNNING");

describe("a host that drains", () => {
  test("loses its services' tasks once they run elsewhere, and gets none until it is ACTIVE again", () => {
    const world = new World({ hosts: 2 });
    world.create("nginx:1", { desiredCount: 4, loadBalancers: [] });
    world.passUntil(() => world.isSteady());
    const [drained, other] = hosts(world);
    setStatus(world, drained, "DRAINING");
    let fewest = Infinity;
    world.passUntil(() => {
      fewest = Math.min(fewest, world.running().length);
      return onHost(world, other).length === 4 && onHost(world, drained).length === 0;
    });
    expect(fewest).toBe(4);
    world.passUntil(() => world.isSteady());
    const { containerInstanceArns } = world.call((call) =>
      listContainerInstances(call, { cluster: "test", status: "DRAINING" }),
    );
    expect(containerInstanceArns).toEqual([drained?.arn]);

    setStatus(world, drained, "ACTIVE");
    world.change({ desiredCount: 5 });
    world.passUntil(() => onHost(world, drained).length > 0);
  });

  test("loses them before there are others where the minimum allows", () => {
    const world = new World({ hosts: 2 });
    world.create("nginx:1", {
      desiredCount: 2,
      loadBalancers: [],
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 },
    });
    world.passUntil(() => world.isSteady());
    const [drained] = hosts(world);
    setStatus(world, drained, "DRAINING");
    let most = 0;
    world.passUntil(() => {
      most = Math.max(most, world.tasks.filter(({ desiredStatus }) => desiredStatus === "RUNNING").length);
      return onHost(world, drained).length === 0;
    });
    world.passUntil(() => world.isSteady());
    expect(most).toBe(2);
  });
});

describe("deregistering a host", () => {
  test("with tasks on it is refused but by force, which stops them", () => {
    const world = new World({ hosts: 2 });
    world.create("nginx:1", { loadBalancers: [] });
    world.passUntil(() => world.isSteady());
    const [gone] = hosts(world);
    const deregister = (force: boolean) =>
      world.call((call) =>
        deregisterContainerInstance(call, { cluster: "test", containerInstance: gone?.id, force }),
      );
    expect(() => deregister(false)).toThrow("Found running tasks on the instance.");
    expect(deregister(true).containerInstance.status).toBe("INACTIVE");
    world.setHosts(2);
    expect(hosts(world)).toHaveLength(1);
    world.passUntil(() => !world.isSteady());
    world.passUntil(() => world.isSteady());
    expect(onHost(world, hosts(world)[0])).toHaveLength(2);
  });
});

describe("attributes", () => {
  test("are listed with AWS's own, found by expressions, and gone when deleted", () => {
    const world = new World({ hosts: 2 });
    const [first] = hosts(world);
    const stack = { name: "stack", value: "prod", targetId: first?.arn };
    world.call((call) => putAttributes(call, { cluster: "test", attributes: [stack] }));
    const list = (attributeName: string) =>
      world.call((call) =>
        listAttributes(call, { cluster: "test", targetType: "container-instance", attributeName }),
      ).attributes;
    const find = () =>
      world.call((call) =>
        listContainerInstances(call, { cluster: "test", filter: "attribute:stack == prod" }),
      ).containerInstanceArns;
    expect(list("stack")).toEqual([stack]);
    expect(list("ecs.availability-zone").map(({ value }) => value)).toEqual(["us-east-1a", "us-east-1b"]);
    expect(find()).toEqual([first?.arn]);
    world.call((call) => deleteAttributes(call, { cluster: "test", attributes: [stack] }));
    expect(list("stack")).toEqual([]);
    expect(find()).toEqual([]);
  });

  test("of AWS's own names, and on hosts that are not there, are refused", () => {
    const world = new World();
    const put = (name: string, targetId: string | undefined) =>
      world.call((call) => putAttributes(call, { cluster: "test", attributes: [{ name, targetId }] }));
    expect(() => put("ecs.ami-id", hosts(world)[0]?.id)).toThrow(/reserved/);
    expect(() => put("stack", "missing")).toThrow(
      expect.objectContaining({ type: "TargetNotFoundException" }),
    );
  });
});

describe("a daemon service", () => {
  const daemon = { schedulingStrategy: "DAEMON", desiredCount: undefined, loadBalancers: [] } as const;

  test("has one task on every host that meets its constraints, as hosts come and go", () => {
    const world = new World({ hosts: 2 });
    world.create("nginx:1", {
      ...daemon,
      loadBalancers: [],
      placementConstraints: [{ type: "memberOf", expression: "ec2InstanceId in [i-0, i-1, i-2]" }],
    });
    world.passUntil(() => world.isSteady());
    const places = () =>
      world.running().map(({ hostId }) => world.state.ecs.hosts[hostId ?? ""]?.ec2InstanceId);
    expect(places()).toEqual(["i-0", "i-1"]);
    world.setHosts(4);
    world.passUntil(() => world.running().length === 3);
    world.passUntil(() => world.isSteady());
    expect(places()).toEqual(["i-0", "i-1", "i-2"]);
    expect(world.describe().desiredCount).toBe(3);
    world.setHosts(1);
    world.passUntil(() => world.service.desiredCount === 1 && world.isSteady());
    expect(places()).toEqual(["i-0"]);
  });

  test("keeps its task on a host that drains until the others there are gone", () => {
    const world = new World({ hosts: 2 });
    world.create("nginx:1", { ...daemon, loadBalancers: [] });
    world.passUntil(() => world.isSteady());
    const [drained] = hosts(world);
    world.call((call) => runTask(call, { cluster: "test", taskDefinition: "web", ...onlyOn(drained) }));
    world.passUntil(() => world.running().length === 3);
    setStatus(world, drained, "DRAINING");
    world.pass(120);
    expect(onHost(world, drained).map(({ group }) => group)).toEqual(["service:web", "family:web"]);

    const other = onHost(world, drained).find(({ service }) => service === null);
    world.call((call) => stopTask(call, { cluster: "test", task: other?.id }));
    world.passUntil(() => onHost(world, drained).length === 0);
    expect(world.running()).toHaveLength(1);
  });
});
