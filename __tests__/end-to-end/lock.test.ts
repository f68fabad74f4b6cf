import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import {
  DescribeServicesCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  type Service,
} from "@aws-sdk/client-ecs";
import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";

import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { running, said } from "../helpers/deploy-command.ts";
import { askAdmin, settingsFor } from "../helpers/local-admin.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

const minutes = 60_000;
/** Of the runs; the local AWS is faster still, so that they look at less of each rollout. */
const speed = 60;
const folder = "/slipway/test/locks/test/";

let local: LocalForTests;
let ecs: ECSClient;
let ssm: SSMClient;

beforeAll(async () => {
  local = await startLocalForTests({ speed: 4 * speed, throttle: false });
  await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
  ecs = new ECSClient(settingsFor(local, local.region));
  ssm = new SSMClient(settingsFor(local, local.region));
}, 2 * minutes);

afterAll(() => local.stop());

afterEach(async () => {
  await askAdmin(local, "DELETE", "faults");
  await time("resume");
});

/** While AWS's time is held a rollout that has begun goes on, however long other runs take to come. */
const time = (action: "hold" | "resume") => askAdmin(local, "POST", "time", { action });

type Running = ReturnType<typeof running>;

/** A task counts once it listens, so that a slow start is a long rollout. */
const patient = {
  command: ["CMD-SHELL", "curl -f http://localhost"],
  interval: 60,
  retries: 10,
  startPeriod: 300,
};

/** Starts the command on services of these names, each with a template of its own. */
function start(verb: string, names: readonly string[], image: string, ...options: string[]): Running {
  const templates = path.join(local.directory, `templates-${names.join("-")}`);
  // Not written again: another run may be reading them.
  for (const name of existsSync(templates) ? [] : names) {
    mkdirSync(path.join(templates, name), { recursive: true });
    const definition = {
      family: name,
      containerDefinitions: [{ name: "app", image: "@@VERSION@@", memory: 64, healthCheck: patient }],
    };
    const service = { serviceName: name, cluster: "test", launchType: "EC2", desiredCount: 1 };
    writeFileSync(path.join(templates, name, "task-definition.json"), JSON.stringify(definition));
    writeFileSync(path.join(templates, name, "service.json"), JSON.stringify(service));
  }
  return running([verb, ...names, "--templates", templates, ...options], {
    endpoint: local.endpoint,
    image,
    speed,
  });
}

async function locks(): Promise<readonly string[]> {
  const { Parameters = [] } = await ssm.send(
    new GetParametersByPathCommand({ Path: folder, Recursive: true }),
  );
  return Parameters.map(({ Name = "" }) => Name.slice(folder.length));
}

/** Waits until a run holds the service's lock and has started its rollout. */
async function rollingOut(name: string): Promise<void> {
  for (;;) {
    const [service] = await described(name);
    if ((await locks()).includes(name) && (service?.deployments?.length ?? 0) > 1) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

async function described(...services: string[]): Promise<Service[]> {
  return (await ecs.send(new DescribeServicesCommand({ cluster: "test", services }))).services ?? [];
}

async function images(name: string): Promise<number> {
  const { taskDefinitionArns = [] } = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: name }));
  return taskDefinitionArns.length;
}

describe("failure 12, no lock: two pipelines deploy one service and each reports the other's result", () => {
  test(
    "the second is refused with exit 4, names the first, and changes nothing; the first completes with its own revision",
    async () => {
      await start("create", ["one"], "app:1");
      await time("hold");
      const first = start("update", ["one"], "app:2");
      await rollingOut("one");
      const second = await start("update", ["one"], "app:3");
      await time("resume");
      expect(second).toMatchObject({ exitCode: 4 });
      expect(second.stderr).toContain("one is locked by ");
      expect(second.stderr).toContain("update one to app:2");
      const { exitCode, stdout } = await first;
      expect({ exitCode, stdout }).toEqual({
        exitCode: 0,
        stdout: expect.stringContaining("one: completed"),
      });
      expect(await images("one")).toBe(2);
      expect((await described("one"))[0]?.taskDefinition).toMatch(/one:2$/);
      expect(await locks()).not.toContain("one");
    },
    2 * minutes,
  );

  test(
    "the second waits with --wait-for-lock, and both complete, one after the other, each with its own revision",
    async () => {
      await start("create", ["two"], "app:1");
      await time("hold");
      const first = start("update", ["two"], "app:2");
      await rollingOut("two");
      const second = start("update", ["two"], "app:3", "--wait-for-lock", "--events", "ndjson");
      await said(second.stdout, "waitingForLock");
      await time("resume");
      const ended = await Promise.all([first, second]);
      expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      const events = ended[1].stdout.split("\n").map((line) => JSON.parse(line) as { type: string });
      expect(events.filter(({ type }) => type === "waitingForLock")).toEqual([
        expect.objectContaining({
          service: "two",
          holder: expect.objectContaining({ purpose: "update two to app:2" }),
        }),
      ]);
      expect((await described("two"))[0]?.taskDefinition).toMatch(/two:3$/);
    },
    2 * minutes,
  );

  test(
    "of six that start together one deploys and five are refused",
    async () => {
      await start("create", ["six"], "app:1");
      await time("hold");
      let ended = 0;
      const runs = [1, 2, 3, 4, 5, 6].map(async (number) => {
        const { exitCode } = await start("update", ["six"], `app:2-${number}`);
        ended += 1;
        if (ended === 5) await time("resume");
        return exitCode;
      });
      const codes = await Promise.all(runs);
      expect(codes.sort()).toEqual([0, 4, 4, 4, 4, 4]);
      expect(await images("six")).toBe(2);
    },
    2 * minutes,
  );
});

describe("the lock", () => {
  test(
    "of a run that was killed is taken over at once on the same machine, and the same deployment is finished",
    async () => {
      await start("create", ["killed"], "app:1");
      await time("hold");
      const first = start("update", ["killed"], "app:2");
      await rollingOut("killed");
      first.kill("SIGKILL");
      await first;
      expect(await locks()).toContain("killed");
      const finishing = start("update", ["killed"], "app:2");
      await said(finishing.stderr, "took over");
      await time("resume");
      const again = await finishing;
      expect(again).toMatchObject({ exitCode: 0 });
      expect(again.stderr).toMatch(/took over|taken over/i);
      expect(await images("killed")).toBe(2);
      expect(await locks()).not.toContain("killed");
    },
    2 * minutes,
  );

  test(
    "is given back after Ctrl-C, after a failed rollout and after a refusal",
    async () => {
      await start("create", ["ends"], "app:1");
      await time("hold");
      const interrupted = start("update", ["ends"], "app:2-slow-start-60");
      await rollingOut("ends");
      interrupted.kill("SIGINT");
      await time("resume");
      expect(await interrupted).toMatchObject({ exitCode: 130 });
      expect(await locks()).not.toContain("ends");

      expect(await start("update", ["ends"], "app:3-crash")).toMatchObject({ exitCode: 1 });
      expect(await locks()).not.toContain("ends");

      expect(await start("update", ["nowhere"], "app:1")).toMatchObject({ exitCode: 4 });
      expect(await locks()).not.toContain("nowhere");
    },
    2 * minutes,
  );

  test(
    "of one service holds up a fleet that wants it, which then leaves no lock and no change behind",
    async () => {
      const held = JSON.stringify({
        run: "other",
        owner: "bo@far-away",
        purpose: "update fleet-b to app:9",
        since: new Date().toISOString(),
        heartbeat: `${folder}fleet-b`,
        serial: 1,
      });
      await ssm.send(new PutParameterCommand({ Name: `${folder}fleet-b`, Value: held, Type: "String" }));
      const fleet = await start("create", ["fleet-a", "fleet-b", "fleet-c"], "app:1");
      expect(fleet).toMatchObject({ exitCode: 4 });
      expect(fleet.stderr).toContain("fleet-b is locked by bo@far-away");
      expect((await locks()).filter((name) => name.startsWith("fleet"))).toEqual(["fleet-b"]);
      expect(await described("fleet-a", "fleet-b", "fleet-c")).toEqual([]);
    },
    2 * minutes,
  );

  test(
    "is ours although every answer to a write of it gets lost the first time, and is gone in the end",
    async () => {
      for (const operation of ["PutParameter", "DeleteParameters"]) {
        await askAdmin(local, "POST", "faults", {
          kind: "drop-after-effect",
          service: "ssm",
          operation,
          calls: [1],
        });
      }
      expect(await start("create", ["lossy"], "app:1")).toMatchObject({ exitCode: 0 });
      expect(await locks()).not.toContain("lossy");
    },
    2 * minutes,
  );
});

describe("the local AWS", () => {
  test("lets one of many calls at once make a parameter, and numbers many that overwrite it without a gap", async () => {
    const Name = "/slipway/test/locks/test/contended";
    const put = (Overwrite: boolean) =>
      ssm.send(new PutParameterCommand({ Name, Value: "x", Type: "String", Overwrite }));
    const many = Array.from({ length: 40 });
    const made = await Promise.allSettled(many.map(() => put(false)));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const answers = await Promise.all(many.map(() => put(true)));
    const versions = answers.map(({ Version = 0 }) => Version).sort((left, right) => left - right);
    expect(versions).toEqual(many.map((_, index) => index + 2));
  });
});
