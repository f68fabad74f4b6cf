import type { PlacementConstraint, PlacementStrategy } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { forecastCheck } from "../../scripts/core/capacity/forecast-check.ts";
import type { Forecast } from "../../scripts/core/capacity/forecast.ts";
import { CapacityWorld, type HostSize } from "../helpers/capacity-world.ts";

/** A service, its update and the cluster that they happen in. */
interface Case {
  readonly hosts: readonly HostSize[];
  readonly desired: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly before: TaskSize;
  readonly after: TaskSize;
  readonly distinct: boolean;
  readonly zone: string | undefined;
  readonly strategy: readonly PlacementStrategy[];
  readonly daemon: boolean;
}

interface TaskSize {
  readonly cpu: number;
  readonly memory: number;
  readonly hostPort: number;
}

const taskSize = fc.record({
  cpu: fc.constantFrom(0, 128, 256, 512),
  memory: fc.constantFrom(64, 128, 256, 384, 512),
  hostPort: fc.constantFrom(0, 0, 8080, 9090),
});

const cases: fc.Arbitrary<Case> = fc.record({
  hosts: fc.array(
    fc.record({ cpu: fc.constantFrom(512, 1024, 2048), memoryMiB: fc.constantFrom(256, 512, 768, 1024) }),
    { minLength: 0, maxLength: 4 },
  ),
  desired: fc.integer({ min: 1, max: 6 }),
  minimum: fc.constantFrom(0, 25, 50, 67, 100),
  maximum: fc.constantFrom(100, 125, 150, 200),
  before: taskSize,
  after: taskSize,
  distinct: fc.boolean(),
  zone: fc.constantFrom(undefined, undefined, "us-east-1a"),
  strategy: fc.constantFrom<PlacementStrategy[]>(
    [],
    [{ type: "spread", field: "attribute:ecs.availability-zone" }],
    [{ type: "spread", field: "instanceId" }],
    [{ type: "binpack", field: "memory" }],
    [{ type: "binpack", field: "cpu" }],
  ),
  daemon: fc.constantFrom(false, false, false, true),
});

/** Those in which no old task may go first, so that many get stuck and have several ways out. */
const tight = cases.map((one): Case => ({ ...one, minimum: 100, maximum: 200, daemon: false }));

function definitionOf({ cpu, memory, hostPort }: TaskSize) {
  return {
    family: "web",
    networkMode: "bridge" as const,
    containerDefinitions: [
      { name: "web", image: "app:1", cpu, memory, portMappings: [{ containerPort: 80, hostPort }] },
    ],
  };
}

function serviceOf({ desired, minimum, maximum, distinct, zone, strategy, daemon }: Case) {
  const placementConstraints: PlacementConstraint[] = [
    ...(distinct ? [{ type: "distinctInstance" as const }] : []),
    ...(zone === undefined
      ? []
      : [{ type: "memberOf" as const, expression: `attribute:ecs.availability-zone == ${zone}` }]),
  ];
  return {
    launchType: "EC2" as const,
    deploymentConfiguration: { minimumHealthyPercent: minimum, maximumPercent: daemon ? 100 : maximum },
    placementConstraints,
    loadBalancers: [],
    ...(daemon
      ? { schedulingStrategy: "DAEMON" as const, desiredCount: undefined }
      : { desiredCount: desired, placementStrategy: [...strategy] }),
  };
}

/** The forecast of bringing the second revision, and whether the scheduler then gets stuck. */
async function update(world: CapacityWorld, one: Case): Promise<{ forecast: Forecast; stuck: boolean }> {
  const definition = definitionOf(one.after);
  const service = { ...serviceOf(one), forceNewDeployment: true };
  const subject = {
    serviceName: "web",
    cluster: "test",
    taskDefinition: definition,
    running: world.describe(),
  };
  const [forecast] = await world.forecast([{ ...subject, service, items: [] }]);
  const { deploymentConfiguration, placementConstraints } = service;
  world.change({
    taskDefinition: world.register("app:2", { definition }),
    deploymentConfiguration,
    placementConstraints,
    forceNewDeployment: true,
  });
  if (forecast === undefined) throw new Error("There is no forecast.");
  return { forecast, stuck: world.isStuck() };
}

/** Creates the service of a case. @returns undefined where it does not even start, which the forecast must know */
async function created(one: Case): Promise<CapacityWorld | undefined> {
  const world = new CapacityWorld(one.hosts);
  const definition = definitionOf(one.before);
  const service = serviceOf(one);
  const subject = { serviceName: "web", cluster: "test", taskDefinition: definition, service, items: [] };
  const [forecast] = await world.forecast([subject]);
  world.createOf(world.register("app:1", { definition }), service);
  const stuck = world.isStuck();
  expect(forecast?.kind === "stuck").toBe(stuck);
  return stuck ? undefined : world;
}

/** The case with one way out taken, read from its sentence; undefined for ways that are no change of the service. */
function taking(way: string, one: Case): Case | undefined {
  const [, member, value = ""] =
    /(minimumHealthyPercent|maximumPercent|hostPort) (\d+) instead/.exec(way) ??
    /()at most (\d+) MiB/.exec(way) ??
    /()()/.exec(way) ??
    [];
  const [, hosts] = /^(\d+) more hosts?/.exec(way) ?? [];
  const like = one.hosts.toSorted((left, right) => right.memoryMiB - left.memoryMiB)[0];
  if (hosts !== undefined && like !== undefined) {
    return { ...one, hosts: [...one.hosts, ...Array.from({ length: Number(hosts) }, () => like)] };
  }
  if (member === "minimumHealthyPercent") return { ...one, minimum: Number(value) };
  if (member === "maximumPercent") return { ...one, maximum: Number(value) };
  if (member === "hostPort") return { ...one, after: { ...one.after, hostPort: Number(value) } };
  if (way.includes("distinctInstance")) return { ...one, distinct: false };
  if (value !== "") return { ...one, after: { ...one.after, memory: Number(value) } };
  return undefined;
}

/** AWS itself refuses a service that can never start nor stop a task. */
function isAccepted({ minimum, maximum, daemon }: Case): boolean {
  return minimum < 100 || (maximum > 100 && !daemon);
}

describe("the capacity forecast of a rollout", () => {
  test("says stuck where the scheduler gets stuck, and only there", async () => {
    const seen = { stuck: 0, fits: 0 };
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        fc.pre(isAccepted(one));
        const world = await created(one);
        if (world === undefined) return;
        const { forecast, stuck } = await update(world, one);
        expect(forecast.kind === "stuck").toBe(stuck);
        seen[stuck ? "stuck" : "fits"] += 1;
      }),
      { numRuns: 150 },
    );
    expect(Math.min(seen.stuck, seen.fits)).toBeGreaterThan(3);
  });

  test("names ways out that the scheduler gets through by", async () => {
    const taken: string[] = [];
    await fc.assert(
      fc.asyncProperty(tight, async (one) => {
        const world = await created(one);
        const found = world && (await update(world, one));
        if (found?.forecast.kind !== "stuck") return;
        for (const way of found.forecast.ways) {
          const changed = taking(way, one);
          if (changed === undefined || changed.hosts.length !== one.hosts.length) continue;
          const again = await created(one);
          if (again === undefined) throw new Error("The same service does not start a second time.");
          expect({ way, stuck: (await update(again, changed)).stuck }).toEqual({ way, stuck: false });
          taken.push(way.replaceAll(/\d+/g, "N"));
        }
      }),
      { numRuns: 250 },
    );
    expect(taken.length).toBeGreaterThan(10);
  });
});

const small: Case = {
  hosts: [
    { cpu: 1024, memoryMiB: 512 },
    { cpu: 1024, memoryMiB: 512 },
  ],
  desired: 2,
  minimum: 100,
  maximum: 200,
  before: { cpu: 128, memory: 128, hostPort: 8080 },
  after: { cpu: 128, memory: 128, hostPort: 8080 },
  distinct: false,
  zone: undefined,
  strategy: [],
  daemon: false,
};

async function running(one: Case): Promise<CapacityWorld> {
  const world = await created(one);
  if (world === undefined) throw new Error("The service does not start.");
  return world;
}

describe("a rollout with a fixed port on every host", () => {
  test("is told with its numbers and with the ways out", async () => {
    const { forecast, stuck } = await update(await running(small), small);
    expect(stuck).toBe(true);
    const check = forecastCheck(forecast, "test", []);
    expect(check.status).toBe("failed");
    expect(check.reason).toContain("0 of 2 new tasks find room, and 2 old ones would stay");
    expect(check.reason).toContain("at least 2 must run (minimumHealthyPercent 100) and at most 4 may");
    expect(check.reason).toContain("Host port 8080 is taken on i-0 (t3.small) and i-1 (t3.small).");
    expect(check.remedy).toContain("1 more host of type t3.small");
    expect(check.remedy).toContain("minimumHealthyPercent 50 instead of 100");
    expect(check.remedy).toContain("hostPort 0 instead of 8080");
    expect(check.remedy).not.toContain("memory");
  });

  test("gets through with one more host, as it says", async () => {
    const world = await running(small);
    const third = { cpu: 1024, memoryMiB: 512 };
    const wider = { ...small, hosts: [...small.hosts, third] };
    world.addHost(third);
    const { forecast, stuck } = await update(world, wider);
    expect({ kind: forecast.kind, stuck }).toEqual({ kind: "fits", stuck: false });
  });

  test("is not stuck where nothing but the count changes, or the definition is the one that runs", async () => {
    const world = await running(small);
    const subject = { serviceName: "web", cluster: "test", running: world.describe(), items: [] };
    const taskDefinition = definitionOf(small.before);
    const unchanged = {
      ...taskDefinition,
      containerDefinitions: [{ ...taskDefinition.containerDefinitions[0], image: "app:1" }],
    };
    const [same] = await world.forecast([
      {
        ...subject,
        taskDefinition: unchanged,
        service: { healthCheckGracePeriodSeconds: 5 },
      },
    ]);
    const revision = { ...taskDefinition, taskDefinitionArn: world.describe().taskDefinition };
    const [fewer] = await world.forecast([
      { ...subject, taskDefinition: revision, service: { desiredCount: 1 } },
    ]);
    const [more] = await world.forecast([
      { ...subject, taskDefinition: revision, service: { desiredCount: 3 } },
    ]);
    const [restart] = await world.forecast([{ ...subject, taskDefinition: revision, service: {} }]);
    expect([same, fewer, more, restart].map((one) => one?.kind)).toEqual(["fits", "fits", "stuck", "stuck"]);
    world.change({ desiredCount: 3 });
    expect(world.isStuck()).toBe(true);
  });

  test("finds no room on a host that drains", async () => {
    const free = { ...small, desired: 1 };
    const world = await running(free);
    const [task] = world.running();
    world.drainOthers(task?.hostId ?? "");
    const { forecast, stuck } = await update(world, free);
    expect({ kind: forecast.kind, stuck }).toEqual({ kind: "stuck", stuck: true });
  });
});

describe("services that share hosts in one run", () => {
  test("are looked at together: each alone would fit, both do not", async () => {
    const world = new CapacityWorld([{ cpu: 1024, memoryMiB: 512 }]);
    const subject = (serviceName: string, memory: number) => ({
      serviceName,
      cluster: "test",
      taskDefinition: { ...definitionOf({ cpu: 0, memory, hostPort: 0 }), family: serviceName },
      service: { launchType: "EC2" as const, desiredCount: 1 },
      items: [],
    });
    const [alone] = await world.forecast([subject("web", 300)]);
    const together = await world.forecast([subject("web", 300), subject("api", 300)]);
    expect(alone?.kind).toBe("fits");
    expect(together.map(({ kind }) => kind)).toEqual(["fits", "stuck"]);
  });
});

describe("a blue/green deployment", () => {
  test("needs room for every new task beside the old ones", async () => {
    const one: Case = {
      ...small,
      before: { ...small.before, hostPort: 0 },
      after: { ...small.after, hostPort: 0 },
    };
    const world = await running(one);
    const forecastOf = async (memory: number): Promise<string | undefined> => {
      const taskDefinition = definitionOf({ ...one.after, memory });
      const service = {
        deploymentConfiguration: { strategy: "BLUE_GREEN" as const, minimumHealthyPercent: 0 },
      };
      const subject = { serviceName: "web", cluster: "test", taskDefinition, service, items: [] };
      const [found] = await world.forecast([
        { ...subject, running: world.describe(), beginsDeployment: true },
      ]);
      return found?.kind;
    };
    // Each of the two hosts has 384 MiB left.
    expect(await forecastOf(384)).toBe("fits");
    expect(await forecastOf(385)).toBe("stuck");
  });
});

describe("a capacity provider with managed scaling", () => {
  const items = [{ capacityProvider: "pool", weight: 1 }];
  const subject = {
    serviceName: "web",
    cluster: "test",
    taskDefinition: definitionOf({ cpu: 0, memory: 400, hostPort: 0 }),
    service: { capacityProviderStrategy: items, desiredCount: 3 },
    items,
  };

  test("adds the hosts that are missing, as far as its group may grow", async () => {
    const world = new CapacityWorld([{ cpu: 1024, memoryMiB: 512 }], "pool");
    expect((await world.forecast([subject], 5))[0]).toMatchObject({
      kind: "grows",
      provider: "pool",
      hosts: 2,
    });
    const [short] = await world.forecast([subject], 1);
    expect(short).toMatchObject({ kind: "stuck" });
    const check = forecastCheck(short ?? { service: "web", kind: "fits", everUnplaced: false }, "test", []);
    expect(check.remedy).toContain(
      "2 more hosts of type t3.small (raise the maximum size of the auto-scaling group",
    );
  });

  test("that has no host yet is trusted to bring some, whose size nobody knows", async () => {
    const world = new CapacityWorld([], "pool");
    expect((await world.forecast([subject], 5))[0]).toMatchObject({ kind: "growsFromNothing", mayAdd: 5 });
    expect((await world.forecast([subject], 0))[0]).toMatchObject({ kind: "stuck" });
  });
});
