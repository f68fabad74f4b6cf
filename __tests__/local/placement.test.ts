import { describe, expect, test } from "@jest/globals";

import { World } from "../helpers/local-world.ts";

const guide = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";
const unplaced =
  "(service web) was unable to place a task because no container instance met all of its requirements.";

describe("placement", () => {
  test("says that a cluster has no hosts, and starts the tasks once it has", () => {
    const world = new World({ hosts: 0 });
    world.create("nginx:1");
    world.pass(120);
    expect(world.messages()).toEqual([
      `${unplaced} Reason: No Container Instances were found in your cluster. ${guide}`,
    ]);
    world.setHosts(2);
    world.passUntil(() => world.isSteady());
    expect(world.running()).toHaveLength(2);
  });

  test("spreads the copies of a service over zones and gives each a port of its own", () => {
    const world = new World({ hosts: 2 });
    world.create("nginx:1", { desiredCount: 4 });
    world.passUntil(() => world.isSteady());
    const zones = world.running().map(({ availabilityZone }) => availabilityZone);
    expect(zones.toSorted()).toEqual(["us-east-1a", "us-east-1a", "us-east-1b", "us-east-1b"]);
    const places = world
      .running()
      .map(({ hostId, containers }) => `${hostId}:${containers[0]?.bindings[0]?.hostPort}`);
    expect(new Set(places).size).toBe(4);
  });

  test("says which resource is short on the closest host", () => {
    const world = new World({ hosts: 1, memoryMiB: 1000 });
    world.createOf(world.register("nginx:1", { memory: 600 }));
    world.pass(120);
    const host = Object.keys(world.state.ecs.hosts)[0];
    expect(world.tasks).toHaveLength(1);
    expect(world.messages()).toContain(
      `${unplaced} The closest matching (container-instance ${host}) has insufficient memory available. ${guide}`,
    );
  });

  test("keeps a rolling update of static ports stuck while there is no spare host and none may stop", () => {
    const world = new World({ hosts: 2 });
    world.createOf(world.register("nginx:1", { hostPort: 8080 }), {
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
    });
    world.passUntil(() => world.isSteady());
    const next = world.register("nginx:2", { hostPort: 8080 });
    world.change({ taskDefinition: next });
    world.pass(300);
    expect(world.running("nginx:1")).toHaveLength(2);
    expect(world.messages().at(-1)).toMatch(/is already using a port required by your task\./);

    world.change({ deploymentConfiguration: { minimumHealthyPercent: 50 } });
    world.passUntil(() => world.isSteady());
    expect(world.running("nginx:2")).toHaveLength(2);
  });

  test("stops the tasks of a host that is gone and starts them elsewhere", () => {
    const world = new World({ hosts: 2 });
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    world.setHosts(1);
    world.passUntil(() => !world.isSteady());
    world.passUntil(() => world.isSteady());
    const hosts = new Set(world.running().map(({ hostId }) => hostId));
    expect(world.running()).toHaveLength(2);
    expect(hosts).toEqual(new Set(Object.keys(world.state.ecs.hosts)));
  });
});

describe("a Fargate service", () => {
  test("needs no host and gives each task an address of its subnets", () => {
    const world = new World({ hosts: 0 });
    world.call(({ state }) => {
      for (const [index, zone] of ["a", "b"].entries()) {
        const id = `subnet-${zone}`;
        state.ecs.subnets[id] = {
          id,
          cidrBlock: `10.0.${index}.0/24`,
          availabilityZone: `us-east-1${zone}`,
          nextAddress: 0,
        };
      }
      return null;
    });
    const definition = {
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
    } as const;
    const arn = world.register("nginx:1", {
      hostPort: 80,
      definition: { ...definition, requiresCompatibilities: ["FARGATE"] },
    });
    world.createOf(arn, {
      launchType: "FARGATE",
      loadBalancers: [],
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b"] } },
    });
    world.pass(10);
    expect(world.tasks.map(({ lastStatus }) => lastStatus)).toEqual(["PROVISIONING", "PROVISIONING"]);
    world.passUntil(() => world.isSteady());
    const addresses = world.running().map(({ networkInterface }) => networkInterface?.address);
    expect(addresses).toEqual(["10.0.0.4", "10.0.1.4"]);
    expect(world.running().map(({ hostId }) => hostId)).toEqual([null, null]);
  });
});
