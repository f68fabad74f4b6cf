import { parseArgs } from "node:util";

import { speeds } from "../clock.ts";
import { faultKinds } from "../faults/fault.ts";
import { defaultPort, defaultSpeed } from "../start.ts";

/** What `./local --help` prints. */
export const help = `Usage: ./local <command> [options]

AWS on this machine: moto, with an ECS scheduler, load balancers and CodeDeploy that really run, behind one endpoint.

Commands
  start             start it and return when it is ready
  stop              stop it and forget everything in it
  status            endpoint, services, the addresses of listeners and tasks
  logs              what it has done; -f follows
  timeline          every call, task, target, deployment and shift of traffic, in order; -f follows
  time              hold | resume | step <seconds>: stop AWS's time and turn it by hand;
                    speed <n>: let it pass at another speed; alone, tell it
  fault             add <kind> | list | clear [<id>]: have calls go wrong (${faultKinds.join(", ")})
  env               print export lines: eval "$(./local env)" points this shell at it

Options
  --port <n>        loopback port of the endpoint (default: ${defaultPort})
  --output <form>   status, timeline, fault: text or json (default: text)
  -f, --follow      logs, timeline: go on as lines are added
  -h, --help        this text

Options of start
  --speed <n>       how many times faster AWS's time passes (default: ${defaultSpeed})
  --no-throttle     take calls faster than AWS's documented rates
  --enforce-iam     allow calls only as the policies of their callers do
  --images <file>   how images behave (default: slipway.images.jsonc, if there)
  --docker          run the real images with Docker
  --foreground      stay, and log to standard error; Ctrl-C stops it

Options of timeline
  --type <types>    only these, such as task,target
  --since <n>       only entries after this number

Options of fault add
  --service <name>  only calls of this service, such as ecs
  --operation <op>  only calls of this operation, such as UpdateService
  --calls <n,...>   only the n-th such call, from 1
  --every <n>       only every n-th such call
  --share <0..1>    only this share of them; --seed <n> draws another share
  --times <n>       at most so often
  --delay <ms>      how long, for kind delay
  --message <text>  what the error says

docs/local.md tells more.
`;

const commands = ["start", "stop", "status", "logs", "timeline", "time", "fault", "env"] as const;

/** The commands that take words of their own after their name. */
const withWords: ReadonlySet<string> = new Set(["time", "fault"]);

const options = {
  port: { type: "string" },
  output: { type: "string" },
  follow: { type: "boolean", short: "f", default: false },
  help: { type: "boolean", short: "h", default: false },
  speed: { type: "string" },
  "no-throttle": { type: "boolean", default: false },
  "enforce-iam": { type: "boolean", default: false },
  images: { type: "string" },
  docker: { type: "boolean", default: false },
  foreground: { type: "boolean", default: false },
  type: { type: "string" },
  since: { type: "string" },
  service: { type: "string" },
  operation: { type: "string" },
  calls: { type: "string" },
  every: { type: "string" },
  share: { type: "string" },
  seed: { type: "string" },
  times: { type: "string" },
  delay: { type: "string" },
  message: { type: "string" },
} as const;

/** Which commands an option is for; the others are for all. */
const optionsOf: Readonly<Record<string, readonly string[]>> = {
  start: ["speed", "no-throttle", "enforce-iam", "images", "docker", "foreground"],
  timeline: ["type", "since", "follow", "output"],
  logs: ["follow"],
  status: ["output"],
  time: ["output"],
  fault: ["service", "operation", "calls", "every", "share", "seed", "times", "delay", "message", "output"],
};

/** What a fault is narrowed by, as typed. */
export type FaultOptions = Readonly<
  Partial<
    Record<
      "service" | "operation" | "calls" | "every" | "share" | "seed" | "times" | "delay" | "message",
      string
    >
  >
>;

/** A command with its options. */
export interface CommandLine {
  readonly command: (typeof commands)[number] | "help";
  /** What follows the command's name. */
  readonly words: readonly string[];
  readonly port: number;
  readonly speed: number;
  readonly throttle: boolean;
  readonly enforceIam: boolean;
  readonly images: string | undefined;
  readonly docker: boolean;
  readonly foreground: boolean;
  readonly follow: boolean;
  readonly types: string | undefined;
  readonly since: number;
  readonly fault: FaultOptions;
  readonly output: "text" | "json";
  /** The options that were given, rather than left at their defaults. */
  readonly given: ReadonlySet<string>;
}

/** The command line is not one that `./local` knows; the message says what is. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Parses the arguments of `./local`. @throws UsageError for anything that it does not know */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const [command = "help", ...words] = positionals;
  const known = commands.find((name) => name === command);
  if (!known && command !== "help") {
    throw new UsageError(`There is no command "${command}". The commands are: ${commands.join(", ")}.`);
  }
  if (words.length > 0 && !withWords.has(command)) {
    throw new UsageError(`"${words.join(" ")}" is one argument too many after "${command}".`);
  }
  if (!values.help && known) refuseForeignOptions(known, values);
  const output = values.output ?? "text";
  if (output !== "text" && output !== "json") {
    throw new UsageError(`--output is "${output}", but must be text or json.`);
  }
  const { service, operation, calls, every, share, seed, times, delay, message } = values;
  return {
    command: values.help ? "help" : (known ?? "help"),
    words,
    port: numberOption("--port", values.port ?? String(defaultPort), 1, 65535, true),
    speed: speedOption("--speed", values.speed ?? String(defaultSpeed)),
    throttle: !values["no-throttle"],
    enforceIam: values["enforce-iam"],
    images: values.images,
    docker: values.docker,
    foreground: values.foreground,
    follow: values.follow,
    types: values.type,
    since: numberOption("--since", values.since ?? "0", 0, Number.MAX_SAFE_INTEGER, true),
    fault: given({ service, operation, calls, every, share, seed, times, delay, message }),
    output,
    given: new Set(Object.keys(values).filter((name) => isGiven(values, name))),
  };
}

function isGiven(values: Readonly<Record<string, unknown>>, name: string): boolean {
  return values[name] !== undefined && values[name] !== false;
}

function given(asked: Readonly<Record<string, string | undefined>>): FaultOptions {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}

/** An option that the command would not look at is a mistake, not a wish. */
function refuseForeignOptions(command: string, values: Readonly<Record<string, unknown>>): void {
  const own = new Set(["port", "help", ...(optionsOf[command] ?? [])]);
  const foreign = Object.keys(values).find((name) => !own.has(name) && isGiven(values, name));
  if (foreign !== undefined) throw new UsageError(`--${foreign} is no option of ./local ${command}.`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    const text = String(cause).replace(/^\w+ \[\w+\]: /, "");
    const [message] = text.split(". To specify");
    throw new UsageError(`${(message ?? "").replace(/\.$/, "")}.`, { cause });
  }
}

/** A speed as typed. @throws UsageError */
export function speedOption(name: string, text: string): number {
  return numberOption(name, text, speeds.slowest, speeds.fastest, false);
}

/** A number as typed. @throws UsageError when it is none, or out of its range */
export function numberOption(name: string, text: string, from: number, to: number, whole: boolean): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (value >= from && value <= to && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(
    `${name} is "${text}", but must be a ${whole ? "whole " : ""}number from ${from} to ${to}.`,
  );
}
