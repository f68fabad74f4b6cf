import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { execa } from "execa";
import pidusage from "pidusage";

import { projectRoot } from "../project-root.ts";
import { createQuickEnvironment, type QuickEnvironment } from "../rehearsal/without-terraform.ts";

/** A local AWS in a process of its own, so that what measures does not slow what is measured. */
export interface LocalProcess {
  readonly endpoint: string;
  readonly region: string;
  readonly settings: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** CPU and memory of gateway and moto together since the last time it was asked. */
  usage(): Promise<{ cpuPercent: number; memoryMb: number }>;
  stop(): Promise<void>;
}

const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const region = "us-east-1";

/** Measures something on a local AWS of its own, with the surroundings that tasks need, and takes it all down again. */
export async function withLocalProcess<Result>(
  options: readonly string[],
  measure: (local: LocalProcess, environment: QuickEnvironment) => Promise<Result>,
): Promise<Result> {
  const local = await startLocalProcess(options);
  try {
    const settings = { name: "test", hosts: 0, instanceType: "t3.small" };
    return await measure(local, await createQuickEnvironment(local, settings));
  } finally {
    await local.stop();
  }
}

/** Starts `./local` on a free port. */
export async function startLocalProcess(options: readonly string[]): Promise<LocalProcess> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const local = path.join(projectRoot(), "local");
  const child = execa(local, ["start", "--foreground", "--port", String(port), ...options], {
    stdin: "ignore",
    stderr: "ignore",
    buffer: false,
    reject: false,
  });
  await ready(child.stdout, child);
  const status = (await (await fetch(`${endpoint}/_slipway/status`)).json()) as { pid: number };
  return {
    endpoint,
    region,
    settings: { endpoint, region, credentials },
    async usage() {
      const used = await Promise.all((await familyOf(status.pid)).map((pid) => pidusage(pid)));
      const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
      return {
        cpuPercent: sum(used.map(({ cpu }) => cpu)),
        memoryMb: sum(used.map(({ memory }) => memory)) / 2 ** 20,
      };
    },
    async stop() {
      process.kill(status.pid, "SIGTERM");
      await child;
    },
  };
}

async function ready(output: Readable, ended: Promise<unknown>): Promise<void> {
  const failure = ended.then(() => {
    throw new Error("The local AWS did not start: ./local start --foreground says why.");
  });
  // Its first line is its endpoint.
  await Promise.race([once(createInterface(output), "line"), failure]);
}

/** A process and its children, moto among them. */
async function familyOf(pid: number): Promise<number[]> {
  const { stdout } = await execa("ps", ["-A", "-o", "pid=,ppid="]);
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const family = [pid];
  for (const member of family) {
    family.push(...rows.filter(([, parent]) => parent === member).map(([own = 0]) => own));
  }
  return family;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
