import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { projectRoot } from "../../scripts/project-root.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { awsVariables, deploy, type Finished } from "../helpers/deploy-command.ts";
import { deployerVariables } from "../helpers/deployer-key.ts";
import { root, settings } from "../helpers/local-iam.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

const minutes = 60_000;
const speed = 100;

let local: LocalForTests;
let ecs: ECSClient;
let variables: Record<string, string>;

beforeAll(async () => {
  local = await startLocalForTests({ speed, enforceIam: true });
  await createQuickEnvironment(local, { name: "test", hosts: 1, instanceType: "m5.xlarge" });
  ecs = new ECSClient(settings(local, root));
  variables = await deployerVariables(local);
}, 2 * minutes);

afterAll(async () => {
  ecs.destroy();
  await local.stop();
});

function run(args: readonly string[]): Promise<Finished> {
  return deploy(args, {
    endpoint: local.endpoint,
    image: "app:1",
    folder: local.directory,
    speed,
    variables,
  });
}

/** A service of its own that runs. */
async function serviceCalled(name: string): Promise<void> {
  await mkdir(path.join(local.directory, "templates", name), { recursive: true });
  const write = (file: string, document: object): Promise<void> =>
    writeFile(path.join(local.directory, "templates", name, file), JSON.stringify(document));
  await write("task-definition.json", {
    family: name,
    containerDefinitions: [{ name: "app", image: "@@VERSION@@", memory: 64 }],
  });
  await write("service.json", { cluster: "test", serviceName: name, launchType: "EC2", desiredCount: 2 });
  expect(await run(["create", name])).toMatchObject({ exitCode: 0 });
}

async function statusOf(name: string): Promise<string | undefined> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: "test", services: [name] }));
  return services?.[0]?.status;
}

/** Runs `./deploy` on a terminal where somebody types. */
async function typing(typed: string, args: readonly string[]): Promise<{ exitCode: number; output: string }> {
  const onTerminal = [
    "import os, pty, sys",
    "status = pty.spawn(sys.argv[1:])",
    "sys.exit(os.waitstatus_to_exitcode(status))",
  ].join("\n");
  const child = execa("python3", ["-c", onTerminal, path.join(projectRoot(), "deploy"), ...args], {
    reject: false,
    extendEnv: false,
    all: true,
    cwd: local.directory,
    env: { ...awsVariables(local.endpoint), ...variables, SLIPWAY_CLOCK_SPEED: String(speed) },
  });
  let asked = "";
  child.all.on("data", (data: Buffer) => {
    const before = asked.includes("Type its name");
    asked += data.toString();
    if (!before && asked.includes("Type its name")) child.stdin.write(`${typed}\n`);
  });
  const { exitCode = -1, all } = await child;
  return { exitCode, output: all };
}

describe("deleting a service", () => {
  test(
    "with its name confirmed stops its tasks, waits until it is gone, and says what is left; again, nothing is to do",
    async () => {
      await serviceCalled("old");
      const deleted = await run(["delete", "old", "--confirm", "old"]);
      expect(deleted).toMatchObject({ exitCode: 0 });
      expect(deleted.stdout).toContain("old: deleted from cluster test, with 2 tasks");
      expect(deleted.stdout).toContain("task definition family old");
      expect(await statusOf("old")).toBe("INACTIVE");
      expect(await run(["delete", "old", "--confirm", "old"])).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("nothing to do"),
      });
    },
    2 * minutes,
  );

  test(
    "changes nothing with another name, with none where nobody can be asked, and with --dry-run",
    async () => {
      await serviceCalled("kept");
      expect(await run(["delete", "kept", "--confirm", "other"])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("which is kept"),
      });
      expect(await run(["delete", "kept"])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("--confirm kept"),
      });
      expect(await run(["delete", "kept", "--dry-run"])).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("2 tasks stopped. Nothing was changed."),
      });
      expect(await statusOf("kept")).toBe("ACTIVE");
    },
    2 * minutes,
  );

  test(
    "without waiting leaves it to drain, which the same command then waits for",
    async () => {
      await serviceCalled("draining");
      const args = ["delete", "draining", "--confirm", "draining"];
      expect(await run([...args, "--no-wait"])).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("being deleted"),
      });
      expect(await run(args)).toMatchObject({ exitCode: 0 });
      expect(await statusOf("draining")).toBe("INACTIVE");
    },
    2 * minutes,
  );

  test(
    "asks for the name on a terminal, and takes no other",
    async () => {
      await serviceCalled("asked");
      const wrong = await typing("aksed", ["delete", "asked"]);
      expect(wrong).toMatchObject({ exitCode: 2, output: expect.stringContaining("runs 2 tasks") });
      const left = await typing("\u0003", ["delete", "asked"]);
      expect(left).toMatchObject({ exitCode: 130, output: expect.stringContaining("left alone") });
      expect(await statusOf("asked")).toBe("ACTIVE");
      expect(await typing("asked", ["delete", "asked"])).toMatchObject({ exitCode: 0 });
      expect(await statusOf("asked")).toBe("INACTIVE");
    },
    2 * minutes,
  );
});
