import { parseArgs, type ParseArgsConfig } from "node:util";

import { closest, distance } from "fastest-levenshtein";
import ms, { type StringValue } from "ms";

import { UsageError } from "./errors.ts";

/** Every option, once: the parser, `--help` and the suggestions all read this table. */
export const optionTable = {
  env: { type: "string", value: "name", help: "environment of environments.jsonc (default: test)" },
  templates: { type: "string", value: "dir", help: "folder of templates (default: templates)" },
  cluster: { type: "string", value: "name", help: "cluster; wins over the template's and the environment's" },
  region: { type: "string", value: "name", help: "AWS Region (default: the environment's)" },
  profile: { type: "string", value: "name", help: "AWS profile" },
  timeout: { type: "string", value: "duration", help: "how long to wait, as in 90s or 15m (default: 10m)" },
  "no-wait": { type: "boolean", help: "exit when the rollout has been started" },
  "dry-run": { type: "boolean", help: "print the plan and change nothing" },
  output: {
    type: "string",
    value: "text|json",
    help: "form of the result on standard output (default: text)",
  },
  events: { type: "string", value: "ndjson", help: "one event a line on standard output while it runs" },
  "no-color": { type: "boolean", help: "no colours" },
  quiet: { type: "boolean", help: "no progress on standard error, only problems and the result" },
  verbose: { type: "boolean", help: "every AWS call on standard error" },
  help: { type: "boolean", short: "h", help: "this text" },
  version: { type: "boolean", help: "the version" },
} as const satisfies Record<
  string,
  { type: "string" | "boolean"; short?: string; value?: string; help: string }
>;

/** The verbs, with the line that `--help` prints. */
export const verbTable = {
  create: "register a revision and create the service",
  update: "register a revision and update the service",
} as const;

type Verb = keyof typeof verbTable;

export interface DeployOptions {
  readonly environmentName: string;
  readonly templatesFolder: string;
  readonly cluster?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly timeoutMs: number;
  readonly wait: boolean;
  readonly dryRun: boolean;
  readonly output: "text" | "json";
  readonly events: boolean;
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | {
      readonly kind: "run";
      readonly verb: Verb;
      readonly services: readonly string[];
      readonly options: DeployOptions;
    };

/**
 * Reads `./deploy`'s arguments. Options may stand before or after the verb, and be written `--name value` or
 * `--name=value`.
 *
 * @param args what follows the program's name
 * @throws UsageError naming the argument, what is allowed and how to get help
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = tokenize(args);
  if (values.help === true) return { kind: "help" };
  if (values.version === true) return { kind: "version" };

  const [verb, ...services] = positionals;
  if (verb === undefined)
    throw usage(`No command was given. Commands: ${Object.keys(verbTable).join(", ")}.`);
  if (!isVerb(verb)) {
    throw usage(`Unknown command ${JSON.stringify(verb)}.${suggestion(verb, Object.keys(verbTable), "")}`);
  }
  const repeated = services.find((name, index) => services.indexOf(name) !== index);
  if (repeated !== undefined) throw usage(`Service ${JSON.stringify(repeated)} is named twice.`);

  return { kind: "run", verb, services, options: readOptions(values) };
}

type Values = { readonly [name in keyof typeof optionTable]?: string | boolean };

function tokenize(args: readonly string[]): { values: Values; positionals: readonly string[] } {
  const options: ParseArgsConfig["options"] = optionTable;
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, string | boolean> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const known = isOption(token.name) ? optionTable[token.name] : undefined;
    if (known === undefined) {
      throw usage(
        `Unknown option ${token.rawName}.${suggestion(token.name, Object.keys(optionTable), "--")}`,
      );
    }
    if (known.type === "boolean" && token.value !== undefined) {
      throw usage(`${token.rawName} takes no value, but ${JSON.stringify(token.value)} was given.`);
    }
    if (known.type === "string" && (token.value === undefined || token.value === "" || swallowed(token))) {
      throw usage(`${token.rawName} needs a value: ${token.rawName} <${known.value}>.`);
    }
    if (token.name in values) throw usage(`${token.rawName} is given twice.`);
    values[token.name] = token.value ?? true;
  }
  return { values, positionals };
}

/** `--cluster --dry-run` is a forgotten value, not a cluster of that name; `--cluster=--x` is meant. */
function swallowed(token: { value?: string | undefined; inlineValue?: boolean | undefined }): boolean {
  return token.inlineValue === false && token.value?.startsWith("--") === true;
}

function readOptions(values: Values): DeployOptions {
  const text = (name: keyof typeof optionTable): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  const output = oneOf("--output", text("output") ?? "text", ["text", "json"]);
  const events = text("events") !== undefined;
  oneOf("--events", text("events") ?? "ndjson", ["ndjson"]);
  if (output === "json" && events) {
    throw usage("--output json and --events ndjson both claim standard output; choose one.");
  }
  if (values.quiet === true && values.verbose === true) {
    throw usage("--quiet and --verbose contradict each other; choose one.");
  }
  return {
    environmentName: text("env") ?? "test",
    templatesFolder: text("templates") ?? "templates",
    ...optional("cluster", text("cluster")),
    ...optional("region", text("region")),
    ...optional("profile", text("profile")),
    timeoutMs: duration(text("timeout") ?? "10m"),
    wait: values["no-wait"] !== true,
    dryRun: values["dry-run"] === true,
    output,
    events,
    color: values["no-color"] !== true,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
  };
}

function optional<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]?: string });
}

const shortestTimeoutMs = 1_000;
const longestTimeoutMs = 24 * 60 * 60 * 1_000;

function duration(text: string): number {
  const milliseconds = /^\d+(\.\d+)?\s*(ms|s|m|h)$/.test(text) ? ms(text as StringValue) : undefined;
  if (milliseconds === undefined || milliseconds < shortestTimeoutMs || milliseconds > longestTimeoutMs) {
    throw usage(
      `--timeout ${JSON.stringify(text)} is not a duration. Allowed: a number and s, m or h, from 1s to 24h, as in 90s or 15m.`,
    );
  }
  return milliseconds;
}

function oneOf<const Allowed extends string>(
  option: string,
  value: string,
  allowed: readonly Allowed[],
): Allowed {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw usage(`${option} ${JSON.stringify(value)} is not known. Allowed: ${allowed.join(", ")}.`);
  }
  return found;
}

function usage(message: string): UsageError {
  return new UsageError(`${message} See ./deploy --help.`);
}

function suggestion(given: string, known: readonly string[], prefix: string): string {
  const nearest = closest(given, known);
  return distance(given, nearest) <= 2
    ? ` Did you mean ${prefix}${nearest}?`
    : ` Known: ${known.map((name) => prefix + name).join(", ")}.`;
}

function isVerb(name: string): name is Verb {
  return Object.hasOwn(verbTable, name);
}

function isOption(name: string): name is keyof typeof optionTable {
  return Object.hasOwn(optionTable, name);
}
