import { describe, expect, test } from "@jest/globals";

import { World } from "../helpers/local-world.ts";
import { Watch } from "../helpers/service-invariants.ts";

describe("a rolling update", () => {
  test("starts the new tasks first and completes when the old ones have stopped", () => {
    const world = new World();
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    world.update("nginx:2");
    const [primary, old] = world.describe().deployments ?? [];
    expect(primary).toMatchObject({
      status: "PRIMARY",
      rolloutState: "IN_PROGRESS",
      runningCount: 0,
      pendingCount: 0,
    });
    expect(old).toMatchObject({ status: "ACTIVE", rolloutState: "COMPLETED", runningCount: 2 });

    world.passUntil(() => world.isSteady());
    expect(world.running().map(({ containers }) => containers[0]?.image)).toEqual(["nginx:2", "nginx:2"]);
    expect(world.describe().deployments).toMatchObject([
      {
        id: primary?.id,
        rolloutState: "COMPLETED",
        rolloutStateReason: `ECS deployment ${primary?.id} completed.`,
      },
    ]);
    expect(world.messages().slice(-2)).toEqual([
      `(service web) (deployment ${primary?.id}) deployment completed.`,
      "(service web) has reached a steady state.",
    ]);
  });

  test.each([
    { desired: 3, minimum: 100, maximum: 150, most: 4, fewest: 3 },
    { desired: 3, minimum: 50, maximum: 100, most: 3, fewest: 2 },
    { desired: 5, minimum: 33, maximum: 125, most: 6, fewest: 2 },
    { desired: 2, minimum: 0, maximum: 100, most: 2, fewest: 0 },
  ])(
    "of $desired tasks at $minimum/$maximum % never has more than $most nor fewer than $fewest",
    ({ desired, minimum, maximum, most, fewest }) => {
      const world = new World({ hosts: 3 });
      world.create("nginx:1", {
        desiredCount: desired,
        deploymentConfiguration: { minimumHealthyPercent: minimum, maximumPercent: maximum },
      });
      world.passUntil(() => world.isSteady());
      world.update("nginx:2");
      const counts: number[] = [];
      world.passUntil(() => {
        const live = world.tasks.filter(({ desiredStatus }) => desiredStatus === "RUNNING");
        counts.push(live.length);
        expect(live.length).toBeLessThanOrEqual(most);
        expect(
          world.running().filter(({ desiredStatus }) => desiredStatus === "RUNNING").length,
        ).toBeGreaterThanOrEqual(fewest);
        return world.isSteady();
      });
      expect(Math.max(...counts)).toBe(most);
      expect(world.running("nginx:2")).toHaveLength(desired);
    },
  );

  test("says that the percentages leave it no move, and then waits", () => {
    const world = new World();
    world.create("nginx:1", {
      desiredCount: 1,
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 150 },
    });
    world.passUntil(() => world.isSteady());
    world.update("nginx:2");
    world.pass(600);
    expect(world.running("nginx:1")).toHaveLength(1);
    expect(world.describe().deployments).toHaveLength(2);
    const stuck = world.messages().filter((message) => message.includes("unable to stop or start tasks"));
    expect(stuck).toEqual([
      "(service web) was unable to stop or start tasks during a deployment because of the service deployment " +
        "configuration. Update the minimumHealthyPercent or maximumPercent value and try again.",
    ]);
    world.change({ deploymentConfiguration: { maximumPercent: 200 } });
    world.passUntil(() => world.isSteady());
    expect(world.running("nginx:2")).toHaveLength(1);
  });

  test("is superseded by a second update, whose image is the only one that stays", () => {
    const world = new World();
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    world.update("nginx:2");
    world.pass(15);
    world.update("nginx:3");
    expect(world.describe().deployments?.map(({ status }) => status)).toEqual([
      "PRIMARY",
      "ACTIVE",
      "ACTIVE",
    ]);
    world.passUntil(() => world.isSteady());
    expect(world.running()).toHaveLength(2);
    expect(world.running("nginx:3")).toHaveLength(2);
  });

  test("replaces every task of the same revision when a new deployment is forced", () => {
    const world = new World();
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    const before = world.running().map(({ id }) => id);
    world.change({ forceNewDeployment: true });
    world.passUntil(() => world.isSteady());
    const after = world.running().map(({ id }) => id);
    expect(after).toHaveLength(2);
    expect(after.some((id) => before.includes(id))).toBe(false);
  });

  test("drains an old task for the whole deregistration delay before it is told to stop", () => {
    const world = new World({ deregistrationDelaySeconds: 120 });
    world.create("nginx:1", { desiredCount: 1 });
    world.passUntil(() => world.isSteady());
    world.update("nginx:2");
    const old = () => world.tasks.find(({ containers }) => containers[0]?.image === "nginx:1");
    world.passUntil(() => old()?.lastStatus === "DEACTIVATING");
    expect(world.passUntil(() => old()?.lastStatus === "STOPPING")).toBeGreaterThanOrEqual(119);
    expect(old()).toMatchObject({ stopCode: "ServiceSchedulerInitiated" });
    expect(old()?.stoppedReason).toMatch(/^Scaling activity initiated by \(deployment ecs-svc\/\d{19}\)$/);
  });
});

describe("a change of the desired count", () => {
  test("starts and stops tasks without a new deployment", () => {
    const world = new World();
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    const [deployment] = world.service.deployments;
    world.change({ desiredCount: 4 });
    world.passUntil(() => world.isSteady());
    expect(world.running()).toHaveLength(4);
    world.change({ desiredCount: 1 });
    world.passUntil(() => world.isSteady());
    expect(world.running()).toHaveLength(1);
    expect(world.service.deployments.map(({ id }) => id)).toEqual([deployment?.id]);
  });

  test("takes down the tasks that run but are not healthy yet, and keeps the one that serves", () => {
    const world = new World();
    world.create("nginx:1", { desiredCount: 1 });
    world.passUntil(() => world.isSteady());
    const serving = world.running().map(({ arn }) => arn);
    world.change({ desiredCount: 3 });
    world.passUntil(() => world.running().length === 3);
    world.change({ desiredCount: 1 });
    world.passUntil(() => world.isSteady());
    expect(world.running().map(({ arn }) => arn)).toEqual(serving);
  });
});

describe("a deleted service", () => {
  test("is DRAINING until its last task has stopped, then INACTIVE and still describable", async () => {
    const { deleteService, createService } = await import("../../scripts/local/ecs/api/services.ts");
    const world = new World();
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    expect(() => world.call((call) => deleteService(call, { cluster: "test", service: "web" }))).toThrow(
      "The service cannot be stopped while it is scaled above 0.",
    );
    world.call((call) => deleteService(call, { cluster: "test", service: "web", force: true }));
    expect(world.describe().status).toBe("DRAINING");
    const again = {
      cluster: "test",
      serviceName: "web",
      taskDefinition: "web",
      desiredCount: 1,
    };
    expect(() => world.call((call) => createService(call, again))).toThrow(
      "Unable to Start a service that is still Draining.",
    );
    world.passUntil(() => world.describe().status === "INACTIVE");
    expect(world.running()).toHaveLength(0);
    world.call((call) => createService(call, again));
    expect(world.describe()).toMatchObject({ status: "ACTIVE", desiredCount: 1 });
    expect(() => world.call((call) => createService(call, again))).toThrow(
      "Creation of service was not idempotent.",
    );
  });
});

describe("a rollout that is superseded while its tasks run but are not healthy yet", () => {
  test("does not let the healthy ones go for them", () => {
    const world = new World();
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    const watch = new Watch(world);
    world.update("nginx:unhealthy");
    world.passUntil(() => world.running("nginx:unhealthy").length === 2);
    world.update("nginx:3");
    world.passUntil(() => {
      watch.checkServed("rule");
      return world.isSteady();
    });
    expect(world.running("nginx:3")).toHaveLength(2);
  });
});
