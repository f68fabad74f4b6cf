import { createServer } from "node:net";

import { execa } from "execa";

import { localDirectory, logFile, startLocal } from "../start.ts";
import { statusOn } from "./client.ts";
import type { CommandLine } from "./command-line.ts";
import { CommandError, type Output } from "./output.ts";

/** What the process in the background tells the one that started it. */
type Report = { readonly ready: string } | { readonly failed: string };

/** `./local start`: starts the local AWS in the background and returns when it is ready. */
export async function start(commandLine: CommandLine, output: Output): Promise<void> {
  const { port } = commandLine;
  const running = await statusOn(port);
  if (running) {
    output.progress(`The local AWS is running already, since process ${running.pid}.`);
    output.result(running.endpoint);
    return;
  }
  await refuseUsedPort(port);
  if (commandLine.foreground) {
    await stay(commandLine, output);
    return;
  }
  output.progress("Starting the local AWS …");
  output.result(await startInBackground(commandLine));
  output.progress(`Next: eval "$(./local env${port === 4566 ? "" : ` --port ${port}`})"`);
}

/** A port that another program holds is named, rather than a gateway that fails later. */
async function refuseUsedPort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === "EADDRINUSE" ? "is used by another program" : `can't be used (${cause.message})`;
      reject(
        new CommandError(`Port ${port} ${why}. Choose another one: ./local start --port <n>`, { cause }),
      );
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
  });
}

async function startInBackground({ port }: CommandLine): Promise<string> {
  const program = process.argv[1] ?? "";
  const args = [...process.argv.slice(2), "--foreground"];
  const child = execa(process.execPath, [...process.execArgv, program, ...args], {
    detached: true,
    cleanup: false,
    ipc: true,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    reject: false,
  });
  const ended = child.then((): Report => ({ failed: `It ended; see ${logFile(localDirectory(), port)}` }));
  const report = await Promise.race([child.getOneMessage() as Promise<Report>, ended]).catch(() => ended);
  if ("failed" in report) throw new CommandError(`The local AWS did not start. ${report.failed}`);
  child.unref();
  return report.ready;
}

/** Runs the local AWS in this process until it is told to end. */
async function stay(commandLine: CommandLine, output: Output): Promise<void> {
  const { port, speed, throttle, enforceIam, images, docker } = commandLine;
  const inBackground = process.connected;
  try {
    const local = await startLocal({
      port,
      speed,
      throttle,
      enforceIam,
      docker,
      ...(images !== undefined && { images }),
      quiet: inBackground,
    });
    const ending = untilSignal();
    if (inBackground) reportTo({ ready: local.endpoint });
    else output.result(local.endpoint);
    await ending;
    await local.stop();
  } catch (error) {
    if (inBackground) reportTo({ failed: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

function reportTo(report: Report): void {
  process.send?.(report, () => {
    process.disconnect();
  });
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}
