import { describe, expect, test } from "@jest/globals";

import { deleteService } from "../../scripts/local/ecs/api/services.ts";
import {
  deleteTaskDefinitions,
  deregisterTaskDefinition,
} from "../../scripts/local/ecs/api/task-definitions.ts";
import {
  createTaskSet,
  deleteTaskSet,
  describeTaskSets,
  updateServicePrimaryTaskSet,
  updateTaskSet,
} from "../../scripts/local/ecs/api/task-sets.ts";
import { targetGroupArn, World } from "../helpers/local-world.ts";

const service = { cluster: "test", service: "web" };
const percent = (value: number) => ({ scale: { value, unit: "PERCENT" as const } });

class ExternalWorld extends World {
  constructor(desiredCount = 4) {
    super({ hosts: 4 });
    this.createOf("", {
      taskDefinition: undefined,
      loadBalancers: undefined,
      desiredCount,
      deploymentController: { type: "EXTERNAL" },
    });
  }

  add(image: string, input: Partial<Parameters<typeof createTaskSet>[1]> = {}) {
    const taskDefinition = this.register(image);
    const loadBalancers = [{ targetGroupArn, containerName: "web", containerPort: 80 }];
    return this.call((call) => createTaskSet(call, { ...service, taskDefinition, loadBalancers, ...input }))
      .taskSet;
  }

  scale(taskSet: string | undefined, value: number) {
    return this.call((call) => updateTaskSet(call, { ...service, taskSet, ...percent(value) })).taskSet;
  }

  promote(primaryTaskSet: string | undefined) {
    return this.call((call) => updateServicePrimaryTaskSet(call, { ...service, primaryTaskSet })).taskSet;
  }

  remove(taskSet: string | undefined, force = false) {
    return this.call((call) => deleteTaskSet(call, { ...service, taskSet, force })).taskSet;
  }

  described(id: string | undefined) {
    return this.call((call) => describeTaskSets(call, { ...service, taskSets: [id ?? ""] })).taskSets[0];
  }
}

describe("a service with an EXTERNAL controller", () => {
  test("is made without a task definition and runs nothing by itself", () => {
    const world = new ExternalWorld();
    world.pass(300);
    expect(world.tasks).toEqual([]);
    expect(world.describe()).toMatchObject({ taskSets: [], deployments: [], desiredCount: 4 });
    expect(world.describe().taskDefinition).toBeUndefined();
  });

  test.each([
    [{ taskDefinition: "web:1" }, /^TaskDefinition must be blank/],
    [
      { loadBalancers: [{ targetGroupArn: "arn", containerName: "web", containerPort: 80 }] },
      /^LoadBalancers must be empty or null/,
    ],
    [{ launchType: "FARGATE" as const }, /^launchType cannot be specified/],
    [{ schedulingStrategy: "DAEMON" as const }, /^The DAEMON scheduling strategy is not supported/],
  ])("is not made with %j", (input, message) => {
    const world = new World();
    expect(() => {
      const bare = { taskDefinition: undefined, loadBalancers: undefined };
      world.createOf("", { ...bare, deploymentController: { type: "EXTERNAL" }, ...input });
    }).toThrow(message);
  });

  test("keeps its task sets from UpdateService, which may scale them", () => {
    const world = new ExternalWorld();
    const { id } = world.add("nginx:1", percent(50));
    expect(() => {
      world.update("nginx:2");
    }).toThrow(
      "Unable to update task definition on services with a EXTERNAL deployment controller. Create a new task set with CreateTaskSet.",
    );
    world.change({ desiredCount: 6 });
    expect(world.described(id)?.computedDesiredCount).toBe(3);
  });

  test("is deleted with all its task sets", () => {
    const world = new ExternalWorld();
    world.add("nginx:1", percent(100));
    world.passUntil(() => world.service.steady);
    world.call((call) => deleteService(call, { ...service, force: true }));
    world.passUntil(() => world.service.status === "INACTIVE");
    expect(world.running()).toEqual([]);
    expect(world.describe().taskSets).toEqual([]);
  });
});

describe("a task set", () => {
  test("starts at scale 0, and gets its share of the desired count, rounded up", () => {
    const world = new ExternalWorld(3);
    const created = world.add("nginx:1");
    expect(created).toMatchObject({
      status: "ACTIVE",
      stabilityStatus: "STABILIZING",
      scale: { value: 0, unit: "PERCENT" },
      computedDesiredCount: 0,
    });
    expect(created.taskSetArn).toMatch(/:task-set\/test\/web\/ecs-svc\/\d{19}$/);
    expect(world.scale(created.id, 50)).toMatchObject({ computedDesiredCount: 2 });
    world.passUntil(() => world.described(created.id)?.stabilityStatus === "STEADY_STATE");
    expect(world.running()).toHaveLength(2);
    expect(world.running().map(({ startedBy }) => startedBy)).toEqual([created.id, created.id]);
    expect(world.messages()).toContain(
      `(service web) updated computedDesiredCount for taskSet ${created.id} to 2.`,
    );
    expect(world.messages()).toContain(`(service web, taskSet ${created.id}) updated state to STEADY_STATE.`);
    world.scale(created.taskSetArn, 10);
    world.passUntil(() => world.running().length === 1);
  });

  test("is STABILIZING while its tasks are not healthy, and is not held back by another that fails", () => {
    const world = new ExternalWorld(2);
    const bad = world.add("nginx:missing", percent(100));
    const good = world.add("nginx:1", percent(100));
    world.passUntil(() => world.described(good.id)?.stabilityStatus === "STEADY_STATE");
    expect(world.described(bad.id)).toMatchObject({ stabilityStatus: "STABILIZING", runningCount: 0 });
    const failed = world.tasks.filter(({ startedBy }) => startedBy === bad.id);
    world.pass(3600);
    const later = world.tasks.filter(({ startedBy }) => startedBy === bad.id);
    expect(later.length - failed.length).toBeLessThan(20);
  });

  test("replaces a task that dies", () => {
    const world = new ExternalWorld(1);
    const { id } = world.add("nginx:crash", percent(100));
    world.passUntil(() => world.tasks.length >= 3);
    expect(world.described(id)?.stabilityStatus).toBe("STABILIZING");
  });

  test("is primary by UpdateServicePrimaryTaskSet, and what it is made of is the service's", () => {
    const world = new ExternalWorld(2);
    const [first, second] = [world.add("nginx:1", percent(100)), world.add("nginx:2", percent(100))];
    expect(world.promote(first.id).status).toBe("PRIMARY");
    expect(world.describe().taskDefinition).toMatch(/web:1$/);
    expect(world.promote(second.taskSetArn).status).toBe("PRIMARY");
    expect(world.describe().taskDefinition).toMatch(/web:2$/);
    expect(world.describe().loadBalancers?.[0]?.targetGroupArn).toBe(targetGroupArn);
    const { taskSets = [] } = world.describe();
    expect(taskSets.map(({ id, status }) => [id, status])).toEqual([
      [second.id, "PRIMARY"],
      [first.id, "ACTIVE"],
    ]);
  });

  test("is deleted when it is scaled to 0 or by force, DRAINING until its last task stopped", () => {
    const world = new ExternalWorld(2);
    const { id } = world.add("nginx:1", percent(100));
    world.promote(id);
    world.passUntil(() => world.service.steady);
    expect(() => world.remove(id)).toThrow(
      "The primary task set of a service cannot be deleted without force.",
    );
    const other = world.add("nginx:2", percent(50));
    expect(() => world.remove(other.id)).toThrow(
      "The task set cannot be deleted while it is scaled above 0.",
    );
    world.scale(other.id, 0);
    world.remove(other.id);
    expect(world.remove(id, true)).toMatchObject({ status: "DRAINING", computedDesiredCount: 0 });
    expect(world.described(id)?.status).toBe("DRAINING");
    world.passUntil(() => world.service.taskSets.length === 0);
    expect(world.running()).toEqual([]);
    expect(() => world.scale(id, 100)).toThrow(expect.objectContaining({ type: "TaskSetNotFoundException" }));
  });

  test("repeated with its client token is the one that is there; a sixth one is too many", () => {
    const world = new ExternalWorld();
    const first = world.add("nginx:1", { clientToken: "once" });
    expect(world.add("nginx:1", { clientToken: "once" }).id).toBe(first.id);
    for (let index = 0; index < 4; index += 1) world.add("nginx:1");
    expect(() => world.add("nginx:1")).toThrow(
      "5 deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.",
    );
  });

  test("that is not there is a failure to describe; of a service under another controller none can be made", () => {
    const world = new ExternalWorld();
    const { failures } = world.call((call) =>
      describeTaskSets(call, { ...service, taskSets: ["ecs-svc/1"] }),
    );
    expect(failures).toMatchObject([{ reason: "MISSING" }]);
    const ecs = new World();
    ecs.create("nginx:1");
    expect(() => ecs.call((call) => createTaskSet(call, { ...service, taskDefinition: "web" }))).toThrow(
      "Amazon ECS only supports task set management on services configured to use external deployment controllers.",
    );
  });
});

describe("a service under CODE_DEPLOY", () => {
  test("runs its first tasks in a primary task set, and shows no deployment", () => {
    const world = new World();
    world.create("nginx:1", { deploymentController: { type: "CODE_DEPLOY" } });
    world.passUntil(() => world.service.steady);
    const [taskSet] = world.describe().taskSets ?? [];
    expect(taskSet).toMatchObject({ status: "PRIMARY", scale: { value: 100 }, runningCount: 2 });
    expect(taskSet?.externalId).toBeUndefined();
    expect(world.describe().deployments).toEqual([]);
    world.change({ desiredCount: 3, healthCheckGracePeriodSeconds: 60 });
    world.passUntil(() => world.service.steady);
    expect(world.running()).toHaveLength(3);
  });

  test.each([
    [{ taskDefinition: "web" }, "Unable to update task definition"],
    [
      { networkConfiguration: { awsvpcConfiguration: { subnets: [] } } },
      "Unable to update network parameters",
    ],
    [{ loadBalancers: [] }, "Unable to update load balancers"],
    [{ forceNewDeployment: true }, "Cannot force a new deployment"],
  ])("refuses %j", (input, message) => {
    const world = new World();
    world.create("nginx:1", { deploymentController: { type: "CODE_DEPLOY" } });
    expect(() => {
      world.change(input);
    }).toThrow(
      `${message} on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.`,
    );
  });
});

describe("a task set", () => {
  test.each([
    [
      { capacityProviderStrategy: [{ capacityProvider: "nobody", weight: 1 }], launchType: undefined },
      /^The specified capacity provider does not exist/,
    ],
    [{ tags: [{ key: "aws:mine", value: "1" }] }, /^Tag keys beginning with 'aws:' are reserved/],
  ])("is not made with %j", (input, message) => {
    const world = new ExternalWorld();
    expect(() => world.add("nginx:1", input)).toThrow(message);
    expect(world.service.taskSets).toEqual([]);
  });

  test("keeps the revision that it runs from being deleted", () => {
    const world = new ExternalWorld(2);
    const { taskDefinition } = world.add("nginx:1", percent(100));
    world.call((call) => deregisterTaskDefinition(call, { taskDefinition }));
    world.call((call) => deleteTaskDefinitions(call, { taskDefinitions: [taskDefinition ?? ""] }));
    world.passUntil(() => world.running("nginx:1").length === 2);
    expect(world.state.ecs.taskDefinitions["web:1"]?.status).toBe("DELETE_IN_PROGRESS");
    world.call((call) => deleteService(call, { ...service, force: true }));
    world.pass(2 * 3600);
    expect(world.state.ecs.taskDefinitions["web:1"]).toBeUndefined();
  });
});
