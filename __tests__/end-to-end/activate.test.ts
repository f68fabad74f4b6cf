import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";

import { said } from "../helpers/deploy-command.ts";
import { MoveWorld, type MoveDocument } from "../helpers/move-world.ts";
import { stageDirectly, type Standing, type ToStage } from "../helpers/standing-deployment.ts";
import {
  expectNoneLost,
  expectShareAtMost,
  steadyTraffic,
  stopAllTraffic,
} from "../helpers/steady-traffic.ts";

const minutes = 60_000;
const speed = 60;

let world: MoveWorld;
let count = 0;

beforeAll(async () => {
  world = await MoveWorld.start(speed, ["first", ...Array.from({ length: 20 }, (_, index) => `app${index}`)]);
}, 2 * minutes);

afterEach(stopAllTraffic);

afterAll(async () => {
  await world.stop();
}, minutes);

/** An application of the test's own, with a live deployment and one that is staged. */
async function liveAndStaged(
  image: string,
  more: Partial<ToStage> = {},
  live: Partial<ToStage> = {},
): Promise<{ application: string; host: string; old: Standing; fresh: Standing }> {
  const application = `app${count}`;
  count += 1;
  const prefix = application.padEnd(11, "0");
  const old = await stageDirectly(world, { application, id: `${prefix}1`, image: "app:1", ...live });
  await world.done("activate", application, "--no-wait");
  const fresh = await stageDirectly(world, { application, id: `${prefix}2`, image, ...more });
  return { application, host: `${application}.example.com`, old, fresh };
}

test(
  "the first activation makes the live rule and the record, and takes the staged host away",
  async () => {
    const application = "first";
    const first = await stageDirectly(world, { application, id: "first0000001", image: "app:1" });
    const host = `${application}.example.com`;
    expect(await world.ruleOf(host)).toBeUndefined();

    const document = await world.done("activate", application);
    expect(document).toMatchObject({
      outcome: "activated",
      deploymentId: first.id,
      state: "active",
      trafficPercent: 100,
      url: `http://${host}`,
    });
    expect(document.movedInMs).toBeLessThan(2_000);
    expect(await world.ruleOf(host)).toEqual({ [first.targetGroupArn]: 100 });
    expect(await world.ruleOf(`${first.id}.stage.example.com`)).toBeUndefined();
    expect(Object.keys(await world.records())).toContain(host);
    expect(Object.keys(await world.records())).not.toContain(`${first.id}.stage.example.com`);
    expect(await world.ask(host)).toMatchObject({ status: 200, body: expect.stringContaining("app:1") });
  },
  minutes,
);

test(
  "an activation under traffic loses no request, and the old version answers none once it is reported",
  async () => {
    const { application, host, old, fresh } = await liveAndStaged("app:2");
    const traffic = steadyTraffic({ url: await world.url(), host });
    await traffic.more(100);

    const document = await world.done("activate", application);
    const reported = traffic.now();
    await traffic.more(500);
    const report = await traffic.stop();

    expect(document).toMatchObject({ deploymentId: fresh.id, previousDeploymentId: old.id });
    expectNoneLost(report);
    expect(report.answeredAfter("app:1", reported)).toEqual([]);
    expect(report.by("app:2").length).toBeGreaterThan(400);
    expect(await world.ruleOf(host)).toEqual({ [fresh.targetGroupArn]: 100, [old.targetGroupArn]: 0 });
    expect(await world.tagsOf(old.targetGroupArn)).toHaveProperty("retired-at");
    expect(await world.tagsOf(fresh.targetGroupArn)).toMatchObject({
      replaces: old.id,
      "replaced-revision": old.revision,
    });
    expect(await world.run("activate", application)).toMatchObject({
      exitCode: 0,
      document: { outcome: "nothingToDo" },
    });

    const back = await world.done("rollback", application);
    expect(back).toMatchObject({
      outcome: "rolledBack",
      deploymentId: old.id,
      previousDeploymentId: fresh.id,
      trafficPercent: 100,
    });
    expect(await world.ruleOf(host)).toEqual({ [old.targetGroupArn]: 100, [fresh.targetGroupArn]: 0 });
    expect(await world.tagsOf(fresh.targetGroupArn)).toHaveProperty("failed-at");
    const again = await world.done("rollback", application);
    expect(again).toMatchObject({ outcome: "nothingToDo", reason: expect.stringContaining("--to") });
  },
  2 * minutes,
);

test(
  "a canary that is well has its share for the bake, and then all of the traffic",
  async () => {
    const { application, host, fresh } = await liveAndStaged("app:2");
    const traffic = steadyTraffic({ url: await world.url(), host });
    const document = await world.done("activate", application, "--canary", "10%", "--bake", "5m");
    const reported = traffic.now();
    await traffic.more(200);
    const report = await traffic.stop();

    expect(document).toMatchObject({ outcome: "activated", deploymentId: fresh.id, trafficPercent: 100 });
    expectNoneLost(report);
    expect(report.answeredAfter("app:1", reported)).toEqual([]);
    const [first = NaN] = report.spanOf("app:2") ?? [];
    const within = [first, first + (4 * minutes) / speed] as const;
    expectShareAtMost(report, "app:2", 10, within);
    expect(report.share("app:2", ...within)).toBeGreaterThan(0.05);
  },
  2 * minutes,
);

test(
  "a canary goes back within 5 s of its alarm, and no more requests were bad than it had a share of",
  async () => {
    const alarm = "canary-errors";
    await world.alarm(alarm);
    const { application, host, old, fresh } = await liveAndStaged("app:2-errors", { alarmNames: [alarm] });
    const traffic = steadyTraffic({ url: await world.url(), host });
    // A run whose clock is the wall's, so that its seconds are the test's.
    const args = ["activate", application, "--canary", "10%", "--bake", "1h", "--output", "json"];
    const running = world.running(args, world.local.endpoint, 1);
    await traffic.until((report) => report.failed.length > 5);
    const firing = traffic.now();
    await world.setAlarm(alarm, "ALARM");
    const { exitCode, stdout, stderr } = await running;
    await traffic.more(300);
    const report = await traffic.stop();

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    const document = JSON.parse(stdout) as MoveDocument;
    expect(document).toMatchObject({
      outcome: "putBack",
      deploymentId: fresh.id,
      state: "failed",
      trafficPercent: 0,
      previousDeploymentId: old.id,
      reason: expect.stringContaining(`alarm ${alarm} fired`),
    });
    const lastBad = report.failed.at(-1)?.sentAt ?? 0;
    expect((lastBad - firing) / 1000).toBeLessThan(5);
    expect(report.failed.length / report.samples.length).toBeLessThan(0.13);
    expect(await world.ruleOf(host)).toEqual({ [old.targetGroupArn]: 100, [fresh.targetGroupArn]: 0 });
    expect(await world.tagsOf(fresh.targetGroupArn)).toHaveProperty("failed-at");
    expect(await world.tagsOf(old.targetGroupArn)).not.toHaveProperty("retired-at");
    // What has failed is not activated unless somebody insists.
    expect(await world.run("activate", application)).toMatchObject({ exitCode: 4 });
    expect(await world.run("activate", application, "--id", fresh.id)).toMatchObject({ exitCode: 4 });
  },
  2 * minutes,
);

test(
  "traffic goes back when the new version's targets turn unhealthy, and the result says why",
  async () => {
    const { application, host, old, fresh } = await liveAndStaged("app:2-unhealthy-after-120");
    const { exitCode, document } = await world.run(
      "activate",
      application,
      "--linear",
      "20%",
      "--every",
      "2m",
      "--force",
    );
    expect({ exitCode, document }).toMatchObject({ exitCode: 1, document: { outcome: "putBack" } });
    expect(document.reason).toMatch(
      /^With \d+ % of the traffic, (.* target.* unhealthy|none of its targets|only \d)/,
    );
    expect(await world.ruleOf(host)).toEqual({ [old.targetGroupArn]: 100, [fresh.targetGroupArn]: 0 });
  },
  2 * minutes,
);

test(
  "a linear shift goes up step by step",
  async () => {
    const { application, host, fresh, old } = await liveAndStaged("app:2");
    const { stdout } = await world.running([
      "activate",
      application,
      ...["--linear", "40%", "--every", "5s", "--events", "ndjson"],
    ]);
    const events = stdout.split("\n").map((line) => JSON.parse(line) as { type: string; percent?: number });
    const shares = events.flatMap(({ type, percent }) => (type === "trafficShifted" ? [percent] : []));
    expect(shares).toEqual([40, 80, 100]);
    expect(await world.ruleOf(host)).toEqual({ [fresh.targetGroupArn]: 100, [old.targetGroupArn]: 0 });
  },
  2 * minutes,
);

test(
  "Ctrl-C in the midst of a shift puts the traffic back, and the version can be activated again",
  async () => {
    const { application, host, old, fresh } = await liveAndStaged("app:2");
    const running = world.running(["activate", application, "--canary", "10%", "--bake", "1h"]);
    await said(running.stderr, "10 % of the production traffic");
    running.kill("SIGINT");
    const { exitCode, stderr, stdout } = await running;
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 130 });
    expect(stderr).toContain(`the 10 % of the traffic that deployment ${fresh.id} has is put back now`);
    expect(stdout).toContain(`${old.id} has all of it`);
    expect(await world.ruleOf(host)).toEqual({ [old.targetGroupArn]: 100, [fresh.targetGroupArn]: 0 });
    expect(await world.done("activate", application)).toMatchObject({ deploymentId: fresh.id });
  },
  2 * minutes,
);

test(
  "the new service gets the count that the old one has now, and its autoscaling; the old one keeps its size",
  async () => {
    const { application, old, fresh } = await liveAndStaged("app:2", { tasks: 1 }, { tasks: 3 });
    const of = (service: string) => ({
      ServiceNamespace: "ecs" as const,
      ScalableDimension: "ecs:service:DesiredCount" as const,
      ResourceId: `service/test/${service}`,
    });
    const { scaling } = world;
    await scaling.send(
      new RegisterScalableTargetCommand({ ...of(old.serviceName), MinCapacity: 2, MaxCapacity: 9 }),
    );
    const label = (standing: Standing): string =>
      `app/test-external/1/targetgroup/${standing.targetGroupArn.split(":targetgroup/")[1] ?? ""}`;
    await scaling.send(
      new PutScalingPolicyCommand({
        ...of(old.serviceName),
        PolicyName: "requests",
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 100,
          PredefinedMetricSpecification: {
            PredefinedMetricType: "ALBRequestCountPerTarget",
            ResourceLabel: label(old),
          },
        },
      }),
    );
    await scaling.send(
      new PutScheduledActionCommand({
        ...of(old.serviceName),
        ScheduledActionName: "morning",
        Schedule: "cron(0 6 * * ? *)",
        ScalableTargetAction: { MinCapacity: 4 },
      }),
    );
    const suspendedOf = async (service: string): Promise<readonly boolean[]> => {
      const { ScalableTargets: [target] = [] } = await scaling.send(
        new DescribeScalableTargetsCommand({
          ServiceNamespace: "ecs",
          ResourceIds: [of(service).ResourceId],
        }),
      );
      const { DynamicScalingInSuspended, DynamicScalingOutSuspended, ScheduledScalingSuspended } =
        target?.SuspendedState ?? {};
      return [DynamicScalingInSuspended, DynamicScalingOutSuspended, ScheduledScalingSuspended].map(
        (one) => one === true,
      );
    };

    await world.done("activate", application);
    const { services: [service] = [] } = await world.ecs.send(
      new DescribeServicesCommand({ cluster: "test", services: [fresh.serviceName] }),
    );
    expect(service).toMatchObject({ desiredCount: 3, runningCount: 3 });
    const { ScalingPolicies } = await scaling.send(new DescribeScalingPoliciesCommand(of(fresh.serviceName)));
    expect(ScalingPolicies).toMatchObject([
      {
        PolicyName: "requests",
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 100,
          PredefinedMetricSpecification: { ResourceLabel: label(fresh) },
        },
      },
    ]);
    const { ScheduledActions } = await scaling.send(
      new DescribeScheduledActionsCommand(of(fresh.serviceName)),
    );
    expect(ScheduledActions).toMatchObject([{ ScheduledActionName: "morning" }]);
    expect(await suspendedOf(fresh.serviceName)).toEqual([false, false, false]);
    expect(await suspendedOf(old.serviceName)).toEqual([true, true, true]);

    await world.done("rollback", application);
    expect(await suspendedOf(old.serviceName)).toEqual([false, false, false]);
    expect(await suspendedOf(fresh.serviceName)).toEqual([true, true, true]);
  },
  2 * minutes,
);

test(
  "rollback stages the previous version again where it is gone, and gives it the traffic",
  async () => {
    const { application, host, old, fresh } = await liveAndStaged("app:2");
    await world.done("activate", application, "--no-wait");
    await world.done("teardown", application, "--id", old.id);
    expect(await world.ruleOf(host)).toEqual({ [fresh.targetGroupArn]: 100 });

    const document = await world.done("rollback", application);
    expect(document).toMatchObject({ outcome: "rolledBack", deploymentId: old.id, trafficPercent: 100 });
    expect(await world.ask(host)).toMatchObject({ status: 200, body: expect.stringContaining("app:1") });
    expect(await world.run("rollback", application)).toMatchObject({ document: { outcome: "nothingToDo" } });
  },
  2 * minutes,
);

describe("nothing is changed by", () => {
  let application: string;
  let host: string;
  let fresh: Standing;
  let rule: unknown;

  beforeAll(async () => {
    ({ application, host, fresh } = await liveAndStaged("app:2"));
    rule = await world.ruleOf(host);
    await world.alarm("ringing");
    await world.setAlarm("ringing", "ALARM");
  }, minutes);

  test.each<[string, number, readonly string[], RegExp]>([
    ["an unknown id", 4, ["activate", "--id", "zzzzzzzzzzzz"], /has no deployment zzzzzzzzzzzz.*There is/],
    ["an alarm that there is none of", 4, ["activate", "--alarm", "absent"], /no CloudWatch alarm absent/],
    ["an alarm that fires already", 4, ["activate", "--alarm", "ringing"], /ringing is in ALARM already/],
    ["--bake without --canary", 2, ["activate", "--bake", "5m"], /--bake belongs to --canary/],
    ["a share that is none", 2, ["activate", "--canary", "100%"], /not a share of the traffic/],
    ["a revision as --to", 2, ["rollback", "--to", "41"], /is not a deployment's id/],
    ["a rollback of the first", 4, ["rollback"], /is the first that had the live traffic/],
    ["a rollback to what never was live", 4, ["rollback", "--to", "@fresh"], /never had the live traffic/],
  ])("%s", async (_, code, [verb = "", ...args], message) => {
    const { exitCode, stderr } = await world.run(
      verb,
      application,
      ...args.map((arg) => (arg === "@fresh" ? fresh.id : arg)),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: expect.stringMatching(message) });
    expect(await world.ruleOf(host)).toEqual(rule);
  });

  test("--dry-run, which prints the plan", async () => {
    const { exitCode, document } = await world.run("activate", application, "--canary", "2.5%", "--dry-run");
    expect({ exitCode, outcome: document.outcome }).toEqual({ exitCode: 0, outcome: "planned" });
    expect(document.steps?.map(({ kind }) => kind)).toContain("shiftTraffic");
    expect(await world.ruleOf(host)).toEqual(rule);
  });
});
