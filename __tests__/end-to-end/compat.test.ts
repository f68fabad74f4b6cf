import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import {
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionRequest,
  type Service,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy, type Finished } from "../helpers/deploy-command.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

const minutes = 60_000;
/** As fast as leaves the programs under test a moment of AWS's time to start in. */
const speed = 200;
const digest = `sha256:${"a".repeat(64)}`;

/** A service for each test, so that they can run in any order, with the images of its containers. */
const services: Readonly<Record<string, readonly string[]>> = {
  whole: ["team/app:1.0.0", "registry:5000/side:3"],
  settings: ["team/app:1.0.0"],
  again: ["team/app:latest"],
  tags: [`team/app@${digest}`, "registry:5000/side"],
  kept: ["team/app:1.0.0"],
  failing: ["team/app:1.0.0"],
  slow: ["team/app:1.0.0"],
  forced: ["team/app:1.0.0"],
  based: ["team/app:1.0.0"],
  drains: ["team/app:1.0.0-hang"],
  strict: ["team/app:1", "redis:7"],
  misfile: ["team/app:1.0.0"],
};

let local: LocalForTests;
let ecs: ECSClient;
let folder: string;

beforeAll(async () => {
  local = await startLocalForTests({ speed });
  await createQuickEnvironment(local, { name: "test", hosts: 3, instanceType: "m5.xlarge" });
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-compat-"));
  ecs = new ECSClient({
    endpoint: local.endpoint,
    region: local.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await Promise.all(Object.entries(services).map(([name, images]) => createService(name, images)));
}, 2 * minutes);

afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true });
});

function run(args: readonly string[], variables: Record<string, string> = {}): Promise<Finished> {
  return deploy(args, { endpoint: local.endpoint, speed, folder, variables });
}

/** A definition with members that copying by hand loses. */
function definitionOf(family: string, images: readonly string[]): RegisterTaskDefinitionRequest {
  return {
    family,
    networkMode: "bridge",
    pidMode: "task",
    ipcMode: "task",
    cpu: "128",
    memory: "256",
    requiresCompatibilities: ["EC2"],
    volumes: [{ name: "data", host: { sourcePath: "/data" } }],
    tags: [{ key: "team", value: "shop" }],
    containerDefinitions: images.map((image, index) => ({
      name: ["app", "side"][index] ?? "more",
      image,
      memory: 64,
      environment: [{ name: "EMPTY", value: "" }],
      ...(family === "drains" ? { stopTimeout: 3_600 } : {}),
      // For five minutes it is neither healthy nor unhealthy while it does not answer.
      ...(family === "slow"
        ? { healthCheck: { command: ["CMD", "check"], interval: 5, startPeriod: 300 } }
        : {}),
      dockerLabels: { rule: "Host=a=b" },
      mountPoints: [{ sourceVolume: "data", containerPath: "/data" }],
    })),
  };
}

/** A steady service. */
async function createService(name: string, images: readonly string[]): Promise<void> {
  await ecs.send(new RegisterTaskDefinitionCommand(definitionOf(name, images)));
  await ecs.send(
    new CreateServiceCommand({
      cluster: "test",
      serviceName: name,
      taskDefinition: name,
      desiredCount: 1,
      launchType: "EC2",
      deploymentConfiguration: {
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    }),
  );
  for (;;) {
    const [deployment] = (await described(name)).deployments ?? [];
    if (deployment?.rolloutState === "COMPLETED") return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function described(name: string): Promise<Service> {
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: "test", services: [name] }),
  );
  const [service] = services;
  if (service === undefined) throw new Error(`there is no service ${name}`);
  return service;
}

async function running(name: string): Promise<TaskDefinition & { readonly tags: Record<string, string> }> {
  const { taskDefinition } = await described(name);
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ["TAGS"] }));
  const tags = Object.fromEntries((answer.tags ?? []).map(({ key = "", value = "" }) => [key, value]));
  return { ...answer.taskDefinition, tags };
}

async function imagesOf(name: string): Promise<readonly (string | undefined)[]> {
  return ((await running(name)).containerDefinitions ?? []).map(({ image }) => image);
}

async function revisions(family: string): Promise<readonly string[]> {
  const { taskDefinitionArns = [] } = await ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: family }),
  );
  return taskDefinitionArns.map((arn) => arn.slice(arn.lastIndexOf("/") + 1));
}

describe("ecs-deploy's main form", () => {
  test(
    "brings the image to the container that has one of that name, keeps every other member, and waits",
    async () => {
      const before = await running("whole");
      const ran = await run(["-c", "test", "-n", "whole", "-i", "team/app:1.1.0", "-t", "1800"]);
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(ran.stdout).toContain("whole: completed");
      const after = await running("whole");
      const unchanged = ({ containerDefinitions = [], ...rest }: TaskDefinition): object => {
        const {
          taskDefinitionArn: _arn,
          revision: _revision,
          registeredAt: _at,
          tags: _tags,
          ...members
        } = rest as TaskDefinition & { tags?: unknown };
        return {
          ...members,
          containers: containerDefinitions.map(({ image: _image, ...container }) => container),
        };
      };
      expect(unchanged(after)).toEqual(unchanged(before));
      expect(after.containerDefinitions?.map(({ image }) => image)).toEqual([
        "team/app:1.1.0",
        "registry:5000/side:3",
      ]);
      expect(after.tags).not.toHaveProperty("team");
    },
    minutes,
  );

  test(
    "copies the tags where it is asked to, sets count and percents, and keeps the circuit breaker",
    async () => {
      const options = ["-D", "2", "-m", "50", "-M", "150", "-t", "1800", "--copy-task-definition-tags"];
      const ran = await run(["-c", "test", "-n", "settings", "-i", "team/app:1.1.0", ...options]);
      expect(ran).toMatchObject({ exitCode: 0 });
      expect((await running("settings")).tags).toMatchObject({ team: "shop", "slipway:version": "1.1.0" });
      expect(await described("settings")).toMatchObject({
        desiredCount: 2,
        runningCount: 2,
        deploymentConfiguration: {
          maximumPercent: 150,
          minimumHealthyPercent: 50,
          deploymentCircuitBreaker: { enable: true, rollback: true },
        },
      });
    },
    minutes,
  );

  test(
    "rolls out the same tag again, which may mean a newer image, without another revision",
    async () => {
      const [first] = (await described("again")).deployments ?? [];
      // The first run takes off the tags that it was not asked to copy, so the second has nothing new to register.
      for (let time = 0; time < 2; time += 1) {
        expect(await run(["-c", "test", "-n", "again", "-i", "team/app", "-t", "1800"])).toMatchObject({
          exitCode: 0,
        });
      }
      const [last] = (await described("again")).deployments ?? [];
      expect(last?.id).not.toBe(first?.id);
      expect(await revisions("again")).toEqual(["again:1", "again:2"]);
    },
    minutes,
  );

  test(
    "puts a tag on every image, in place of a digest and beside a registry's port",
    async () => {
      const ran = await run(["-c", "test", "-n", "tags", "-to", "1.7.0", "-i", "ignore", "-t", "1800"]);
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(await imagesOf("tags")).toEqual(["team/app:1.7.0", "registry:5000/side:1.7.0"]);
    },
    minutes,
  );

  test(
    "takes the tag from an environment variable, and keeps as many revisions as it is told",
    async () => {
      for (const tag of ["1.1.0", "1.2.0"]) {
        const options = ["-e", "CI_TAG", "--max-definitions", "2", "-t", "1800"];
        const ran = await run(["-c", "test", "-n", "kept", "-i", "team/app", ...options], { CI_TAG: tag });
        expect(ran).toMatchObject({ exitCode: 0 });
      }
      expect(await imagesOf("kept")).toEqual(["team/app:1.2.0"]);
      expect(await revisions("kept")).toEqual(["kept:2", "kept:3"]);
    },
    minutes,
  );

  test(
    "ends with 1, not 0, when the deployment fails and ECS goes back",
    async () => {
      const ran = await run(["-c", "test", "-n", "failing", "-i", "team/app:1.1.0-crash", "-t", "1800"]);
      expect(ran).toMatchObject({ exitCode: 1 });
      expect(ran.stdout).toContain("failing: failed");
      expect(ran.stdout).toMatch(
        /\nNext:\n +read the log: +\.\/deploy logs failing --cluster test --region us-east-1$/,
      );
      expect(await imagesOf("failing")).toEqual(["team/app:1.0.0"]);
    },
    minutes,
  );

  test(
    "ends with 1 when the time is up, and with --enable-rollback goes back to what ran",
    async () => {
      const slow = ["-c", "test", "-n", "slow", "-i", "team/app:1.1.0-slow-start-900", "-t", "60"];
      const ran = await run([...slow, "--enable-rollback", "--output", "json"]);
      expect(ran).toMatchObject({ exitCode: 1 });
      expect(ran.stderr).toContain("not steady in time");
      expect(JSON.parse(ran.stdout)).toMatchObject({
        exitCode: 1,
        services: [{ outcome: "failed", failedRevision: "slow:2", rolledBackTo: "slow:1" }],
      });
      expect(await imagesOf("slow")).toEqual(["team/app:1.0.0"]);
    },
    minutes,
  );

  test(
    "with --force-new-deployment starts new tasks of the running revision and says what it does not use",
    async () => {
      const [before] = (await described("forced")).deployments ?? [];
      const ran = await run([
        "-c",
        "test",
        "-n",
        "forced",
        "-i",
        "team/app:9",
        "--force-new-deployment",
        "-t",
        "300",
      ]);
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(ran.stderr).toContain("Not used, as in ecs-deploy: --image.");
      expect(await imagesOf("forced")).toEqual(["team/app:1.0.0"]);
      expect((await described("forced")).deployments?.[0]?.id).not.toBe(before?.id);
    },
    minutes,
  );

  test(
    "takes its base from a file as the AWS CLI prints it, and from the newest revision",
    async () => {
      const { tags: _tags, ...described } = await running("based");
      const file = path.join(folder, "td.json");
      const printed = { ...described, placementConstraints: null, cpu: "256" };
      await writeFile(file, JSON.stringify({ taskDefinition: printed }));
      const options = ["--task-definition-file", "td.json", "-t", "1800"];
      const ran = await run(["-c", "test", "-n", "based", "-i", "team/app:1.1.0", ...options]);
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(await running("based")).toMatchObject({ cpu: "256", pidMode: "task" });

      const newest = { ...definitionOf("based", ["team/app:1.0.0"]), cpu: "512" };
      await ecs.send(new RegisterTaskDefinitionCommand(newest));
      const latest = ["--use-latest-task-def", "-t", "1800"];
      expect(await run(["-c", "test", "-n", "based", "-i", "team/app:1.2.0", ...latest])).toMatchObject({
        exitCode: 0,
      });
      expect(await running("based")).toMatchObject({ cpu: "512" });
    },
    minutes,
  );

  test(
    "with --skip-deployments-check does not wait for old tasks that still drain",
    async () => {
      // The old task ignores SIGTERM for as long as it may.
      const options = ["--skip-deployments-check", "-t", "1800", "--output", "json"];
      const ran = await run(["-c", "test", "-n", "drains", "-i", "team/app:1.1.0", ...options]);
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(await imagesOf("drains")).toEqual(["team/app:1.1.0"]);
      const rollouts = (await described("drains")).deployments?.map(({ rolloutState }) => rolloutState);
      expect(rollouts).toContain("IN_PROGRESS");
    },
    minutes,
  );
});

describe("what does not fit is refused before anything is changed", () => {
  test(
    "an image that is none of several containers', by the code of bad input",
    async () => {
      const ran = await run(["-c", "test", "-n", "strict", "-i", "app:2"]);
      expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
      expect(ran.stderr).toContain("It has app (team/app:1), side (redis:7).");
      expect(await revisions("strict")).toEqual(["strict:1"]);
    },
    minutes,
  );

  test(
    "a file with a mistake, which has its place",
    async () => {
      await writeFile(
        path.join(folder, "bad.json"),
        '{\n  "family": "misfile",\n  "containerDefinition": []\n}',
      );
      const ran = await run([
        "-c",
        "test",
        "-n",
        "misfile",
        "-i",
        "team/app:2",
        "--task-definition-file",
        "bad.json",
      ]);
      expect(ran).toMatchObject({ exitCode: 2 });
      expect(ran.stderr).toContain("bad.json:3:3 $.containerDefinition: ");
      expect(await revisions("misfile")).toEqual(["misfile:1"]);
    },
    minutes,
  );

  test("a service or a cluster that is not there", async () => {
    expect(await run(["-c", "test", "-n", "nobody", "-i", "a:1"])).toMatchObject({ exitCode: 4 });
    const ran = await run(["-c", "nowhere", "-n", "nobody", "-i", "a:1"]);
    expect(ran).toMatchObject({ exitCode: 4 });
    expect(ran.stderr).toContain("Cluster nowhere does not exist");
  });
});

describe("a task definition alone", () => {
  test(
    "gets a new revision, and none when nothing is new",
    async () => {
      await ecs.send(new RegisterTaskDefinitionCommand(definitionOf("alone", ["team/app:1"])));
      const first = await run(["-d", "alone", "-i", "team/app:2", "--copy-task-definition-tags"]);
      expect(first).toMatchObject({ exitCode: 0, stdout: "alone:2 registered: team/app:2" });
      const second = await run(["-d", "alone", "-i", "team/app:2", "--copy-task-definition-tags"]);
      expect(second).toMatchObject({ exitCode: 0, stdout: "alone:2 unchanged: team/app:2" });
      expect(await revisions("alone")).toEqual(["alone:1", "alone:2"]);
    },
    minutes,
  );

  test(
    "is run as one task, whose exit code decides with --wait-for-success",
    async () => {
      await ecs.send(new RegisterTaskDefinitionCommand(definitionOf("job", ["team/job:1"])));
      const task = ["-c", "test", "-d", "job", "--run-task", "--launch-type", "EC2", "-t", "1800"];
      const well = await run([...task, "-i", "team/job:1.1-exit-2", "--wait-for-success"]);
      expect(well).toMatchObject({ exitCode: 0 });
      expect(well.stdout).toContain("ended with exit code 0");
      const badly = await run([...task, "-i", "team/job:2-crash", "--wait-for-success"]);
      expect(badly).toMatchObject({ exitCode: 1 });
      expect(badly.stdout).toMatch(/container app ended with exit code [1-9]/);
      const started = await run([...task, "-i", "team/job:3"]);
      expect(started).toMatchObject({ exitCode: 0 });
      expect(started.stdout).toContain("was started");
    },
    minutes,
  );

  test("that AWS then runs no task of is told as changed", async () => {
    await ecs.send(new RegisterTaskDefinitionCommand(definitionOf("stray", ["team/job:1"])));
    const ran = await run(["-c", "nowhere", "-d", "stray", "-i", "team/job:2", "--run-task", "--quiet"]);
    expect(ran).toMatchObject({ exitCode: 5 });
    expect(ran.stderr).toMatch(/ClusterNotFound[^]*Changed before that: registered stray:2\./);
  });

  test("that is not there is bad input", async () => {
    const ran = await run(["-d", "nothing", "-i", "a:1"]);
    expect(ran).toMatchObject({ exitCode: 2 });
    expect(ran.stderr).toContain('There is no task definition "nothing" in us-east-1.');
  });
});

describe("credentials", () => {
  const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", HOME: "/nowhere" };

  test("are those of -k and -s, and of a role where one is to be assumed", async () => {
    await ecs.send(new RegisterTaskDefinitionCommand(definitionOf("keyed", ["team/app:1"])));
    const line = ["-d", "keyed", "-i", "team/app:2", "-r", "us-east-1"];
    expect(await run(line, none)).toMatchObject({ exitCode: 5 });
    const keys = ["-k", "local", "-s", "local"];
    expect(await run([...line, ...keys], none)).toMatchObject({ exitCode: 0 });
    const role = ["-a", "arn:aws:iam::123456789012:role/ecs/test_default_task", "--verbose"];
    const assumed = await run([...line, ...keys, ...role], none);
    expect(assumed).toMatchObject({ exitCode: 0 });
    expect(assumed.stderr.match(/sts:AssumeRole/g)).toHaveLength(1);
  });
});
