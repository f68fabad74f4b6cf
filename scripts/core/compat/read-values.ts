import { duration, oneOf, wholeNumber } from "../command-line/values.ts";
import { UsageError } from "../errors.ts";
import { compatExitCode } from "./exit-codes.ts";
import type { CompatOptionName } from "./options.ts";
import type { CompatValues } from "./tokenize.ts";
import { CompatUsageError } from "./usage-error.ts";

/** An option's text; an empty one counts as not given, as pipelines pass it. */
export function textOf(values: CompatValues, name: CompatOptionName): string | undefined {
  const value = values[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberOf(
  values: CompatValues,
  name: CompatOptionName,
  least: number,
  most: number,
): number | undefined {
  const text = textOf(values, name);
  return text === undefined ? undefined : inOwnWords(() => wholeNumber(`--${name}`, text, least, most));
}

/** ecs-deploy's seconds; a duration such as 5m as well. */
export function timeout(text: string): number {
  return inOwnWords(() => duration("--timeout", /^\d+$/.test(text) ? `${text}s` : text));
}

export function one<const Allowed extends string>(
  option: string,
  value: string | true,
  allowed: readonly Allowed[],
): Allowed {
  return inOwnWords(() => oneOf(option, value === true ? "" : value, allowed));
}

/** The same message with ecs-deploy's exit code. */
export function inOwnWords<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw usage(error.message);
    throw error;
  }
}

export function usage(message: string): CompatUsageError {
  return new CompatUsageError(compatExitCode.usage, message);
}
