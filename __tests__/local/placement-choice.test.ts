import { describe, expect, test } from "@jest/globals";

import { putAttributes } from "../../scripts/local/ecs/api/attributes.ts";
import type { FoundHost } from "../../scripts/local/hosts/read.ts";
import { takeHosts } from "../../scripts/local/hosts/sync.ts";
import { World } from "../helpers/local-world.ts";

const guide = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";
const unplaced =
  "(service web) was unable to place a task because no container instance met all of its requirements.";

/** A world with hosts of its own making, `i-0` the first. */
function worldOf(...hosts: Partial<FoundHost>[]): World {
  const world = new World({ hosts: 0 });
  world.call((call) => {
    takeHosts(
      call,
      hosts.map((host, index) => ({
        ec2InstanceId: `i-${index}`,
        autoScalingGroup: "hosts",
        autoScalingGroupArn: "arn:hosts",
        clusterName: "test",
        instanceType: "t3.small",
        availabilityZone: "us-east-1a",
        subnetId: "subnet-1",
        address: `10.0.0.${index + 10}`,
        imageId: "ami-1",
        cpu: 2048,
        memoryMiB: 2048,
        ...host,
      })),
    );
    return null;
  });
  return world;
}

const hostIds = (world: World) => Object.values(world.state.ecs.hosts).map(({ id }) => id);

/** EC2 ids of the hosts of all tasks, sorted. */
const placesOf = (world: World) =>
  world.tasks.map(({ hostId }) => world.state.ecs.hosts[hostId ?? ""]?.ec2InstanceId).toSorted();

describe("a placement strategy", () => {
  test("binpack fills the host with the least memory left before it takes another", () => {
    const world = worldOf({ memoryMiB: 2048 }, { memoryMiB: 600 }, { memoryMiB: 2048 });
    world.create("nginx:1", {
      desiredCount: 6,
      loadBalancers: [],
      placementStrategy: [{ type: "binpack", field: "memory" }],
    });
    world.pass(20);
    expect(placesOf(world)).toEqual(["i-0", "i-0", "i-1", "i-1", "i-1", "i-1"]);
  });

  test("spread goes by any attribute, also one that somebody put there", () => {
    const world = worldOf({}, {}, {});
    const [first, second, third] = hostIds(world);
    world.call((call) =>
      putAttributes(call, {
        cluster: "test",
        attributes: [
          { name: "rack", value: "one", targetId: first },
          { name: "rack", value: "one", targetId: second },
          { name: "rack", value: "two", targetId: third },
        ],
      }),
    );
    world.create("nginx:1", {
      desiredCount: 4,
      loadBalancers: [],
      placementStrategy: [{ type: "spread", field: "attribute:rack" }],
    });
    world.pass(20);
    expect(placesOf(world)).toEqual(["i-0", "i-1", "i-2", "i-2"]);
  });

  test("random does not put all tasks on one host", () => {
    const world = worldOf({}, {}, {}, {});
    world.create("nginx:1", {
      desiredCount: 12,
      loadBalancers: [],
      placementStrategy: [{ type: "random" }],
    });
    world.pass(20);
    expect(new Set(placesOf(world)).size).toBeGreaterThan(1);
    expect(placesOf(world)).toHaveLength(12);
  });
});

describe("a placement constraint", () => {
  test("memberOf admits the hosts that its expression describes, and an event tells when there are none", () => {
    const world = worldOf({ instanceType: "t3.small" }, { instanceType: "m5.large" });
    world.create("nginx:1", {
      desiredCount: 3,
      loadBalancers: [],
      placementConstraints: [{ type: "memberOf", expression: "attribute:ecs.instance-type =~ m5.*" }],
    });
    world.pass(20);
    expect(placesOf(world)).toEqual(["i-1", "i-1", "i-1"]);
    world.change({
      placementConstraints: [{ type: "memberOf", expression: "attribute:gpu exists" }],
      forceNewDeployment: true,
    });
    world.pass(20);
    expect(world.messages()).toContain(
      `${unplaced} The closest matching (container-instance ${hostIds(world)[0]}) encountered error ` +
        `"MemberOf placement constraint unsatisfied.". ${guide}`,
    );
  });

  test("of the task definition counts as well", () => {
    const world = worldOf({ availabilityZone: "us-east-1a" }, { availabilityZone: "us-east-1b" });
    const arn = world.register("nginx:1", {
      definition: {
        placementConstraints: [
          { type: "memberOf", expression: "attribute:ecs.availability-zone == us-east-1b" },
        ],
      },
    });
    world.createOf(arn, { loadBalancers: [] });
    world.pass(20);
    expect(placesOf(world)).toEqual(["i-1", "i-1"]);
  });

  test("distinctInstance leaves out what does not fit beside a task of the service, and says so", () => {
    const world = worldOf({}, {});
    world.create("nginx:1", {
      desiredCount: 3,
      loadBalancers: [],
      placementConstraints: [{ type: "distinctInstance" }],
    });
    world.pass(20);
    expect(placesOf(world)).toEqual(["i-0", "i-1"]);
    expect(world.messages().join("\n")).toMatch(
      /encountered error "DistinctInstance placement constraint unsatisfied\."/,
    );
  });

  test("that is no expression is refused", () => {
    const world = worldOf({});
    expect(() => {
      world.create("nginx:1", {
        placementConstraints: [{ type: "memberOf", expression: "attribute:stack is prod" }],
      });
    }).toThrow(/Invalid expression|expression/i);
  });
});

describe("a host", () => {
  test("of another architecture than the task definition wants lacks an attribute", () => {
    const world = worldOf({ cpuArchitecture: "arm64" });
    world.create("nginx:1", { loadBalancers: [], desiredCount: 1 });
    world.pass(20);
    expect(placesOf(world)).toEqual(["i-0"]);
    const arn = world.register("nginx:1", { definition: { runtimePlatform: { cpuArchitecture: "X86_64" } } });
    world.change({ taskDefinition: arn });
    world.pass(20);
    expect(world.messages().join("\n")).toContain("is missing an attribute required by your task.");
  });

  test("takes as many tasks in awsvpc mode as its instance type takes network interfaces, less its own", () => {
    const world = worldOf({ maximumInterfaces: 3 });
    world.call(({ state }) => {
      state.ecs.subnets["subnet-1"] = {
        id: "subnet-1",
        cidrBlock: "10.0.0.0/24",
        availabilityZone: "us-east-1a",
        nextAddress: 0,
      };
      return null;
    });
    const arn = world.register("nginx:1", { hostPort: 80, definition: { networkMode: "awsvpc" } });
    world.createOf(arn, {
      desiredCount: 3,
      loadBalancers: [],
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
    });
    world.pass(20);
    expect(world.tasks).toHaveLength(2);
    expect(world.messages().join("\n")).toContain('encountered error "RESOURCE:ENI".');
  });
});

describe("a task that fits nowhere", () => {
  test("counts as failed for the circuit breaker, which goes back to what was", () => {
    const world = worldOf({ memoryMiB: 1000 });
    world.create("nginx:1", {
      desiredCount: 1,
      loadBalancers: [],
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    world.passUntil(() => world.isSteady());
    world.change({ taskDefinition: world.register("nginx:2", { memory: 4000 }) });
    world.passUntil(() => world.messages().some((message) => message.includes("rolling back to deployment")));
    world.passUntil(() => world.isSteady());
    expect(world.running("nginx:1")).toHaveLength(1);
  });
});
