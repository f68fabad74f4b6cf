import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
} from "@aws-sdk/client-application-auto-scaling";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";

import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
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
let scaling: ApplicationAutoScalingClient;

beforeAll(async () => {
  local = await startLocalForTests({ speed: 4 * speed, throttle: false });
  await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
  scaling = new ApplicationAutoScalingClient(settingsFor(local, local.region));
}, 2 * minutes);

afterAll(() => local.stop());

afterEach(async () => {
  await askAdmin(local, "DELETE", "faults");
});

function start(verb: string, name: string, image: string, ...options: string[]): ReturnType<typeof running> {
  const templates = path.join(local.directory, `templates-${name}`);
  mkdirSync(path.join(templates, name), { recursive: true });
  const definition = {
    family: name,
    containerDefinitions: [{ name: "app", image: "@@VERSION@@", memory: 64 }],
  };
  const service = {
    serviceName: name,
    cluster: "test",
    launchType: "EC2",
    desiredCount: 1,
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  };
  writeFileSync(path.join(templates, name, "task-definition.json"), JSON.stringify(definition));
  writeFileSync(path.join(templates, name, "service.json"), JSON.stringify(service));
  return running([verb, name, "--templates", templates, ...options], {
    endpoint: local.endpoint,
    image,
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
