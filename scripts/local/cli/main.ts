import { ImagesFileError } from "../containers/images-file.ts";
import { SetupError } from "../moto/python.ts";
import { help, parseCommandLine, UsageError, type CommandLine } from "./command-line.ts";
import { env } from "./env.ts";
import { fault } from "./fault.ts";
import { logs } from "./logs.ts";
import { CommandError, type Output } from "./output.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import { time } from "./time.ts";
import { timeline } from "./timeline.ts";

/** Runs `./local` and gives its exit code: 0, 1 when it could not be done, 2 for bad usage or a missing prerequisite. */
export async function main(args: readonly string[], output: Output): Promise<number> {
  try {
    await run(parseCommandLine(args), output);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      output.progress(`${error.message} See ./local --help`);
      return 2;
    }
    if (error instanceof SetupError || error instanceof ImagesFileError) {
      output.progress(error.message);
      return 2;
    }
    if (error instanceof CommandError) {
      output.progress(error.message);
      return 1;
    }
    throw error;
  }
}

async function run(commandLine: CommandLine, output: Output): Promise<void> {
  switch (commandLine.command) {
    case "start":
      return start(commandLine, output);
    case "stop":
      return stop(commandLine, output);
    case "status":
      return status(commandLine, output);
    case "logs":
      return logs(commandLine, output);
    case "timeline":
      return timeline(commandLine, output);
    case "time":
      return time(commandLine, output);
    case "fault":
      return fault(commandLine, output);
    case "env":
      return env(commandLine, output);
    case "help":
      output.result(help.trimEnd());
  }
}
