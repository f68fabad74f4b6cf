import { parseCommandLine, type CommandLine, type DeployOptions } from "../core/command-line/parse.ts";
import type { CompatLine } from "../core/compat/parse.ts";
import { isCompatLine } from "../core/compat/tokenize.ts";
import { SlipwayError, UsageError } from "../core/errors.ts";
import { exitCode, type ExitCode } from "../core/exit-code.ts";
import { helpText } from "../core/command-line/help-text.ts";
import { displayMode } from "../terminal/display-mode.ts";
import { createOutput, type Output, type RunOutput } from "../terminal/output.ts";
import { paintFor } from "../terminal/paint.ts";
import { onInterrupt } from "./interrupt.ts";
import type { RunEdge } from "./run-context.ts";
import { scaledClock, systemClock } from "./system-clock.ts";
import { handlers } from "./verbs.ts";

/** The parts of `process` that a run touches. */
export type Process = Pick<NodeJS.Process, "stdout" | "stderr" | "env" | "cwd" | "on" | "off" | "exit">;

/**
 * One run of `./deploy`: arguments in, exit code out. The only place that turns errors into exit codes.
 *
 * @param args what follows the program's name
 */
export async function main(args: readonly string[], version: string, host: Process): Promise<ExitCode> {
  let command: CommandLine | CompatLine;
  try {
    command = isCompatLine(args)
      ? (await import("../core/compat/parse.ts")).parseCompat(args, host.env)
      : parseCommandLine(args);
  } catch (error) {
    return failed(error, outputFor(requestedForm(args), host));
  }
  if (command.kind === "help") {
    host.stdout.write(helpText(command.topic));
    return exitCode.completed;
  }
  if (command.kind === "version") {
    host.stdout.write(`${version}\n`);
    return exitCode.completed;
  }
  const options = command.kind === "compat" ? command : command.options;
  const output = outputFor(options, host);
  const interrupt = onInterrupt(host, output, isResumable(command));
  try {
    const edge: RunEdge = {
      output,
      clock: scaledClock(clockSpeed(host.env)),
      wallClock: systemClock,
      variables: host.env,
      workingFolder: host.cwd(),
      signal: interrupt.signal,
      attended: host.stderr.isTTY && !options.quiet,
    };
    const result =
      command.kind === "compat"
        ? await (await import("./compat/compat.ts")).compat(command, edge)
        : await (
            await handlers[command.verb]()
          )(command, edge);
    await output.result(result);
    return result.exitCode;
  } catch (error) {
    return failed(error, output);
  } finally {
    interrupt.release();
  }
}

/** A restart is a rollout of its own each time, as ecs-deploy's form is for a tag that may mean another image. */
function isResumable(command: Exclude<CommandLine | CompatLine, { kind: "help" | "version" }>): boolean {
  return command.kind === "run" && command.verb !== "restart";
}

function failed(error: unknown, output: Output): ExitCode {
  output.error(error);
  return error instanceof SlipwayError ? error.exitCode : exitCode.failed;
}

/** How many times as fast as AWS's the time of a local AWS runs; `./local env` says it. */
function clockSpeed(variables: NodeJS.ProcessEnv): number {
  const text = variables["SLIPWAY_CLOCK_SPEED"];
  if (text === undefined || text === "") return 1;
  const speed = Number(text);
  if (speed >= 0.1 && speed <= 10_000) return speed;
  throw new UsageError(
    `SLIPWAY_CLOCK_SPEED is ${JSON.stringify(text)}. Allowed: a number from 0.1 to 10000, as ./local env prints it; unset it for AWS.`,
  );
}

type OutputOptions = Pick<DeployOptions, "output" | "events" | "color" | "quiet" | "verbose">;

function outputFor({ output, events, color, quiet, verbose }: OutputOptions, host: Process): RunOutput {
  const result = events ? "ndjson" : output;
  const actions =
    host.env["GITHUB_ACTIONS"] === "true" ? { summaryFile: host.env["GITHUB_STEP_SUMMARY"] } : undefined;
  return createOutput(
    host,
    { result, quiet, verbose, progress: displayMode({ result, quiet, verbose }, host, host.env), actions },
    { stdout: paintFor(host.stdout, color, host.env), stderr: paintFor(host.stderr, color, host.env) },
  );
}

/** A command line that can't be read may still say that its reader is a program. */
function requestedForm(args: readonly string[]): OutputOptions {
  const asks = (option: string, value: string): boolean =>
    args.includes(`${option}=${value}`) ||
    args.some((arg, index) => arg === option && args[index + 1] === value);
  return {
    output: asks("--output", "json") ? "json" : "text",
    events: asks("--events", "ndjson"),
    color: !args.includes("--no-color"),
    quiet: false,
    verbose: false,
  };
}
