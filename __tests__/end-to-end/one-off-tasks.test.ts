import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

import {
  DescribeTasksCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy, running, type DeploySettings, type Finished } from "../helpers/deploy-command.ts";
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
  await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
  ecs = new ECSClient(settings(local, root));
  variables = await deployerVariables(local);
  const created = await Promise.all([
    run(["create", "nginx"], "nginx:1.27"),
    run(["create", "hello"], "hello:1"),
  ]);
  expect(created.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
}, 3 * minutes);

afterAll(async () => {
  ecs.destroy();
  await local.stop();
});

function options(image?: string): DeploySettings {
  return { endpoint: local.endpoint, speed, variables, ...(image === undefined ? {} : { image }) };
}

function run(args: readonly string[], image?: string): Promise<Finished> {
  return deploy(args, options(image));
}

async function revisionsOf(family: string): Promise<number> {
  const { taskDefinitionArns = [] } = await ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: family }),
  );
  return taskDefinitionArns.length;
}

describe("a one-off task", () => {
  test(
    "of a new image runs before the update, in a revision that the update then uses; its log is the output",
    async () => {
      const image = "hello:2-exit-20-log-every-8";
      const before = await revisionsOf("hello");
      const ran = await run(["run", "hello", "--set-env", "MODE=all=1", "--", "migrate", "--all"], image);
      expect(ran).toMatchObject({ exitCode: 0 });
      expect(ran.stdout.split("\n")).toEqual([
        `${image} started`,
        `${image} has run for 8 s`,
        `${image} has run for 16 s`,
        `${image} is done 20 s after its start, exit code 0`,
      ]);
      expect(await revisionsOf("hello")).toBe(before + 1);
      const id = /task (\w{32}) succeeded/.exec(ran.stderr)?.[1] ?? "";
      const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: "test", tasks: [id] }));
      expect(tasks).toMatchObject([
        {
          launchType: "FARGATE",
          startedBy: expect.stringMatching(/^slipway\//),
          overrides: {
            containerOverrides: [
              { command: ["migrate", "--all"], environment: [{ name: "MODE", value: "all=1" }] },
            ],
          },
        },
      ]);
      await run(["update", "hello", "--no-wait"], image);
      expect(await revisionsOf("hello")).toBe(before + 1);
    },
    2 * minutes,
  );

  test(
    "that crashes ends with 1 and says with which code; one that cannot start says why",
    async () => {
      const crashed = await run(["run", "nginx", "--output", "json"], "nginx:1.9-crash-2-exit-code-3");
      expect(crashed.exitCode).toBe(1);
      expect(JSON.parse(crashed.stdout)).toMatchObject({
        outcome: "failed",
        tasks: [{ containers: [{ container: "nginx", exitCode: 3 }] }],
        lines: [{ container: "nginx" }, { container: "nginx" }],
      });
      expect(crashed.stderr).toContain("nginx exited with 3");
      const missing = await run(["run", "nginx"], "nginx:1.9-missing");
      expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("CannotPull") });
    },
    2 * minutes,
  );

  test(
    "goes on when its time is up, or after Ctrl-C, and the output says how to stop it",
    async () => {
      const timedOut = await run(["run", "nginx", "--timeout", "60s"]);
      expect(timedOut).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("aws ecs stop-task") });
      const child = running(["run", "nginx"], options());
      child.stderr.on("data", (data: Buffer) => {
        if (data.toString().includes("RUNNING")) child.kill("SIGINT");
      });
      const interrupted = await child;
      expect(interrupted.exitCode).toBe(130);
      const id = /Task (\w{32}) goes on/.exec(interrupted.stderr)?.[1] ?? "";
      const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: "test", tasks: [id] }));
      expect(tasks).toMatchObject([{ lastStatus: "RUNNING" }]);
    },
    2 * minutes,
  );

  test("is started once although the answer of RunTask got lost", async () => {
    const started = async (): Promise<number> => {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: "test", family: "nginx" }));
      return taskArns.length;
    };
    const before = await started();
    await fetch(new URL("/_slipway/faults", local.endpoint), {
      method: "POST",
      body: JSON.stringify({ kind: "drop-after-effect", service: "ecs", operation: "RunTask", times: 1 }),
    });
    const ran = await run(["run", "nginx", "--no-wait"]);
    expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\w{32}$/) });
    expect(await started()).toBe(before + 1);
  });

  test("that fits on no host ends with 1 and says what to change", async () => {
    expect(await run(["run", "nginx", "--memory", "9999999"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("RESOURCE:MEMORY: no host has as much memory left"),
    });
  });

  test("is only printed with --dry-run, without what looks like a secret", async () => {
    const before = await revisionsOf("nginx");
    const args = ["run", "nginx", "--dry-run", "--set-env", "DB_PASSWORD=hunter2", "--", "true"];
    const { exitCode, stdout } = await run(args, "nginx:never-registered-9");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("1. RegisterTaskDefinition");
    expect(stdout).toContain("2. RunTask");
    expect(stdout).not.toContain("hunter2");
    expect(await revisionsOf("nginx")).toBe(before);
  });

  test("is refused for a container that there is not, and for --count 0", async () => {
    expect(await run(["run", "nginx", "--container", "side"])).toMatchObject({ exitCode: 2 });
    expect(await run(["run", "nginx", "--count", "0"])).toMatchObject({ exitCode: 2 });
  });
});

describe("a session in a container", () => {
  let proxy: Server;
  let bin: string;

  /** The local AWS has no Session Manager: what it says of the agent and of sessions is said here. */
  beforeAll(async () => {
    proxy = createServer((incoming, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk as Buffer);
        const body = Buffer.concat(chunks).toString();
        const target = String(incoming.headers["x-amz-target"] ?? "");
        response.setHeader("content-type", "application/x-amz-json-1.1");
        if (target.endsWith(".ExecuteCommand")) {
          const { command } = JSON.parse(body) as { command: string };
          const session = {
            sessionId: "ecs-1",
            streamUrl: `wss://example.test/${command}`,
            tokenValue: "token",
          };
          response.end(
            JSON.stringify({ session, clusterArn: "arn:aws:ecs:us-east-1:123456789012:cluster/test" }),
          );
          return;
        }
        // With its own host, for which it is signed.
        const { status, text } = await forwarded(incoming, body);
        response.statusCode = status;
        const agent = [{ name: "ExecuteCommandAgent", lastStatus: "RUNNING" }];
        response.end(
          target.endsWith(".DescribeTasks")
            ? JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
                isRecord(value) && "runtimeId" in value ? { ...value, managedAgents: agent } : value,
              ).replaceAll('"enableExecuteCommand":false', '"enableExecuteCommand":true')
            : text,
        );
      })();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    bin = path.join(local.directory, "bin");
    await mkdir(bin, { recursive: true });
    const plugin = path.join(bin, "session-manager-plugin");
    await writeFile(
      plugin,
      `#!/bin/sh\nprintf '%s\\n' "$@" > "${bin}/arguments"\nexit "\${PLUGIN_EXIT:-0}"\n`,
    );
    await chmod(plugin, 0o755);
  });

  afterAll(() => {
    proxy.close();
  });

  async function exec(args: readonly string[], more: Record<string, string> = {}): Promise<Finished> {
    const { port } = proxy.address() as AddressInfo;
    return deploy(["exec", "nginx", ...args], {
      endpoint: `http://127.0.0.1:${port}`,
      variables: { ...variables, PATH: `${bin}:${process.env["PATH"] ?? ""}`, ...more },
      speed,
    });
  }

  async function anyTask(): Promise<string> {
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: "test", serviceName: "nginx" }));
    return taskArns[0]?.split("/").at(-1) ?? "";
  }

  test("is handed to AWS's plugin with the AWS CLI's arguments", async () => {
    const task = await anyTask();
    expect(await exec(["--task", task, "--", "ls", "a b"])).toMatchObject({ exitCode: 0 });
    const [session = "", region, operation, profile, parameters = "", endpoint] = (
      await readFile(path.join(bin, "arguments"), "utf8")
    ).split("\n");
    expect(JSON.parse(session)).toEqual({
      sessionId: "ecs-1",
      streamUrl: "wss://example.test/ls 'a b'",
      tokenValue: "token",
    });
    expect([region, operation, profile]).toEqual(["us-east-1", "StartSession", ""]);
    expect(JSON.parse(parameters)).toEqual({ Target: expect.stringMatching(`^ecs:test_${task}_\\w+`) });
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test("that the plugin could not keep ends with 1, and says so", async () => {
    expect(await exec(["--task", await anyTask()], { PLUGIN_EXIT: "255" })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("session plugin ended with 255"),
    });
  });

  test("is refused without the plugin, with where to get it, and with --output json", async () => {
    const { PATH = "" } = process.env;
    const without = await exec(["--task", await anyTask()], { PATH });
    expect(without).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("install-plugin") });
    expect(await exec(["--output", "json"])).toMatchObject({ exitCode: 2 });
  });

  test("is refused where sessions are not enabled, with what to write", async () => {
    expect(await run(["exec", "hello"])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('"enableExecuteCommand": true'),
    });
  });
});

function forwarded(
  { method, url, headers }: IncomingMessage,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const forward = request(new URL(url ?? "/", local.endpoint), { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        resolve({ status: answer.statusCode ?? 500, text: Buffer.concat(chunks).toString() });
      });
    });
    forward.on("error", reject);
    forward.end(body);
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
