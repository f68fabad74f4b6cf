import { parseArgs } from "node:util";

import { defaultPort, defaultSpeed } from "../start.ts";

/** What `./local --help` prints. */
export const help = `Usage: ./local <command> [options]

AWS on this machine: moto, with an ECS scheduler and load balancers that really run, behind one endpoint.

Commands
  start     start it and return when it is ready
  stop      stop it and forget everything in it
  status    endpoint, the listeners' addresses, services
  logs      what it has done; -f follows
  env       print export lines: eval "$(./local env)" points this shell at it

Options
  --port <n>       loopback port of the endpoint (default: ${defaultPort})
  --speed <n>      start: how many times faster AWS's time passes (default: ${defaultSpeed})
  --foreground     start: stay, and log to standard error; Ctrl-C stops it
  --output <form>  status: text or json (default: text)
  -f, --follow     logs: go on as lines are added
  -h, --help       this text
`;

const commands = ["start", "stop", "status", "logs", "env"] as const;

/** A command with its options. */
export interface CommandLine {
  readonly command: (typeof commands)[number] | "help";
  readonly port: number;
  readonly speed: number;
  readonly foreground: boolean;
  readonly follow: boolean;
  readonly output: "text" | "json";
}

/** The command line is not one that `./local` knows; the message says what is. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Parses the arguments of `./local`. @throws UsageError for anything that it does not know */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const [command = "help", ...rest] = positionals;
  if (rest.length > 0) {
    throw new UsageError(`"${rest.join(" ")}" is one argument too many after "${command}".`);
  }
  const known = commands.find((name) => name === command);
  if (!known && command !== "help") {
    throw new UsageError(`There is no command "${command}". The commands are: ${commands.join(", ")}.`);
  }
  const output = values.output ?? "text";
  if (output !== "text" && output !== "json") {
    throw new UsageError(`--output is "${output}", but must be text or json.`);
  }
  return {
    command: values.help ? "help" : (known ?? "help"),
    port: numberOption("--port", values.port ?? String(defaultPort), 1, 65535, true),
    speed: numberOption("--speed", values.speed ?? String(defaultSpeed), 0.1, 10000, false),
    foreground: values.foreground,
    follow: values.follow,
    output,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: "string" },
        speed: { type: "string" },
        output: { type: "string" },
        foreground: { type: "boolean", default: false },
        follow: { type: "boolean", short: "f", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (cause) {
    const text = String(cause).replace(/^\w+ \[\w+\]: /, "");
    const [message] = text.split(". To specify");
    throw new UsageError(`${(message ?? "").replace(/\.$/, "")}.`, { cause });
  }
}

function numberOption(name: string, text: string, from: number, to: number, whole: boolean): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (value >= from && value <= to && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(
    `${name} is "${text}", but must be a ${whole ? "whole " : ""}number from ${from} to ${to}.`,
  );
}
