import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";

import { createQuickEnvironment, type QuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { running } from "../helpers/deploy-command.ts";
import { askAdmin, settingsFor } from "../helpers/local-admin.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

const minutes = 60_000;
/** Of the runs; the local AWS is faster still, so that they look at less of each rollout. */
const speed = 60;
const dimension = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

/** What a service's owner had suspended before any deployment. */
const before = {
  DynamicScalingInSuspended: true,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};
const all = {
  DynamicScalingInSuspended: true,
  DynamicScalingOutSuspended: true,
  ScheduledScalingSuspended: true,
};

let local: LocalForTests;
let environment: QuickEnvironment;
let scaling: ApplicationAutoScalingClient;

beforeAll(async () => {
  local = await startLocalForTests({ speed: 4 * speed, throttle: false });
  environment = await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
  scaling = new ApplicationAutoScalingClient(settingsFor(local, local.region));
}, 2 * minutes);

afterAll(() => local.stop());

afterEach(async () => {
  await askAdmin(local, "DELETE", "faults");
});

/** What a service's templates say besides what all of this file's do; an object is written as JSON, a text as it is. */
interface Extra {
  readonly service?: object;
  readonly autoscaling?: object | string;
}

function start(verb: string, name: string, image: string, ...options: string[]): ReturnType<typeof running> {
  return startWith({ service: { desiredCount: 1 } }, verb, name, image, ...options);
}

function startWith(
  { service: more = {}, autoscaling }: Extra,
  verb: string,
  name: string,
  image: string | undefined,
  ...options: string[]
): ReturnType<typeof running> {
  const templates = path.join(local.directory, `templates-${name}`);
  mkdirSync(path.join(templates, name), { recursive: true });
  const definition = {
    family: name,
    containerDefinitions: [
      { name: "app", image: "@@VERSION@@", memory: 64, portMappings: [{ containerPort: 80 }] },
    ],
  };
  const service = {
    serviceName: name,
    cluster: "test",
    launchType: "EC2",
    ...more,
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  };
  writeFileSync(path.join(templates, name, "task-definition.json"), JSON.stringify(definition));
  writeFileSync(path.join(templates, name, "service.json"), JSON.stringify(service));
  const file = path.join(templates, name, "autoscaling.json");
  const text = typeof autoscaling === "object" ? JSON.stringify(autoscaling) : autoscaling;
  if (text === undefined) rmSync(file, { force: true });
  else writeFileSync(file, text);
  return running([verb, name, "--templates", templates, ...options], {
    endpoint: local.endpoint,
    ...(image === undefined ? {} : { image }),
    speed,
  });
}

/** A service that runs and whose count is scaled. */
async function scaled(name: string): Promise<void> {
  expect(await start("create", name, "app:1")).toMatchObject({ exitCode: 0 });
  await scaling.send(
    new RegisterScalableTargetCommand({
      ...dimension,
      ResourceId: `service/test/${name}`,
      MinCapacity: 1,
      MaxCapacity: 4,
      SuspendedState: before,
    }),
  );
}

async function target(name: string): Promise<ScalableTarget | undefined> {
  const { ScalableTargets } = await scaling.send(
    new DescribeScalableTargetsCommand({ ...dimension, ResourceIds: [`service/test/${name}`] }),
  );
  return ScalableTargets?.[0];
}

/** Waits until the run has suspended the service's scaling. */
async function suspended(name: string): Promise<void> {
  for (;;) {
    if ((await target(name))?.SuspendedState?.DynamicScalingOutSuspended === true) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

describe("failure 14, autoscaling left suspended after a failure", () => {
  test(
    "is suspended during the rollout alone, and resumed to just what it was after a success",
    async () => {
      await scaled("good");
      const run = start(
        "update",
        "good",
        "app:2-slow-start-20",
        "--suspend-autoscaling",
        "--events",
        "ndjson",
      );
      await suspended("good");
      expect(await target("good")).toMatchObject({ MinCapacity: 1, MaxCapacity: 4, SuspendedState: all });
      const { exitCode, stdout } = await run;
      expect(exitCode).toBe(0);
      expect(await target("good")).toMatchObject({ MinCapacity: 1, MaxCapacity: 4, SuspendedState: before });
      const types = stdout.split("\n").map((line) => (JSON.parse(line) as { type: string }).type);
      expect(types.filter((type) => type.startsWith("autoscaling"))).toEqual([
        "autoscalingSuspended",
        "autoscalingResumed",
      ]);
    },
    2 * minutes,
  );

  test(
    "is resumed after a rollout that failed",
    async () => {
      await scaled("bad");
      const run = start("update", "bad", "app:2-crash", "--suspend-autoscaling");
      await suspended("bad");
      expect(await run).toMatchObject({ exitCode: 1 });
      expect((await target("bad"))?.SuspendedState).toEqual(before);
    },
    2 * minutes,
  );

  test(
    "is resumed when AWS refuses the update, and although answers to its own calls get lost",
    async () => {
      await scaled("refused");
      for (const fault of [
        { kind: "error", service: "ecs", operation: "UpdateService" },
        {
          kind: "drop-after-effect",
          service: "application-autoscaling",
          operation: "RegisterScalableTarget",
          calls: [1, 3],
        },
      ]) {
        await askAdmin(local, "POST", "faults", fault);
      }
      const run = start("update", "refused", "app:2", "--suspend-autoscaling");
      await suspended("refused");
      expect(await run).toMatchObject({ exitCode: 5 });
      expect((await target("refused"))?.SuspendedState).toEqual(before);
    },
    2 * minutes,
  );

  test(
    "is resumed after Ctrl-C",
    async () => {
      await scaled("interrupted");
      const run = start("update", "interrupted", "app:2-slow-start-60", "--suspend-autoscaling");
      await suspended("interrupted");
      run.kill("SIGINT");
      expect(await run).toMatchObject({ exitCode: 130 });
      expect((await target("interrupted"))?.SuspendedState).toEqual(before);
    },
    2 * minutes,
  );

  test(
    "is resumed after SIGKILL by the next run on the service, whatever that does",
    async () => {
      await scaled("killed");
      const run = start("update", "killed", "app:2-slow-start-60", "--suspend-autoscaling");
      await suspended("killed");
      run.kill("SIGKILL");
      await run;
      expect((await target("killed"))?.SuspendedState).toEqual(all);
      const next = await start("restart", "killed", "app:1");
      expect(next).toMatchObject({ exitCode: 0 });
      expect((await target("killed"))?.SuspendedState).toEqual(before);
    },
    2 * minutes,
  );

  test(
    "is not made anew for a service whose scaling was taken away meanwhile",
    async () => {
      await scaled("gone");
      const run = start("update", "gone", "app:2-slow-start-20", "--suspend-autoscaling");
      await suspended("gone");
      await scaling.send(
        new DeregisterScalableTargetCommand({ ...dimension, ResourceId: "service/test/gone" }),
      );
      const { exitCode, stderr } = await run;
      expect(exitCode).toBe(0);
      expect(stderr).not.toContain("still suspended");
      expect(await target("gone")).toBeUndefined();
    },
    2 * minutes,
  );
});

/** What AWS has of a service's scaling, in the words of a template. */
async function scalingOf(name: string): Promise<object> {
  const of = { ...dimension, ResourceId: `service/test/${name}` };
  const { ScalingPolicies = [] } = await scaling.send(new DescribeScalingPoliciesCommand(of));
  const { ScheduledActions = [] } = await scaling.send(new DescribeScheduledActionsCommand(of));
  const { MetricAlarms = [] } = await new CloudWatchClient(settingsFor(local, local.region)).send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `TargetTracking-service/test/${name}-` }),
  );
  const there = await target(name);
  return {
    limits: there === undefined ? undefined : [there.MinCapacity, there.MaxCapacity],
    policies: ScalingPolicies.map(({ PolicyName, TargetTrackingScalingPolicyConfiguration: tracking }) => [
      PolicyName,
      tracking?.TargetValue,
    ]),
    actions: ScheduledActions.map(({ ScheduledActionName, Schedule }) => [ScheduledActionName, Schedule]),
    alarms: MetricAlarms.length,
  };
}

describe("a template for autoscaling", () => {
  const policy = (name: string, metric: string, value: number) => ({
    PolicyName: name,
    PolicyType: "TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: value,
      PredefinedMetricSpecification: { PredefinedMetricType: metric },
    },
  });
  const cpu = policy("cpu", "ECSServiceAverageCPUUtilization", 50);
  const memory = policy("memory", "ECSServiceAverageMemoryUtilization", 70);
  const action = (name: string, schedule: string, minimum: number) => ({
    ScheduledActionName: name,
    Schedule: schedule,
    ScalableTargetAction: { MinCapacity: minimum },
  });
  const day = action("day", "cron(0 8 ? * MON-FRI *)", 4);
  const night = action("night", "cron(0 20 ? * MON-FRI *)", 2);
  const first = {
    MinCapacity: 2,
    MaxCapacity: 10,
    ScalingPolicies: [cpu, memory],
    ScheduledActions: [day, night],
  };
  const none = { limits: undefined, policies: [], actions: [], alarms: 0 };

  test(
    "is made with the service, kept by updates, told by diff and status, and removed with the service",
    async () => {
      const name = "scaled";
      const created = await startWith({ autoscaling: first }, "create", name, "app:1");
      expect(created).toMatchObject({ exitCode: 0 });
      expect(created.stdout).toContain("Its autoscaling is as the template says.");
      expect(await scalingOf(name)).toEqual({
        limits: [2, 10],
        policies: [
          ["cpu", 50],
          ["memory", 70],
        ],
        actions: [
          ["day", day.Schedule],
          ["night", night.Schedule],
        ],
        alarms: 4,
      });
      expect((await startWith({ autoscaling: first }, "status", name, undefined)).stdout).toMatch(
        /autoscaling +2 to 10 tasks, by cpu, memory; on schedule day, night/,
      );

      // By day the target has what the schedule has set, and an update leaves it.
      await scaling.send(
        new RegisterScalableTargetCommand({
          ...dimension,
          ResourceId: `service/test/${name}`,
          MinCapacity: 4,
        }),
      );
      expect((await startWith({ autoscaling: first }, "diff", name, "app:1", "--exit-code")).exitCode).toBe(
        0,
      );
      const again = await startWith({ autoscaling: first }, "update", name, "app:1");
      expect(again.stdout).toContain("nothing to do");
      expect(await scalingOf(name)).toMatchObject({ limits: [4, 10] });

      const second = {
        MinCapacity: 1,
        MaxCapacity: 6,
        ScalingPolicies: [policy("cpu", "ECSServiceAverageCPUUtilization", 60)],
        ScheduledActions: [],
      };
      const diff = await startWith({ autoscaling: second }, "diff", name, "app:1", "--exit-code");
      expect(diff.exitCode).toBe(4);
      expect(diff.stdout).toContain("~ MaxCapacity: 10 → 6");
      expect(diff.stdout).toContain("- ScalingPolicies[memory]");
      expect((await startWith({ autoscaling: second }, "update", name, "app:1")).stdout).toContain(
        "autoscaling set",
      );
      const now = { limits: [1, 6], policies: [["cpu", 60]], actions: [], alarms: 2 };
      expect(await scalingOf(name)).toEqual(now);

      // Without the file it is left alone, and a failed rollout leaves it too.
      expect(await startWith({}, "update", name, "app:2")).toMatchObject({ exitCode: 0 });
      expect(await startWith({ autoscaling: first }, "update", name, "app:3-crash")).toMatchObject({
        exitCode: 1,
      });
      expect(await scalingOf(name)).toEqual(now);

      expect((await startWith({}, "delete", name, undefined, "--confirm", name)).exitCode).toBe(0);
      expect(await scalingOf(name)).toEqual(none);
    },
    3 * minutes,
  );

  test(
    "follows the requests of the service's own target group, and {} takes it away",
    async () => {
      const name = "requests";
      const requests = policy("requests", "ALBRequestCountPerTarget", 1_000);
      const service = {
        desiredCount: 2,
        loadBalancers: [
          { targetGroupArn: environment.targetGroupArn, containerName: "app", containerPort: 80 },
        ],
      };
      const autoscaling = `{ // JSONC\n "MinCapacity": "@@LEAST@@", "MaxCapacity": 4, "ScalingPolicies": [${JSON.stringify(requests)}] }`;
      const refused = await startWith({ service, autoscaling }, "create", name, "app:1");
      expect(refused).toMatchObject({ exitCode: 2 });
      expect(refused.stderr).toContain("LEAST");
      const good = autoscaling.replace("@@LEAST@@", "2").replace('"2"', "2");
      const created = await startWith({ service, autoscaling: good }, "create", name, "app:1");
      expect(created).toMatchObject({ exitCode: 0 });
      const { ScalingPolicies } = await scaling.send(
        new DescribeScalingPoliciesCommand({ ...dimension, ResourceId: `service/test/${name}` }),
      );
      expect(
        ScalingPolicies?.[0]?.TargetTrackingScalingPolicyConfiguration?.PredefinedMetricSpecification
          ?.ResourceLabel,
      ).toMatch(/^app\/[^/]+\/[0-9a-f]+\/targetgroup\/[^/]+\/[0-9a-f]+$/);

      const written = path.join(local.directory, "written");
      const init = await running(["init", name, "--cluster", "test", "--templates", written], {
        endpoint: local.endpoint,
      });
      expect(init).toMatchObject({ exitCode: 0, stderr: "" });
      expect(JSON.parse(readFileSync(path.join(written, name, "autoscaling.json"), "utf8"))).toEqual({
        MinCapacity: 2,
        MaxCapacity: 4,
        ScalingPolicies: [requests],
        ScheduledActions: [],
      });
      const same = await running(["diff", name, "--templates", written, "--exit-code"], {
        endpoint: local.endpoint,
        image: "app:1",
      });
      expect(same).toMatchObject({ exitCode: 0 });
      const render = await startWith({ service, autoscaling: good }, "render", name, "app:1");
      expect(JSON.parse(render.stdout)).toMatchObject({
        services: {
          [name]: {
            registerScalableTarget: { ResourceId: `service/test/${name}`, MinCapacity: 2 },
            putScalingPolicy: [{ ResourceId: `service/test/${name}`, PolicyName: "requests" }],
          },
        },
      });

      const removed = await startWith(
        { service: { ...service, desiredCount: 1 }, autoscaling: "{}" },
        "update",
        name,
        "app:1",
      );
      expect(removed).toMatchObject({ exitCode: 0 });
      expect(await scalingOf(name)).toEqual(none);
    },
    2 * minutes,
  );

  test(
    "that AWS refuses is no success, although the service was deployed; the same command goes on with it",
    async () => {
      const name = "half";
      // The local AWS takes no such policy; AWS would.
      const forecast = {
        PolicyName: "forecast",
        PolicyType: "PredictiveScaling",
        PredictiveScalingPolicyConfiguration: {
          MetricSpecifications: [
            {
              TargetValue: 50,
              PredefinedMetricPairSpecification: { PredefinedMetricType: "ECSServiceCPUUtilization" },
            },
          ],
        },
      };
      const autoscaling = { ...first, ScalingPolicies: [forecast] };
      const half = await startWith({ autoscaling }, "create", name, "app:1");
      expect(half.exitCode).toBe(5);
      expect(half.stdout).toContain("completed, autoscaling not set");
      expect(half.stdout).toContain("Its autoscaling could not be set");
      expect(half.stdout).toContain("set the autoscaling:");
      expect(await scalingOf(name)).toMatchObject({ limits: [2, 10], policies: [] });
      const planned = await startWith({ autoscaling: first }, "create", name, "app:1", "--dry-run");
      expect(planned.stdout).toContain("1. Once that has ended well: PutScalingPolicy, PutScheduledAction");
      expect(await startWith({ autoscaling: first }, "create", name, "app:1")).toMatchObject({ exitCode: 0 });
      expect(await scalingOf(name)).toMatchObject({ limits: [2, 10], alarms: 4 });
    },
    2 * minutes,
  );
});

describe("the local AWS", () => {
  const register = (service: string, settings: object) =>
    scaling.send(
      new RegisterScalableTargetCommand({ ...dimension, ResourceId: `service/test/${service}`, ...settings }),
    );

  test(
    "scales services that exist, asks a new target for its capacities, and says that nothing of it is suspended",
    async () => {
      await start("create", "fresh", "app:1");
      await expect(register("nowhere", { MinCapacity: 1, MaxCapacity: 2 })).rejects.toMatchObject({
        name: "ValidationException",
        message: "ECS service doesn't exist: service/test/nowhere",
      });
      await expect(register("fresh", { SuspendedState: all })).rejects.toMatchObject({
        name: "ValidationException",
      });
      await register("fresh", { MinCapacity: 1, MaxCapacity: 2 });
      expect(await target("fresh")).toMatchObject({
        SuspendedState: {
          DynamicScalingInSuspended: false,
          DynamicScalingOutSuspended: false,
          ScheduledScalingSuspended: false,
        },
      });
      await register("fresh", { SuspendedState: all });
      expect(await target("fresh")).toMatchObject({ MinCapacity: 1, MaxCapacity: 2, SuspendedState: all });
    },
    minutes,
  );
});
