import { StopDeploymentCommand } from "@aws-sdk/client-codedeploy";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { CodeDeployWorld } from "../helpers/code-deploy-world.ts";

jest.setTimeout(120_000);

let world: CodeDeployWorld;

beforeAll(async () => {
  world = await CodeDeployWorld.start(300);
});

afterAll(async () => {
  await world.stop();
});

/** Types of the events of `--events`, as standard error tells them in text. */
function told(stderr: string): string {
  return stderr.replaceAll(/^\S+Z {2}/gm, "");
}

describe("a service under CODE_DEPLOY", () => {
  test("is created with its deployment group, and updated by a deployment that moves all traffic", async () => {
    const templates = await world.prepare({ name: "plain" });
    const at = ["--templates", templates, "--timeout", "1h"];
    const created = await world.run(["create", ...at], { image: "nginx:1" });
    expect(created.report).toMatchObject({
      exitCode: 0,
      services: [{ outcome: "completed", revision: "plain:1" }],
    });
    expect(told(created.stderr)).toContain("CodeDeploy's deployment group plain was made");

    const updated = await world.run(["update", ...at], { image: "nginx:2" });
    expect(updated.report).toMatchObject({
      exitCode: 0,
      services: [{ outcome: "completed", revision: "plain:2", images: ["nginx:2"] }],
    });
    expect(told(updated.stderr)).toContain("AllowTraffic Succeeded");
    expect(told(updated.stderr)).toContain("100 % of the production traffic goes to the new version");
    expect(await world.weights("plain")).toEqual({ blue: 0, green: 100 });
    expect(await world.deployments("plain")).toMatchObject([{ status: "Succeeded" }]);

    const again = await world.run(["update", ...at], { image: "nginx:2" });
    expect(again.report).toMatchObject({ exitCode: 0, services: [{ outcome: "nothingToDo" }] });
    const back = await world.run(["rollback", "plain", ...at]);
    expect(back.report).toMatchObject({
      exitCode: 0,
      services: [{ outcome: "completed", revision: "plain:1", images: ["nginx:1"] }],
    });
    expect(await world.weights("plain")).toEqual({ blue: 100, green: 0 });
    const further = await world.run(["rollback", "plain", ...at]);
    expect(further.report).toMatchObject({ exitCode: 0, services: [{ outcome: "nothingToDo" }] });
    const restarted = await world.run(["restart", "plain", ...at]);
    expect(restarted.report).toMatchObject({
      exitCode: 0,
      services: [{ outcome: "completed", revision: "plain:1" }],
    });
    const scaled = await world.run(["scale", "plain", "--count", "2", ...at]);
    expect(scaled.report).toMatchObject({ exitCode: 0, services: [{ outcome: "completed" }] });
    expect(await world.deployments("plain")).toHaveLength(3);
  });

  test("waits for approval where its group asks for it, which activate gives", async () => {
    const templates = await world.prepare({ name: "asks", settings: { approvalMinutes: 600 } });
    const at = ["--templates", templates, "--timeout", "2h"];
    await world.run(["create", ...at], { image: "nginx:1" });
    const early = await world.run(["activate", "asks", ...at]);
    expect(early.exitCode).toBe(4);

    const paused = await world.run(["update", ...at, "--wait-until", "paused"], { image: "nginx:2" });
    expect(paused.report).toMatchObject({ exitCode: 0, services: [{ outcome: "paused", stage: "Ready" }] });
    expect(await world.weights("asks")).toEqual({ blue: 1 });
    const other = await world.run(["update", ...at], { image: "nginx:3" });
    expect(other.exitCode).toBe(4);
    expect(other.stderr).toContain("./deploy activate asks");

    const approved = await world.run(["activate", "asks", ...at]);
    expect(approved.report).toMatchObject({
      exitCode: 0,
      services: [{ outcome: "completed", revision: "asks:2" }],
    });
    expect(await world.weights("asks")).toEqual({ blue: 0, green: 100 });
    const twice = await world.run(["activate", "asks", ...at]);
    expect(twice.report).toMatchObject({ exitCode: 0, services: [{ outcome: "nothingToDo" }] });

    const third = await world.run(["update", ...at, "--auto-approve-after", "2m"], { image: "nginx:3" });
    expect(third.report).toMatchObject({ exitCode: 0, services: [{ outcome: "completed" }] });
  });

  test("moves traffic as --deployment-config says, and goes back from the middle of it", async () => {
    const templates = await world.prepare({ name: "canary" });
    const at = ["--templates", templates, "--timeout", "2h"];
    await world.run(["create", ...at], { image: "nginx:1" });
    const config = ["--deployment-config", "CodeDeployDefault.ECSCanary10Percent15Minutes"];
    const started = await world.run(["update", ...at, ...config, "--no-wait"], { image: "nginx:2" });
    expect(started.report).toMatchObject({ exitCode: 0, services: [{ outcome: "started" }] });
    while ((await world.weights("canary"))["green"] !== 10)
      await new Promise((done) => setTimeout(done, 100));

    const back = await world.run(["rollback", "canary", ...at]);
    expect(back.report).toMatchObject({
      exitCode: 0,
      services: [{ outcome: "completed", revision: "canary:1" }],
    });
    expect(await world.weights("canary")).toEqual({ blue: 100, green: 0 });
    expect(await world.deployments("canary")).toMatchObject([
      { status: "Stopped" },
      { status: "Succeeded", creator: "codeDeployRollback" },
    ]);
    const again = await world.run(["rollback", "canary", ...at]);
    expect(again.report).toMatchObject({ exitCode: 0, services: [{ outcome: "nothingToDo" }] });
  });

  test("that fails to come up is rolled back, explained, and ends with 1", async () => {
    const templates = await world.prepare({ name: "broken" });
    const at = ["--templates", templates, "--timeout", "2h"];
    await world.run(["create", ...at], { image: "nginx:1" });
    const failed = await world.run(["update", ...at], { image: "nginx:2-crash-30" });
    expect(failed.report).toMatchObject({
      exitCode: 1,
      services: [
        {
          outcome: "failed",
          failedRevision: "broken:2",
          rolledBackTo: "broken:1",
          reason: expect.stringContaining("failed to start or to get healthy"),
          diagnoses: [{ kind: expect.any(String) }],
        },
      ],
    });
    expect(await world.deployments("broken")).toMatchObject([{ status: "Stopped" }, { status: "Succeeded" }]);
  });

  test("whose deployment somebody stops ends with 1 and what AWS says", async () => {
    const templates = await world.prepare({ name: "stopped", settings: { approvalMinutes: 600 } });
    const at = ["--templates", templates, "--timeout", "2h"];
    await world.run(["create", ...at], { image: "nginx:1" });
    const running = world.run(["update", ...at], { image: "nginx:2" });
    let [only] = await world.deployments("stopped");
    while (only?.status !== "Ready") [only] = await world.deployments("stopped");
    await world.codeDeploy.send(new StopDeploymentCommand({ deploymentId: only.deploymentId }));
    const ended = await running;
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain("manually stopped");
  });
});
