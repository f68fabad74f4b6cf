import { createServer, type AddressInfo } from "node:net";
import path from "node:path";

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

    const logs = await local("logs", "--port", port);
    expect(logs.stdout).toContain(`ready at ${endpoint}`);
    expect(await local("stop", "--port", port)).toMatchObject({ exitCode: 0 });
    expect(await untilSilent(running.moto.port)).toBe(true);
    expect(await local("status", "--port", port)).toMatchObject({ exitCode: 1 });
    expect(await local("stop", "--port", port)).toMatchObject({ exitCode: 0 });
  });

  test("takes moto with it even when it is killed", async () => {
    port = await freePort();
    await local("start", "--port", port);
    const { pid, moto } = await status();
    expect(await answers(moto.port)).toBe(true);
    process.kill(pid, "SIGKILL");
    expect(await untilSilent(moto.port)).toBe(true);
  });

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

  test("prints export lines that a POSIX shell takes in", async () => {
    port = await freePort();
    const script = `eval "$('${program}' env --port ${port} 2>/dev/null)"; echo "$AWS_ENDPOINT_URL \${AWS_PROFILE-none}"`;
    const shell = await execa("sh", ["-c", script], { env: { AWS_PROFILE: "production" } });
    expect(shell.stdout).toBe(`http://127.0.0.1:${port} none`);
  });
});
