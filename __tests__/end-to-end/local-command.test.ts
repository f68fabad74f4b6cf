import { createServer, type AddressInfo } from "node:net";
import path from "node:path";

import { CreateClusterCommand, ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";

import type { Status } from "../../scripts/local/gateway/status.ts";
import { projectRoot } from "../../scripts/project-root.ts";

jest.setTimeout(60_000);

const program = path.join(projectRoot(), "local");
const local = (...args: string[]) => execa(program, args, { reject: false });

let port = "";

afterEach(async () => {
  if (port !== "") await local("stop", "--port", port);
  port = "";
});

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(free);
}

async function answers(motoPort: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${motoPort}/moto-api/`);
    return true;
  } catch {
    return false;
  }
}

async function untilSilent(motoPort: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (!(await answers(motoPort))) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

async function status(): Promise<Status> {
  const answer = await local("status", "--port", port, "--output", "json");
  return JSON.parse(answer.stdout) as Status;
}

describe("./local", () => {
  test("starts once, says where it is, and is gone with its moto after stop", async () => {
    port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const first = await local("start", "--port", port);
    expect(first).toMatchObject({ exitCode: 0, stdout: endpoint });
    const running = await status();
    expect(running).toMatchObject({ endpoint, region: "us-east-1", speed: 20 });

    const second = await local("start", "--port", port);
    expect(second).toMatchObject({ exitCode: 0, stdout: endpoint });
    expect(second.stderr).toContain("running already");
    expect((await status()).pid).toBe(running.pid);

    const other = await local("start", "--port", port, "--speed", "5", "--no-throttle");
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toBe(
      `A local AWS runs already (process ${running.pid}), started without --speed 5 --no-throttle. Stop it first: ./local stop --port ${port}`,
    );

    const logs = await local("logs", "--port", port);
    expect(logs.stdout).toContain(`ready at ${endpoint}`);
    expect(await local("stop", "--port", port)).toMatchObject({ exitCode: 0 });
    expect(await untilSilent(running.moto.port)).toBe(true);
    expect(await local("status", "--port", port)).toMatchObject({ exitCode: 1 });
    expect(await local("stop", "--port", port)).toMatchObject({ exitCode: 0 });
  });

  test("enforces IAM as a bundle as well, where what it needs to know of AWS's actions is at hand", async () => {
    port = await freePort();
    await local("start", "--port", port, "--enforce-iam");
    const settings = { endpoint: `http://127.0.0.1:${port}`, region: "us-east-1" };
    const iam = new IAMClient({
      ...settings,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    await iam.send(new CreateUserCommand({ UserName: "reader" }));
    const Statement = [{ Effect: "Allow", Action: "ecs:ListClusters", Resource: "*" }];
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await iam.send(new PutUserPolicyCommand({ UserName: "reader", PolicyName: "reads", PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "reader" }));
    const credentials = {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    };
    const ecs = new ECSClient({ ...settings, credentials });
    expect((await ecs.send(new ListClustersCommand({}))).clusterArns).toEqual([]);
    await expect(ecs.send(new CreateClusterCommand({}))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });

  test("takes moto with it even when it is killed", async () => {
    port = await freePort();
    await local("start", "--port", port);
    const { pid, moto } = await status();
    expect(await answers(moto.port)).toBe(true);
    process.kill(pid, "SIGKILL");
    expect(await untilSilent(moto.port)).toBe(true);
  });

  test("ends quietly when its reader has enough, when it is interrupted, and when the local AWS ends", async () => {
    port = await freePort();
    await local("start", "--port", port);
    // More than a pipe holds.
    const name = "x".repeat(200);
    for (let call = 0; call < 400; call += 1) await fetch(`http://127.0.0.1:${port}/${name}`);
    const piped = await execa(`'${program}' timeline --port ${port} | head -1`, { shell: true });
    expect(piped.stderr).toBe("");
    expect(piped.stdout.split("\n")).toHaveLength(1);
    expect(piped.stdout).not.toContain("\u001b");

    const follow = () => execa(program, ["timeline", "-f", "--port", port], { reject: false, buffer: true });
    const interrupted = follow();
    interrupted.stdout.once("data", () => interrupted.kill("SIGINT"));
    const { exitCode, signal, stderr } = await interrupted;
    expect([130, "SIGINT"]).toContain(exitCode ?? signal);
    expect(stderr).toBe("");

    const left = follow();
    await new Promise((resolve) => left.stdout.once("data", resolve));
    await local("stop", "--port", port);
    expect(await left).toMatchObject({ exitCode: 0, stderr: "The local AWS has stopped." });
  });

  test("says that moto has ended, to the caller and in the log, and still stops", async () => {
    port = await freePort();
    await local("start", "--port", port);
    const { moto } = await status();
    const { stdout } = await execa("pgrep", ["-f", "--", `-H 127.0.0.1 -p ${moto.port}`]);
    for (const found of stdout.split("\n")) process.kill(Number(found), "SIGKILL");
    expect(await untilSilent(moto.port)).toBe(true);
    const answer = await fetch(`http://127.0.0.1:${port}/bucket`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain(
      "moto does not answer unsigned GET /bucket; ./local logs says more.",
    );
    expect((await local("logs", "--port", port)).stdout).toContain("error moto ended; see");
    expect(await local("stop", "--port", port)).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ["is not there", () => "nowhere.jsonc", "nowhere.jsonc cannot be read (there is no such file)"],
    ["is a folder", () => projectRoot(), "cannot be read (it is a folder)"],
    ["is no JSON", () => path.join(projectRoot(), "README.md"), "README.md:1:1"],
  ])(
    "refuses a file of images that %s before anything starts, with exit code 2",
    async (_what, file, why) => {
      const answer = await local("start", "--port", await freePort(), "--images", file());
      expect(answer.exitCode).toBe(2);
      expect(answer.stderr).toContain(why);
    },
  );

  test("names a port that another program holds", async () => {
    const other = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const used = String((other.address() as AddressInfo).port);
    const answer = await local("start", "--port", used);
    await new Promise((resolve) => other.close(resolve));
    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toBe(
      `Port ${used} is used by another program. Choose another one: ./local start --port <n>`,
    );
  });

  test("prints export lines that a POSIX shell takes in, with a folder for Terraform that is there", async () => {
    port = await freePort();
    const script = `eval "$('${program}' env --port ${port} 2>/dev/null)"; echo "$AWS_ENDPOINT_URL \${AWS_PROFILE-none}"; ls -d "$SLIPWAY_STATE_DIR"`;
    const shell = await execa("sh", ["-c", script], { env: { AWS_PROFILE: "production" } });
    const [told, folder] = shell.stdout.split("\n");
    expect(told).toBe(`http://127.0.0.1:${port} none`);
    expect(folder).toContain(port);
  });
});
