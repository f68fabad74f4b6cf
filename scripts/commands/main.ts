import { parseCommandLine, type CommandLine, type DeployOptions } from "../core/command-line.ts";
import { SlipwayError } from "../core/errors.ts";
import { exitCode, type ExitCode } from "../core/exit-code.ts";
import { helpText } from "../core/help-text.ts";
import { createOutput, type Output } from "../terminal/output.ts";
import { paintFor } from "../terminal/paint.ts";
import { deployServices } from "./deploy-services.ts";
import { onInterrupt } from "./interrupt.ts";
import { systemClock } from "./system-clock.ts";

/** The parts of `process` that a run touches. */
export type Process = Pick<NodeJS.Process, "stdout" | "stderr" | "env" | "cwd" | "on" | "off" | "exit">;

/**
 * One run of `./deploy`: arguments in, exit code out. The only place that turns errors into exit codes.
 *
 * @param args what follows the program's name
 */
export async function main(args: readonly string[], version: string, host: Process): Promise<ExitCode> {
  let command: CommandLine;
  try {
    command = parseCommandLine(args);
  } catch (error) {
    return failed(error, outputFor(requestedForm(args), host));
  }
  if (command.kind === "help") {
    host.stdout.write(helpText());
    return exitCode.completed;
  }
  if (command.kind === "version") {
    host.stdout.write(`${version}\n`);
    return exitCode.completed;
  }
  const output = outputFor(command.options, host);
  const interrupt = onInterrupt(host, output);
  try {
    const report = await deployServices(command, {
      output,
      clock: systemClock,
      variables: host.env,
      workingFolder: host.cwd(),
      signal: interrupt.signal,
    });
    output.result(report);
    return report.exitCode;
  } catch (error) {
    return failed(error, output);
  } finally {
    interrupt.release();
  }
}

function failed(error: unknown, output: Output): ExitCode {
  output.error(error);
  return error instanceof SlipwayError ? error.exitCode : exitCode.failed;
}

type OutputOptions = Pick<DeployOptions, "output" | "events" | "color" | "quiet" | "verbose">;

function outputFor({ output, events, color, quiet, verbose }: OutputOptions, host: Process): Output {
  return createOutput(
    host,
    { result: events ? "ndjson" : output, quiet, verbose },
    { stdout: paintFor(host.stdout, color, host.env), stderr: paintFor(host.stderr, color, host.env) },
  );
}

/** A command line that can't be read may still say that its reader is a program. */
function requestedForm(args: readonly string[]): OutputOptions {
  const json = args.includes("--output=json") || args[args.indexOf("--output") + 1] === "json";
  return {
    output: json ? "json" : "text",
    events: false,
    color: !args.includes("--no-color"),
    quiet: false,
    verbose: false,
  };
}
