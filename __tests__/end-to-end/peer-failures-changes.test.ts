/** Failures of today's tools in what they change, each one a case that must come out right here. */
import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { count, DeployWorld } from "../helpers/deploy-world.ts";
import { timelineOf } from "../helpers/local-admin.ts";
import { breaker, describeService } from "../helpers/steady-services.ts";

const minutes = 60_000;
let world: DeployWorld;

beforeAll(async () => {
  world = await DeployWorld.start(100);
}, 2 * minutes);

afterAll(() => world.stop());

async function revisionsOf(family: string, status?: "INACTIVE"): Promise<number> {
  const { taskDefinitionArns = [] } = await world.ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: family, ...(status === undefined ? {} : { status }) }),
  );
  return taskDefinitionArns.length;
}

describe("peer failure 5, text surgery on images: they are read as references", () => {
  const digest = `sha256:${"7".repeat(64)}`;

  /** The images of the revision that the service runs. */
  async function imagesOf(name: string): Promise<readonly (string | undefined)[]> {
    const service = await describeService(world.ecs, name);
    const { taskDefinition } = await world.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: service?.taskDefinition }),
    );
    return (taskDefinition?.containerDefinitions ?? []).map(({ image }) => image);
  }

  test(
    "a tag takes a digest's place, and a registry's port stays",
    async () => {
      const otherContainers = [
        { name: "side", image: "registry:5000/side" },
        { name: "pinned", image: `team/pinned@${digest}` },
      ];
      await world.services([{ name: "references", otherContainers }], ["team/app:1"]);
      const run = await world.run([
        "-c",
        "test",
        "-n",
        "references",
        "-i",
        "ignore",
        "-to",
        "7",
        "-t",
        "36000",
      ]);
      expect(run).toMatchObject({ exitCode: 0 });
      expect(await imagesOf("references")).toEqual(["team/app:7", "registry:5000/side:7", "team/pinned:7"]);
    },
    2 * minutes,
  );

  test(
    "an image that no container has is refused and registers nothing, also where its name is the end of one",
    async () => {
      const otherContainers = [{ name: "side", image: "registry:5000/side" }];
      await world.services([{ name: "no-match", otherContainers }], ["team/app:1"]);
      for (const image of ["app:2", "registry:7", "other/thing:2"]) {
        const run = await world.run(["-c", "test", "-n", "no-match", "-i", image]);
        expect(run.exitCode).toBe(2);
        expect(run.stderr).toContain("team/app:1");
      }
      expect(await revisionsOf("no-match")).toBe(1);
    },
    2 * minutes,
  );
});

test(
  "peer failure 7, two UpdateService calls in one deploy: one call does it all, and its deployment is the one that is waited for",
  async () => {
    const name = "one-call";
    const templates = await world.services([{ name }], ["app:1"]);
    await world.service(templates, { name, desiredCount: 2, deploymentConfiguration: breaker });
    const run = await world.run(["update", "--templates", templates], { image: "app:2" });
    expect(run).toMatchObject({ exitCode: 0, report: { services: [{ outcome: "completed" }] } });
    expect(count(run.calls, "ecs:UpdateService")).toBe(1);
    expect(count(run.calls, "ecs:RegisterTaskDefinition")).toBe(1);
    const state = await world.states.of(name, "app");
    expect(state).toMatchObject({
      desired: 2,
      deployments: ["PRIMARY COMPLETED 2/2 of revision 2"],
      rollouts: ["SUCCESSFUL", "SUCCESSFUL"],
    });
  },
  2 * minutes,
);

describe("peer failure 9, orphan revisions: nothing is registered", () => {
  test("for a service that does not exist", async () => {
    const templates = await world.services([{ name: "nobody" }], []);
    const run = await world.run(["update", "--templates", templates], { image: "app:1" });
    expect(run.exitCode).toBe(4);
    expect(await revisionsOf("nobody")).toBe(0);
    expect(run.calls.filter(({ name }) => /:(Register|Create|Update|Tag)/.test(name))).toEqual([]);
  });

  test("for a fleet of which one service does not exist", async () => {
    const templates = await world.services([{ name: "half-there" }], ["app:1"]);
    await world.service(templates, { name: "half-missing" });
    const run = await world.run(["update", "--all", "--templates", templates], { image: "app:2" });
    expect(run.exitCode).toBe(4);
    expect(await revisionsOf("half-there")).toBe(1);
    expect(await world.states.of("half-there", "app")).toMatchObject({ rollouts: ["SUCCESSFUL"], locks: [] });
  });

  test("for a definition that has not changed, and for one that does not parse", async () => {
    const templates = await world.services([{ name: "unchanged" }], ["app:1"]);
    const same = await world.run(["update", "--templates", templates], { image: "app:1" });
    expect(same).toMatchObject({ exitCode: 0, report: { services: [{ outcome: "nothingToDo" }] } });
    const broken = await world.run(["update", "--templates", templates], { image: "app:1:2" });
    expect(broken).toMatchObject({ exitCode: 2, calls: [] });
    expect(await revisionsOf("unchanged")).toBe(1);
  });
});

test(
  "peer failure 10, rollback: to the revision that was last deployed and steady, waited for, and none is deregistered",
  async () => {
    const name = "goes-back";
    const templates = await world.services([{ name, deploymentConfiguration: breaker }], ["app:1"]);
    // Revision 2 is registered and never deployed, 3 runs, and 4 was deployed and failed.
    await world.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: name,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "256",
        memory: "512",
        containerDefinitions: [{ name: "app", image: "app:registered-only" }],
      }),
    );
    expect(await world.run(["update", "--templates", templates], { image: "app:3" })).toMatchObject({
      exitCode: 0,
    });
    expect(await world.run(["update", "--templates", templates], { image: "app:4-crash" })).toMatchObject({
      exitCode: 1,
    });
    expect(await world.states.of(name, "app")).toMatchObject({
      deployments: ["PRIMARY COMPLETED 1/1 of revision 3"],
    });

    const back = await world.run(["rollback", "--templates", templates]);
    expect(back).toMatchObject({ exitCode: 0, report: { services: [{ outcome: "completed" }] } });
    expect(await world.states.of(name, "app")).toMatchObject({
      deployments: ["PRIMARY COMPLETED 1/1 of revision 1"],
      activeRevisions: 4,
    });
    expect(await revisionsOf(name, "INACTIVE")).toBe(0);

    // And with pruning asked for, the one in use stays although it is the oldest.
    const pruned = await world.run(["revisions", name, "--keep-revisions", "1", "--templates", templates]);
    expect(pruned.exitCode).toBe(0);
    const { taskDefinition } = await world.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: `${name}:1` }),
    );
    expect(taskDefinition).toMatchObject({ status: "ACTIVE" });
  },
  3 * minutes,
);

test(
  "peer failure 11, one service a run: several come in order, in one run with one view of AWS",
  async () => {
    const templates = await world.services(
      [{ name: "both-first" }, { name: "both-second", dependsOn: ["both-first"] }],
      ["app:1"],
    );
    const run = await world.run(["update", "--all", "--templates", templates], { image: "app:2" });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.report.services.map(({ outcome }) => outcome)).toEqual(["completed", "completed"]);
    const entries = await timelineOf(world.local, "type=call,deployment");
    const told = entries.flatMap(({ operation, about, definition, rollout }) => {
      if (operation === "UpdateService") return (about as { service: string }).service;
      return rollout === "COMPLETED" ? (definition as string) : [];
    });
    const ours = told.filter((one) => /^both-\w+(:2)?$/.test(one));
    expect(ours).toEqual(["both-first", "both-first:2", "both-second", "both-second:2"]);
  },
  2 * minutes,
);
