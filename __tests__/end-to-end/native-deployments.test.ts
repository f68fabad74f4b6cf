import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { UpdateServiceCommand, type DeploymentLifecycleHook } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { DeploymentEvent } from "../../scripts/core/events.ts";
import { infrastructureRoleArn, NativeDeployWorld } from "../helpers/native-deploy-world.ts";

jest.setTimeout(180_000);

const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
/** In minutes: at this file's speed twelve seconds, enough for a look or for the start of another run. */
const longBake = 60;
const blueGreen = { strategy: "BLUE_GREEN" as const, ...breaker };

let world: NativeDeployWorld;
/** What the local hook function answers. */
let hookStatus = "SUCCEEDED";

beforeAll(async () => {
  world = await NativeDeployWorld.start(300, { check: () => ({ hookStatus }) });
}, 120_000);

afterAll(async () => {
  await world.stop();
}, 60_000);

type EventOf<Type extends DeploymentEvent["type"]> = Extract<DeploymentEvent, { type: Type }>;

function of<Type extends DeploymentEvent["type"]>(
  events: readonly DeploymentEvent[],
  type: Type,
): EventOf<Type>[] {
  // The filter leaves events of that type alone.
  return events.filter((event) => event.type === type) as EventOf<Type>[];
}

function production(events: readonly DeploymentEvent[]): number[] {
  return of(events, "trafficShifted")
    .filter((event) => event.of === "production")
    .map(({ percent }) => percent);
}

describe("create and update", () => {
  test("of BLUE_GREEN complete with all traffic on the new version's target group, and tell stages and shifts", async () => {
    const site = await world.site({ deploymentConfiguration: { ...blueGreen, bakeTimeInMinutes: 10 } });
    const created = await world.run(["create"], site, "web:1");
    expect(created.ended[site.name]).toMatchObject({ outcome: "completed", revision: `${site.name}:1` });
    expect(created.exitCode).toBe(0);

    const updated = await world.run(["update"], site, "web:2");
    expect(updated.exitCode).toBe(0);
    expect(updated.ended[site.name]).toMatchObject({ outcome: "completed", revision: `${site.name}:2` });
    const stages = of(updated.events, "lifecycle").map(({ stage }) => stage);
    expect(stages).toEqual(expect.arrayContaining(["SCALE_UP", "BAKE_TIME", "CLEAN_UP"]));
    expect(stages.indexOf("SCALE_UP")).toBeLessThan(stages.indexOf("BAKE_TIME"));
    expect(production(updated.events)).toEqual([100]);
    const { advancedConfiguration } = site.loadBalancer;
    expect(await world.share(site, advancedConfiguration?.alternateTargetGroupArn)).toBe(100);
    expect((await world.deployment(site)).status).toBe("SUCCESSFUL");
  });

  test("of CANARY and LINEAR tell every step, wait as long as the strategy asks besides --timeout, and call AWS rarely", async () => {
    const canary = await world.site({
      deploymentConfiguration: {
        ...breaker,
        strategy: "CANARY",
        bakeTimeInMinutes: 10,
        canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 8 },
      },
    });
    const linear = await world.site({
      deploymentConfiguration: {
        ...breaker,
        strategy: "LINEAR",
        linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 5 },
      },
    });
    await Promise.all([world.run(["create"], canary, "web:1"), world.run(["create"], linear, "web:1")]);
    const [first, second] = await Promise.all([
      world.run(["update", "--timeout", "10m"], canary, "web:2"),
      world.run(["update", "--timeout", "10m"], linear, "web:2"),
    ]);
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(production(first.events)).toEqual([20, 100]);
    expect(production(second.events)).toEqual([40, 80, 100]);
    const took = of(first.events, "ended")[0];
    expect(took).toMatchObject({ outcome: "completed" });
    expect(took?.outcome === "completed" ? took.seconds : 0).toBeGreaterThan(18 * 60);
    const looks = first.calls.filter(({ name }) => name.startsWith("ecs:Describe"));
    expect(looks.length).toBeLessThan(150);
  });
});

describe("a version that fails", () => {
  test("is rolled back by the circuit breaker and explained by its own stopped tasks; production never moves", async () => {
    const site = await world.site({ deploymentConfiguration: blueGreen });
    await world.run(["create"], site, "web:1");
    const { exitCode, ended, events } = await world.run(["update"], site, "web:2-crash");
    expect(exitCode).toBe(1);
    expect(ended[site.name]).toMatchObject({
      outcome: "failed",
      reason: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
      failedRevision: `${site.name}:2`,
      rolledBackTo: `${site.name}:1`,
      diagnoses: [{ kind: "crashed", cause: expect.stringContaining("web:2-crash") }],
    });
    expect(production(events)).toEqual([]);
  });

  test("is rolled back by the run where ECS has no circuit breaker, by stopping the one deployment", async () => {
    const site = await world.site({ deploymentConfiguration: { strategy: "BLUE_GREEN" } });
    await world.run(["create"], site, "web:1");
    const { exitCode, ended, calls } = await world.run(["update"], site, "web:2-crash");
    expect(exitCode).toBe(1);
    expect(ended[site.name]).toMatchObject({ outcome: "failed", rolledBackTo: `${site.name}:1` });
    expect(calls.filter(({ name }) => name === "ecs:UpdateService")).toHaveLength(1);
    expect(calls.filter(({ name }) => name === "ecs:StopServiceDeployment")).toHaveLength(1);
    expect((await world.deployment(site)).status).toBe("ROLLBACK_SUCCESSFUL");
  });

  test("is left to try on with --no-rollback", async () => {
    const site = await world.site({ deploymentConfiguration: { strategy: "BLUE_GREEN" } });
    await world.run(["create"], site, "web:1");
    const { exitCode, ended, calls } = await world.run(["update", "--no-rollback"], site, "web:2-crash");
    expect(exitCode).toBe(1);
    expect(ended[site.name]).not.toHaveProperty("rolledBackTo");
    expect(calls.filter(({ name }) => name === "ecs:StopServiceDeployment")).toEqual([]);
    expect((await world.deployment(site)).status).toBe("IN_PROGRESS");
  });

  test("during the bake time rings an alarm, which takes the traffic back and is named", async () => {
    const alarms = new CloudWatchClient(world.settings);
    const AlarmName = "site-5xx";
    await alarms.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: "AWS/ApplicationELB",
        MetricName: "HTTPCode_Target_5XX_Count",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "GreaterThanThreshold",
      }),
    );
    const alarm = (StateValue: "OK" | "ALARM") =>
      alarms.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: "the test says so" }));
    await alarm("OK");
    const site = await world.site({
      deploymentConfiguration: {
        ...blueGreen,
        bakeTimeInMinutes: longBake,
        alarms: { alarmNames: [AlarmName], enable: true, rollback: true },
      },
    });
    await world.run(["create"], site, "web:1");
    const updating = world.run(["update"], site, "web:2");
    await world.until(
      site,
      ({ lifecycleStage, status }) => lifecycleStage === "BAKE_TIME" && status === "IN_PROGRESS",
    );
    await alarm("ALARM");
    const { exitCode, ended, events } = await updating;
    expect(exitCode).toBe(1);
    expect(ended[site.name]).toMatchObject({
      outcome: "failed",
      rolledBackTo: `${site.name}:1`,
      diagnoses: [{ kind: "alarm", cause: expect.stringContaining(AlarmName) }],
    });
    expect(production(events)).toEqual([100, 0]);
    alarms.destroy();
  });

  test("by the word of a Lambda hook says which hook, at which stage, and what it answered", async () => {
    const hook: DeploymentLifecycleHook = {
      hookTargetArn: "arn:aws:lambda:us-east-1:123456789012:function:check",
      roleArn: infrastructureRoleArn,
      lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
    };
    const site = await world.site({ deploymentConfiguration: { ...blueGreen, lifecycleHooks: [hook] } });
    await world.run(["create"], site, "web:1");
    hookStatus = "FAILED";
    const { exitCode, ended } = await world.run(["update"], site, "web:2");
    hookStatus = "SUCCEEDED";
    expect(exitCode).toBe(1);
    expect(ended[site.name]).toMatchObject({
      outcome: "failed",
      rolledBackTo: `${site.name}:1`,
      diagnoses: [
        { kind: "hook", cause: "Lifecycle hook check at stage POST_TEST_TRAFFIC_SHIFT answered FAILED." },
      ],
    });
  });

  test("of a fleet has what had completed put back through its strategy with --on-failure rollback-all", async () => {
    const good = await world.site({ deploymentConfiguration: blueGreen });
    const bad = await world.site(
      { deploymentConfiguration: blueGreen, dependsOn: [good.name] },
      good.templates,
    );
    await world.run(["create", "--all"], good, "web:1");
    await world.write(bad, {
      deploymentConfiguration: blueGreen,
      dependsOn: [good.name],
      image: "web:2-crash",
    });
    const both = await world.run(["update", "--all", "--on-failure", "rollback-all"], bad, "web:2");
    expect(both.exitCode).toBe(1);
    expect(both.ended[bad.name]).toMatchObject({ outcome: "failed", rolledBackTo: `${bad.name}:1` });
    expect(both.ended[good.name]).toMatchObject({ outcome: "putBack", rolledBackTo: `${good.name}:1` });
  });
});

describe("a newer deployment, or an interruption", () => {
  test("of somebody else is told as having replaced ours", async () => {
    const site = await world.site({ deploymentConfiguration: { ...blueGreen, bakeTimeInMinutes: longBake } });
    await world.run(["create"], site, "web:1");
    const updating = world.run(["update"], site, "web:2");
    await world.until(
      site,
      ({ lifecycleStage, status }) => lifecycleStage === "BAKE_TIME" && status === "IN_PROGRESS",
    );
    await world.ecs.send(
      new UpdateServiceCommand({ cluster: "test", service: site.name, taskDefinition: `${site.name}:1` }),
    );
    const { exitCode, ended } = await updating;
    expect(exitCode).toBe(1);
    expect(ended[site.name]).toMatchObject({ outcome: "superseded", byRevision: `${site.name}:1` });
  });

  test("by Ctrl-C leaves the deployment to ECS, and the same command takes it up", async () => {
    const site = await world.site({ deploymentConfiguration: { ...blueGreen, bakeTimeInMinutes: longBake } });
    await world.run(["create"], site, "web:1");
    const updating = world.start(["update"], site, "web:2");
    await world.until(
      site,
      ({ lifecycleStage, status }) => lifecycleStage === "BAKE_TIME" && status === "IN_PROGRESS",
    );
    updating.kill("SIGINT");
    expect((await updating).exitCode).toBe(130);
    const again = await world.run(["update"], site, "web:2");
    expect(again.exitCode).toBe(0);
    expect(again.calls.filter(({ name }) => name === "ecs:UpdateService")).toEqual([]);
    expect(again.ended[site.name]).toMatchObject({ outcome: "completed", revision: `${site.name}:2` });
  });
});
