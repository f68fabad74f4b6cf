import { parseArgs, type ParseArgsConfig } from "node:util";

import { nearestName } from "../aws-model/nearest.ts";
import { onlyEcsDeploys } from "../compat/options.ts";
import { optionTable, type OptionEntry, type OptionName } from "./options.ts";
import { quotedShort, usage } from "./values.ts";
import { isVerb, optionsOf } from "./verbs.ts";

/** What each option was given. */
export type Values = { readonly [name in OptionName]?: string | true | readonly string[] };

/** The pieces of a command line. */
export interface Tokens {
  readonly values: Values;
  readonly positionals: readonly string[];
  /** What follows `--`. */
  readonly rest: readonly string[];
}

const parserOptions: ParseArgsConfig["options"] = Object.fromEntries(
  Object.entries(optionTable).map(([name, option]) => [
    name,
    { type: option.type, ...("short" in option ? { short: option.short } : {}) },
  ]),
);

/**
 * Takes a command line apart: options by their names, the words between them, and what follows `--`.
 *
 * @throws UsageError for an option that is not known, lacks its value, has one that it does not take, or is repeated
 */
export function tokenize(args: readonly string[]): Tokens {
  const { tokens } = parseArgs({
    args: [...args],
    options: parserOptions,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, string | true | readonly string[]> = {};
  const positionals: string[] = [];
  const rest: string[] = [];
  let terminated = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") terminated = true;
    if (token.kind === "positional") (terminated ? rest : positionals).push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    if (!isOption(name)) throw unknown(rawName, args);
    const entry: OptionEntry = optionTable[name];
    if (entry.type === "boolean") {
      if (value !== undefined) throw usage(`${rawName} takes no value, but ${quotedShort(value)} was given.`);
      if (values[name] !== undefined) throw usage(`${rawName} is given twice.`);
      values[name] = true;
      continue;
    }
    // `--cluster --dry-run` is a forgotten value, not a cluster of that name; `--cluster=--x` is meant.
    const swallowed = !token.inlineValue && value?.startsWith("--") === true;
    if (value === undefined || value === "" || swallowed) {
      throw usage(`${rawName} needs a value: ${rawName} <${entry.value ?? ""}>.`);
    }
    const earlier = values[name];
    if (entry.multiple === true)
      values[name] = [...(Array.isArray(earlier) ? (earlier as string[]) : []), value];
    else if (earlier !== undefined) throw usage(`${rawName} is given twice.`);
    else values[name] = value;
  }
  return { values, positionals, rest };
}

function unknown(rawName: string, args: readonly string[]): Error {
  const verb = args.find(isVerb);
  if (onlyEcsDeploys(rawName) || (rawName === "-t" && args.includes("-to"))) {
    return usage(
      `${rawName} is an option of ecs-deploy's form, ./deploy -c <cluster> -n <service> -i <image>, which takes no command${verb === undefined ? "" : ` such as ${verb}`}.`,
    );
  }
  const near = nearestName(rawName.replace(/^-+/, ""), Object.keys(optionTable));
  if (near !== undefined && rawName.startsWith("--")) {
    return usage(`Unknown option ${rawName}. Did you mean --${near}?`);
  }
  const known = verb === undefined ? [] : optionsOf(verb);
  return usage(
    `Unknown option ${rawName}.${known.length === 0 ? "" : ` ./deploy ${verb ?? ""} takes ${known.map((name) => `--${name}`).join(", ")}.`}`,
  );
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(optionTable, name);
}
