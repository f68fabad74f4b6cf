import { nearestName } from "../aws-model/nearest.ts";
import { UsageError } from "../errors.ts";
import { isAlertForm } from "../service-name.ts";
import { commonOptions, type OptionName, type VerbOptionName } from "./options.ts";
import { readOptions, type DeployOptions } from "./read-options.ts";
import { tokenize, type Values } from "./tokens.ts";
import { oneOf, quotedShort, usage } from "./values.ts";
import { isVerb, verbsWith, verbTable, type Verb, type VerbEntry } from "./verbs.ts";

export type { DeployOptions } from "./read-options.ts";

/** What `--help` can be about: a verb, or ecs-deploy's form. */
export type HelpTopic = Verb | "ecs-deploy";

export type CommandLine =
  | { readonly kind: "help"; readonly topic?: HelpTopic }
  | { readonly kind: "version" }
  | {
      readonly kind: "run";
      readonly verb: Verb;
      /** Names of services, or the word that the verb takes instead. */
      readonly services: readonly string[];
      /** What follows `--`, for the verbs that run a command. */
      readonly command: readonly string[];
      readonly options: DeployOptions;
    };

/**
 * Reads `./deploy`'s arguments. Options may stand before or after the verb, and be written `--name value` or
 * `--name=value`. `./deploy help <verb>` is `./deploy <verb> --help`.
 *
 * @param args what follows the program's name
 * @throws UsageError naming the argument, what is allowed and how to get help
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  try {
    return parse(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const verb = args.find(isVerb);
    throw new UsageError(`${error.message} See ./deploy ${verb === undefined ? "" : `${verb} `}--help.`);
  }
}

function parse(args: readonly string[]): CommandLine {
  const { values, positionals, rest } = tokenize(args);
  const [verb, ...named] = positionals;
  if (verb === "help") return { kind: "help", ...topicOf(named[0]) };
  if (values.help === true) return { kind: "help", ...topicOf(verb) };
  if (values.version === true) return { kind: "version" };
  if (verb === undefined) throw usage(`No command was given. Commands: ${verbNames().join(", ")}.`);
  if (!isVerb(verb)) throw unknownVerb(verb);

  const entry: VerbEntry = verbTable[verb];
  const runsCommand = entry.command === true;
  const services = runsCommand ? named : [...named, ...rest];
  checkOptions(verb, entry, values);
  checkNames(verb, entry, services);
  const options = readOptions(values);
  if (options.all && services.length > 0) {
    throw usage(`--all means every service, but ${services.join(", ")} is named; choose one of the two.`);
  }
  if (options.to !== undefined && (options.all || services.length > 1)) {
    throw usage(`--to ${quotedShort(options.to)} is a revision of one service; name that one alone.`);
  }
  return { kind: "run", verb, services, command: runsCommand ? rest : [], options };
}

function verbNames(): readonly string[] {
  return Object.keys(verbTable);
}

function topicOf(word: string | undefined): { readonly topic?: HelpTopic } {
  if (word === undefined) return {};
  if (word === "ecs-deploy" || isVerb(word)) return { topic: word };
  throw unknownVerb(word);
}

function unknownVerb(word: string): UsageError {
  const near = nearestName(word, verbNames());
  const hint = near === undefined ? `Commands: ${verbNames().join(", ")}.` : `Did you mean ${near}?`;
  return usage(`Unknown command ${quotedShort(word)}. ${hint}`);
}

function checkOptions(verb: Verb, { options, required = [] }: VerbEntry, values: Values): void {
  for (const name of Object.keys(values) as OptionName[]) {
    if (name in commonOptions) continue;
    // What is not common is some verb's.
    const option = name as VerbOptionName;
    if (options.includes(option)) continue;
    const takers = verbsWith(option);
    throw usage(`./deploy ${verb} has no option --${option}; it belongs to ${takers.join(", ")}.`);
  }
  const missing = required.find((name) => values[name] === undefined);
  if (missing !== undefined) throw usage(`./deploy ${verb} needs --${missing}.`);
}

function checkNames(verb: Verb, { names, command }: VerbEntry, given: readonly string[]): void {
  if (names === "services" || names === "service") {
    const repeated = given.find((name, index) => given.indexOf(name) !== index);
    const impossible = given.find(
      (name) => !isAlertForm(name) && (name === "" || name.length > 255 || /[\\/\p{Cc}]/u.test(name)),
    );
    if (impossible !== undefined) {
      throw usage(
        `${quotedShort(impossible)} is not the name of a service. Allowed: its name alone, without a path.`,
      );
    }
    if (names === "service" && given.length > 1) {
      const hint = command === true ? " A command for the container follows --." : "";
      throw usage(`./deploy ${verb} takes one service, not ${given.length}.${hint}`);
    }
    if (repeated !== undefined) throw usage(`Service ${quotedShort(repeated)} is named twice.`);
    return;
  }
  const [word, ...more] = given;
  if (word === undefined || more.length > 0) {
    throw usage(`./deploy ${verb} takes one ${names.word}: ${names.allowed.join(", ")}.`);
  }
  oneOf(names.word, word, names.allowed);
}
