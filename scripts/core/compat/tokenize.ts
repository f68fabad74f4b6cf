import { nearestName } from "../aws-model/nearest.ts";
import { isVerb } from "../command-line/verbs.ts";
import { compatExitCode } from "./exit-codes.ts";
import {
  compatOption,
  compatOptionTable,
  compatTokens,
  onlyEcsDeploys,
  type CompatOptionName,
} from "./options.ts";
import { CompatUsageError } from "./usage-error.ts";

/** What each option was given, by its long name; the last of several wins, as in ecs-deploy. */
export type CompatValues = { readonly [name in CompatOptionName]?: string | true };

/** Whether a command line is of ecs-deploy's form: one of its options stands where no command came before. */
export function isCompatLine(args: readonly string[]): boolean {
  const first = firstOf(args, (token) => onlyEcsDeploys(nameAndValue(token)[0]));
  const verb = firstOf(args, isVerb);
  return first !== undefined && verb === undefined;
}

/**
 * Reads the options of ecs-deploy's form. A value is the next argument, whatever it looks like, and empty arguments
 * between options are skipped: pipelines leave them for options that they do not use.
 *
 * @throws CompatUsageError with ecs-deploy's exit code for it, 3
 */
export function tokenizeCompat(args: readonly string[]): CompatValues {
  const values: Record<string, string | true> = {};
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] ?? "";
    if (argument === "") continue;
    const [token, inline] = nameAndValue(argument);
    const name = compatOption(token);
    if (name === undefined) throw unknown(token, hasKeys(args));
    const { value } = compatOptionTable[name];
    if (value === undefined) {
      if (inline !== undefined)
        throw usage(`${token} takes no value, but ${JSON.stringify(inline)} was given.`);
      values[name] = true;
      continue;
    }
    const given = inline ?? args[at + 1];
    if (inline === undefined) at += 1;
    if (given === undefined || (inline === undefined && compatOption(given) !== undefined)) {
      throw usage(`${token} needs a value: ${token} <${value}>.`);
    }
    values[name] = given;
  }
  return values;
}

/** The first argument of that kind that is not the value of an option. */
function firstOf(args: readonly string[], wanted: (argument: string) => boolean): string | undefined {
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] ?? "";
    if (wanted(argument)) return argument;
    const name = compatOption(argument);
    if (name !== undefined && compatOptionTable[name].value !== undefined) at += 1;
  }
  return undefined;
}

function nameAndValue(argument: string): readonly [string, string?] {
  const at = argument.startsWith("--") ? argument.indexOf("=") : -1;
  return at === -1 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}

/** A stray word beside an AWS key may be the key. */
function hasKeys(args: readonly string[]): boolean {
  return args.some((argument) => /^aws-/.test(compatOption(nameAndValue(argument)[0]) ?? ""));
}

function unknown(token: string, secret: boolean): CompatUsageError {
  if (!token.startsWith("-")) {
    const shown = secret ? "A word" : JSON.stringify(token);
    return usage(
      `${shown} stands where an option should. Write service and image as -n <service> -i <image>.`,
    );
  }
  // Of two letters any other two are near.
  const near = token.startsWith("--") ? nearestName(token, compatTokens) : undefined;
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  return usage(`ecs-deploy has no option ${token}.${hint}`);
}

function usage(message: string): CompatUsageError {
  return new CompatUsageError(compatExitCode.usage, message);
}
