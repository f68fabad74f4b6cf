import { appendFileSync } from "node:fs";
import { createServer } from "node:net";

import { execa } from "execa";

import { ImagesFileError } from "../containers/images-file.ts";
import { detailsOf } from "../error-details.ts";
import type { Status } from "../gateway/status.ts";
import { SetupError } from "../moto/python.ts";
import { defaultPort, localDirectory, logFile, startLocal } from "../start.ts";
import { statusOn } from "./client.ts";
import type { CommandLine } from "./command-line.ts";
import { CommandError, type Output } from "./output.ts";

/** What the process in the background tells the one that started it. */
type Report = { readonly ready: string } | { readonly failed: string; readonly isSetup?: boolean };

/** `./local start`: starts the local AWS in the background and returns when it is ready. */
export async function start(commandLine: CommandLine, output: Output): Promise<void> {
  const { port } = commandLine;
  const running = await statusOn(port);
  if (running) {
    refuseOtherTerms(commandLine, running);
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
  output.progress(`Next: eval "$(./local env${port === defaultPort ? "" : ` --port ${port}`})"`);
}

/** A local AWS that runs is not changed by a second start: one that asks for something else is told so. */
function refuseOtherTerms({ given, speed, images, port }: CommandLine, running: Status): void {
  const others = [
    given.has("speed") && speed !== running.speed && `--speed ${speed}`,
    given.has("no-throttle") && running.throttle && "--no-throttle",
    given.has("enforce-iam") && !running.enforceIam && "--enforce-iam",
    given.has("docker") && !running.docker && "--docker",
    images !== undefined && `--images ${images}`,
  ].filter((part) => typeof part === "string");
  if (others.length === 0) return;
  const stop = port === defaultPort ? "./local stop" : `./local stop --port ${port}`;
  throw new CommandError(
    `A local AWS runs already (process ${running.pid}), started without ${others.join(" ")}. Stop it first: ${stop}`,
  );
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
  if ("failed" in report) {
    const message = `The local AWS did not start. ${report.failed}`;
    throw report.isSetup === true ? new SetupError(message) : new CommandError(message);
  }
  child.unref();
  return report.ready;
}

/** Runs the local AWS in this process until it is told to end. */
async function stay(commandLine: CommandLine, output: Output): Promise<void> {
  const { port, speed, throttle, enforceIam, images, docker } = commandLine;
  const inBackground = process.connected;
  // Nobody sees what a process in the background says last, so it goes where one would look.
  process.on("uncaughtExceptionMonitor", (error) => {
    appendFileSync(
      logFile(localDirectory(), port),
      `${new Date().toISOString()} ended by ${detailsOf(error)}\n`,
    );
  });
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
    if (inBackground) {
      const failed = error instanceof Error ? error.message : String(error);
      reportTo({ failed, isSetup: error instanceof SetupError || error instanceof ImagesFileError });
    }
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
