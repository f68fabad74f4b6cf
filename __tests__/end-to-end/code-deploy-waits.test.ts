import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";

import { CodeDeployWorld } from "../helpers/code-deploy-world.ts";
import { askAdmin } from "../helpers/local-admin.ts";

jest.setTimeout(120_000);

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
