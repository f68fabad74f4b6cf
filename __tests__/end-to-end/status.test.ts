import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { CreateServiceCommand, ECSClient } from "@aws-sdk/client-ecs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy, running, type DeploySettings, type Finished } from "../helpers/deploy-command.ts";
import { deployerVariables } from "../helpers/deployer-key.ts";
import { root, settings } from "../helpers/local-iam.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

const minutes = 60_000;
const speed = 60;

let local: LocalForTests;
let variables: Record<string, string>;

beforeAll(async () => {
  local = await startLocalForTests({ speed, enforceIam: true });
  await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
  variables = await deployerVariables(local);
  const created = await Promise.all([
    run(["create", "nginx"], "nginx:1.27-log-every-10"),
    run(["create", "hello"], "hello:1"),
  ]);
  expect(created.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
}, 3 * minutes);

afterAll(async () => {
  await local.stop();
});

/** As the deployer, without an image unless one is given. */
function options(image?: string): DeploySettings {
  return { endpoint: local.endpoint, speed, variables, ...(image === undefined ? {} : { image }) };
}

function run(args: readonly string[], image?: string): Promise<Finished> {
  return deploy(args, options(image));
}

async function json(args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, exitCode, stderr } = await run([...args, "--output", "json"]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("status", () => {
  test(
    "tells what runs, where, and that its targets are healthy, without an image or another placeholder set",
    async () => {
      const { services } = await json(["status", "--all"]);
      expect(services).toMatchObject([
        {
          service: "hello",
          desired: 2,
          running: 2,
          capacity: ["FARGATE"],
          revisions: [
            {
              revision: expect.stringMatching(/^hello:\d$/),
              containers: [{ image: expect.stringMatching(/^hello:\d$/) }],
            },
          ],
          unread: [],
        },
        {
          service: "nginx",
          deployments: [{ status: "PRIMARY", rolloutState: "COMPLETED", revision: "nginx:1" }],
          serviceDeployment: { status: "SUCCESSFUL" },
          tasks: [{ host: expect.stringMatching(/^i-/) }, { host: expect.stringMatching(/^i-/) }],
          targetGroups: [{ name: "test-instance", targets: [{ state: "healthy" }, { state: "healthy" }] }],
          unread: [],
        },
      ]);
    },
    2 * minutes,
  );

  test("of a service that only the cluster knows works, and of one that nobody knows is refused", async () => {
    const ecs = new ECSClient(settings(local, root));
    await ecs.send(
      new CreateServiceCommand({
        cluster: "test",
        serviceName: "legacy",
        taskDefinition: "nginx",
        desiredCount: 0,
      }),
    );
    expect(await run(["status", "legacy"])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("0 desired, 0 running"),
    });
    expect(await run(["status", "legaci"])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/legaci does not exist in cluster test.*Did you mean legacy\?/),
    });
    const some = await run(["status", "nginx", "legaci", "--output", "json"]);
    expect(some.exitCode).toBe(4);
    expect(JSON.parse(some.stdout)).toMatchObject({
      services: [{ service: "nginx" }],
      missing: [expect.any(String)],
    });
    // The deployer may not even ask about other clusters; who may is told that there is none.
    const asRoot = { endpoint: local.endpoint, speed };
    expect(await deploy(["status", "nginx", "--cluster", "nowhere"], asRoot)).toMatchObject({ exitCode: 4 });
  });

  test("tells who holds the lock", async () => {
    const entry = {
      run: "r1",
      owner: "ana@build-7",
      purpose: "update nginx",
      since: "2026-01-01T00:00:00.000Z",
    };
    const Name = "/slipway/test/locks/test/nginx";
    const ssm = new SSMClient(settings(local, root));
    const Value = JSON.stringify({ ...entry, heartbeat: Name, serial: 1 });
    await ssm.send(new PutParameterCommand({ Name, Value, Type: "String" }));
    const { stdout } = await run(["status", "nginx"]);
    expect(stdout).toContain("held by ana@build-7 since 2026-01-01T00:00:00.000Z: update nginx (run r1)");
  });
});

describe("logs", () => {
  test("are those of the service's tasks, merged by time, and match --grep", async () => {
    const { lines } = (await json(["logs", "nginx", "--grep", '"started"'])) as {
      lines: { at: string; container: string; task: string; message: string }[];
    };
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(new Set(lines.map(({ task }) => task)).size).toBeGreaterThanOrEqual(2);
    expect(lines.every(({ message }) => message.includes("started"))).toBe(true);
    expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).sort());
  });

  test(
    "go on with --follow until Ctrl-C, each line once",
    async () => {
      const child = running(["logs", "nginx", "--follow", "--since", "1s", "--events", "ndjson"], options());
      let seen = "";
      child.stdout.on("data", (data: Buffer) => {
        seen += data.toString();
        if (seen.split("\n").length > 60) child.kill("SIGINT");
      });
      const { exitCode, stdout } = await child;
      expect(exitCode).toBe(130);
      const lines = stdout
        .split("\n")
        .map((line) => JSON.parse(line) as { type: string; task?: string; message?: string })
        .filter(({ type }) => type === "logLine");
      const told = lines.map(({ task = "", message = "" }) => `${task} ${message}`);
      expect(told.length).toBeGreaterThan(40);
      expect(new Set(told).size).toBe(told.length);
      // What a task says counts up by tens: nothing is missing in between.
      for (const task of new Set(lines.map((line) => line.task))) {
        const seconds = lines
          .filter((line) => line.task === task)
          .flatMap(({ message = "" }) => /has run for (\d+) s/.exec(message)?.[1] ?? [])
          .map(Number);
        expect(seconds).toEqual(seconds.map((_, index) => (seconds[0] ?? 0) + index * 10));
      }
    },
    2 * minutes,
  );

  test("are refused for a container that there is not, and for another task's name nothing is shown", async () => {
    expect(await run(["logs", "nginx", "--container", "side"])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("It has nginx"),
    });
    expect(await run(["logs", "nginx", "--task", "ffff0000"])).toMatchObject({ exitCode: 0, stdout: "" });
  });
});

describe("revisions", () => {
  test(
    "tell which runs and how deployments ended, and pruning leaves what a rollback needs",
    async () => {
      const folder = path.join(local.directory, "templates", "worker");
      await mkdir(folder, { recursive: true });
      const container = { name: "app", image: "@@VERSION@@", memory: 64 };
      await writeFile(
        path.join(folder, "task-definition.json"),
        JSON.stringify({ family: "worker", containerDefinitions: [container] }),
      );
      await writeFile(
        path.join(folder, "service.json"),
        JSON.stringify({ cluster: "test", serviceName: "worker", launchType: "EC2", desiredCount: 1 }),
      );
      const templates = ["--templates", path.dirname(folder)];
      for (const [verb, image] of [
        ["create", "worker:1"],
        ["update", "worker:2"],
        ["update", "worker:3"],
      ] as const) {
        expect(await run([verb, ...templates], image)).toMatchObject({ exitCode: 0 });
      }
      expect((await json(["revisions", ...templates]))["revisions"]).toMatchObject([
        { revision: "worker:3", usedBy: ["worker"], deployed: { status: "SUCCESSFUL" } },
        { revision: "worker:2", rollbackTarget: true, deployed: { status: "SUCCESSFUL" } },
        { revision: "worker:1", usedBy: [], rollbackTarget: false },
      ]);
      const pruning = ["revisions", ...templates, "--keep-revisions", "1"];
      const planned = await run([...pruning, "--dry-run"]);
      expect(planned.stdout).toContain("1 revision of worker would be deregistered");
      expect(await json(pruning)).toMatchObject({ outcome: "pruned", revisions: ["worker:1"] });
      expect((await json(["revisions", ...templates]))["revisions"]).toMatchObject([
        { revision: "worker:3" },
        { revision: "worker:2" },
      ]);
    },
    3 * minutes,
  );
});
