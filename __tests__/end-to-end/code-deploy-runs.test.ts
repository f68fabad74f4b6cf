import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";

import { CodeDeployWorld } from "../helpers/code-deploy-world.ts";
import { askAdmin } from "../helpers/local-admin.ts";

jest.setTimeout(180_000);

let world: CodeDeployWorld;

beforeAll(async () => {
  world = await CodeDeployWorld.start(400);
});

afterAll(async () => {
  await world.stop();
});

test("an update whose CreateDeployment nobody answers finds its deployment, makes no second one, and ends as --wait-until and --no-wait say", async () => {
  const templates = await world.prepare({ name: "lost", settings: { terminationMinutes: 600 } });
  const at = ["--templates", templates, "--timeout", "1h"];
  await world.run(["create", ...at], { image: "nginx:1" });
  const fault = { kind: "drop-after-effect", service: "codedeploy", operation: "CreateDeployment", times: 1 };
  await askAdmin(world.local, "POST", "faults", fault);
  const deployed = await world.run(["update", ...at, "--wait-until", "deployed"], { image: "nginx:2" });
  const creates = deployed.calls.filter(({ name }) => name === "codedeploy:CreateDeployment");
  expect(creates).toMatchObject([{ status: 0 }]);
  const [only, ...others] = await world.deployments("lost");
  expect(others).toEqual([]);
  expect(deployed.report).toMatchObject({
    exitCode: 0,
    services: [
      {
        outcome: "completed",
        deploymentId: only?.deploymentId,
        stillToDo: expect.stringContaining("The old tasks stay until"),
      },
    ],
  });
  expect(only).toMatchObject({ status: "InProgress" });
  expect(await world.weights("lost")).toEqual({ blue: 0, green: 100 });

  const status = await world.run(["status", "lost", "--templates", templates]);
  expect(JSON.parse(status.stdout)).toMatchObject({
    services: [
      {
        codeDeploy: {
          id: only?.deploymentId,
          status: "InProgress",
          revision: "lost:2",
          traffic: { production: 100 },
          oldTasksStay: { until: expect.any(String) },
        },
        next: [{ purpose: "go back", command: `./deploy rollback lost --templates ${templates}` }],
        unread: [],
      },
    ],
  });
  const started = await world.run(["update", ...at, "--no-wait"], { image: "nginx:2" });
  expect(started.report).toMatchObject({
    exitCode: 0,
    services: [{ outcome: "started", deploymentId: only?.deploymentId }],
  });
  expect(await world.deployments("lost")).toHaveLength(1);
});

/** Changes members of a template. */
async function change(file: string, members: object): Promise<void> {
  const template = JSON.parse(await readFile(file, "utf8")) as object;
  await writeFile(file, JSON.stringify({ ...template, ...members }));
}

test("--on-failure rollback-all puts a service back that CodeDeploy deploys, with its settings, over or still under way", async () => {
  // One whose old tasks are soon gone, one whose tasks stay, and one that fails after both.
  const [templates] = await Promise.all([
    world.prepare({ name: "over", settings: { approvalMinutes: 60 } }),
    world.prepare({ name: "stays", settings: { approvalMinutes: 60, terminationMinutes: 600 } }),
    world.prepare({ name: "fails", settings: { approvalMinutes: 60 } }),
  ]);
  for (const name of ["stays", "fails"]) {
    await cp(path.join(world.project, `templates-${name}`, name), path.join(templates, name), {
      recursive: true,
    });
  }
  const at = ["--all", "--templates", templates, "--timeout", "2h"];
  const created = await world.run(["create", ...at], { image: "nginx:1" });
  expect(created.exitCode).toBe(0);

  await change(path.join(templates, "over", "service.json"), { desiredCount: 2 });
  await change(path.join(templates, "fails", "service.json"), { dependsOn: ["over", "stays"] });
  const broken = [
    { name: "app", image: "nginx:2-crash-30", essential: true, portMappings: [{ containerPort: 80 }] },
  ];
  await change(path.join(templates, "fails", "task-definition.json"), { containerDefinitions: broken });
  const how = ["--on-failure", "rollback-all", "--wait-until", "deployed", "--auto-approve-after", "1m"];
  const failed = await world.run(["update", ...at, ...how], { image: "nginx:2" });
  expect(failed.report).toMatchObject({
    exitCode: 1,
    services: [
      { service: "fails", outcome: "failed", rolledBackTo: "fails:1" },
      { service: "over", outcome: "putBack", because: "fails failed", rolledBackTo: "over:1" },
      { service: "stays", outcome: "putBack", because: "fails failed", rolledBackTo: "stays:1" },
    ],
  });
  for (const { service: name, ...more } of failed.report.services) {
    expect(more).not.toHaveProperty("problem");
    expect(await world.weights(name)).toEqual({ blue: 100, green: 0 });
  }
  expect(await world.deployments("over")).toMatchObject([
    { status: "Succeeded" },
    {
      status: "Succeeded",
      description: expect.stringContaining("replaces over:2; put over back: fails failed"),
    },
  ]);
  expect(await world.deployments("stays")).toMatchObject([
    { status: "Stopped" },
    { status: "Succeeded", creator: "codeDeployRollback" },
  ]);
  const { services = [] } = await world.ecs.send(
    new DescribeServicesCommand({ cluster: "test", services: ["over", "stays"], include: ["TAGS"] }),
  );
  expect(services.map(({ desiredCount }) => desiredCount)).toEqual([1, 1]);
  for (const { tags } of services) expect(tags).toContainEqual({ key: "slipway:version", value: "1" });
});
