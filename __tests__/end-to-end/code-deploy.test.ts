import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  PutLifecycleEventHookExecutionStatusCommand,
  StopDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { CodeDeployWorld } from "../helpers/code-deploy-world.ts";

jest.setTimeout(120_000);

let world: CodeDeployWorld;

beforeAll(async () => {
  world = await CodeDeployWorld.start(300, { hooks: { judge } });
});

afterAll(async () => {
  await world.stop();
});

/** The Lambda function of the tests, which finds fault with everything. */
async function judge(event: unknown): Promise<void> {
  const { DeploymentId, LifecycleEventHookExecutionId } = event as Record<string, string>;
  await world.codeDeploy.send(
    new PutLifecycleEventHookExecutionStatusCommand({
      deploymentId: DeploymentId,
      lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
      status: "Failed",
    }),
  );
}

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
      services: [{ outcome: "completed", revision: "asks:2", images: ["nginx:2"] }],
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
    // The slowest that there is, so that a busy machine is in the midst of it still.
    const config = ["--deployment-config", "CodeDeployDefault.ECSLinear10PercentEvery3Minutes"];
    const started = await world.run(["update", ...at, ...config, "--no-wait"], { image: "nginx:2" });
    expect(started.report).toMatchObject({ exitCode: 0, services: [{ outcome: "started" }] });
    while (!((await world.weights("canary"))["green"] ?? 0)) {
      await new Promise((done) => setTimeout(done, 100));
    }

    const back = await world.run(["rollback", "canary", ...at]);
    expect(back.report).toMatchObject({
      exitCode: 0,
      services: [{ outcome: "completed", revision: "canary:1", images: ["nginx:1"] }],
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

  test("is judged by the hooks of its appspec.yaml", async () => {
    const templates = await world.prepare({
      name: "hooked",
      appSpec: "Hooks:\n  - BeforeAllowTraffic: judge\n",
    });
    const at = ["--templates", templates, "--timeout", "2h"];
    await world.run(["create", ...at], { image: "nginx:1" });
    const failed = await world.run(["update", ...at], { image: "nginx:2" });
    expect(failed.report).toMatchObject({
      exitCode: 1,
      services: [
        {
          outcome: "failed",
          rolledBackTo: "hooked:1",
          reason: expect.stringContaining("BeforeAllowTraffic"),
        },
      ],
    });
  });

  test("whose alarm rings is stopped and rolled back by CodeDeploy, and says so", async () => {
    const cloudWatch = new CloudWatchClient(world.settings);
    const alarm = {
      AlarmName: "rings-5xx",
      Namespace: "AWS/ApplicationELB",
      MetricName: "HTTPCode_Target_5XX_Count",
    };
    const rule = { Period: 60, EvaluationPeriods: 1, Threshold: 1, Statistic: "Sum" as const };
    const ComparisonOperator = "GreaterThanThreshold" as const;
    await cloudWatch.send(new PutMetricAlarmCommand({ ...alarm, ...rule, ComparisonOperator }));
    const templates = await world.prepare({ name: "rings", alarms: ["rings-5xx"] });
    const at = ["--templates", templates, "--timeout", "2h"];
    await world.run(["create", ...at], { image: "nginx:1" });
    const config = ["--deployment-config", "CodeDeployDefault.ECSCanary10Percent15Minutes"];
    const running = world.run(["update", ...at, ...config], { image: "nginx:2" });
    while ((await world.weights("rings"))["green"] !== 10) await new Promise((done) => setTimeout(done, 50));
    await cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName: "rings-5xx", StateValue: "ALARM", StateReason: "errors" }),
    );
    const ended = await running;
    expect(ended.report).toMatchObject({
      exitCode: 1,
      services: [
        { outcome: "failed", rolledBackTo: "rings:1", reason: expect.stringContaining("ALARM_ACTIVE") },
      ],
    });
    expect(await world.weights("rings")).toEqual({ blue: 100, green: 0 });
  });

  test("is listed by deployments, and deleted with its group", async () => {
    const templates = await world.prepare({ name: "gone" });
    const at = ["--templates", templates, "--timeout", "2h"];
    await world.run(["create", ...at], { image: "nginx:1" });
    await world.run(["update", ...at], { image: "nginx:2" });
    const listed = await world.run(["deployments", "gone", "--templates", templates]);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      application: "test",
      group: "gone",
      deployments: [{ revision: "gone:2", status: "Succeeded", trafficPercent: 100 }],
    });
    const same = await world.run(["diff", "--templates", templates, "--exit-code"], { image: "nginx:2" });
    expect(same.exitCode).toBe(0);
    const deleted = await world.run(["delete", "gone", "--confirm", "gone", "--templates", templates]);
    expect(deleted.exitCode).toBe(0);
    expect(told(deleted.stderr)).toContain(
      "CodeDeploy's deployment group gone of application test was deleted",
    );
  });

  test("refuses what does not fit, before anything is written", async () => {
    const templates = await world.prepare({ name: "fits" });
    const at = ["--templates", templates];
    await world.run(["create", ...at], { image: "nginx:1" });
    const refused = async (...args: readonly string[]) => {
      const { exitCode, stderr, calls } = await world.run([...args, ...at], { image: "nginx:2" });
      const writes = calls.filter(({ name }) => /:(Create|Update|Register|Stop|Continue)/.test(name));
      expect(writes).toEqual([]);
      return { exitCode, stderr };
    };
    expect(await refused("update", "--deployment-config", "None")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("CodeDeploy knows no deployment configuration None"),
    });
    expect(await refused("update", "--wait-until", "paused")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("go on by themselves"),
    });
    expect(await refused("update", "--auto-approve-after", "5m")).toMatchObject({ exitCode: 2 });
    expect(await refused("activate", "fits", "--canary", "10%")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--deployment-config"),
    });
    expect(await refused("rollback", "fits")).toMatchObject({ exitCode: 4 });
  });
});
