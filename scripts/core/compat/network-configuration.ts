import type { NetworkConfiguration } from "@aws-sdk/client-ecs";
import { parse } from "jsonc-parser";

import { validateAgainst } from "../aws-model/validate.ts";
import type { Filled } from "../aws-model/values.ts";
import { formatPath } from "../aws-model/violation.ts";
import { compatExitCode } from "./exit-codes.ts";
import { CompatUsageError } from "./usage-error.ts";

const option = "--network-configuration";
const example = "awsvpcConfiguration={subnets=[subnet-1],securityGroups=[sg-1],assignPublicIp=DISABLED}";

/**
 * Reads a network configuration as `aws ecs run-task` takes it, in JSON or in the AWS CLI's shorthand, and checks it
 * against AWS's model.
 *
 * @throws CompatUsageError
 * @see https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
 */
export function readNetworkConfiguration(text: string): NetworkConfiguration {
  const value = text.trimStart().startsWith("{") ? readJson(text) : readShorthand(text);
  const [wrong] = validateAgainst("CreateService", { networkConfiguration: value }).filter(
    ({ path }) => path[0] === "networkConfiguration",
  );
  if (wrong !== undefined) {
    const where = formatPath(wrong.path).replace(/^\$\.networkConfiguration/, "$");
    throw refuse(`${where}: ${wrong.message}${wrong.hint === undefined ? "" : ` ${wrong.hint}`}`);
  }
  // It has just been checked against AWS's model of it.
  return value as NetworkConfiguration;
}

function readJson(text: string): Filled {
  const errors: unknown[] = [];
  // What JSON can hold is what a filled document can hold.
  const value = parse(text, errors as []) as Filled;
  if (errors.length > 0) throw refuse("it is not JSON.");
  return value;
}

/** `name=value,…`, where a value is a text, a list in brackets or such pairs in braces. */
function readShorthand(text: string): Filled {
  let at = 0;
  const fail = (expected: string): CompatUsageError =>
    refuse(`at character ${at + 1} there should be ${expected}.`);
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const items = <Item>(close: string, read: () => Item): Item[] => {
    const found: Item[] = [];
    take(/\s*/y);
    if (text[at] === close) {
      at += 1;
      return found;
    }
    for (;;) {
      found.push(read());
      take(/\s*/y);
      const next = text[at];
      if (next !== "," && next !== close)
        throw fail(close === "" ? "a comma or the end" : `a comma or ${close}`);
      at += 1;
      if (next === close) return found;
    }
  };
  const value = (depth: number): Filled => {
    take(/\s*/y);
    if (depth > 8) throw fail("no further nesting");
    if (take(/\[/y) !== undefined) return items("]", () => value(depth + 1));
    if (take(/\{/y) !== undefined) return Object.fromEntries(items("}", () => pair(depth + 1)));
    const quoted = take(/"[^"]*"|'[^']*'/y);
    if (quoted !== undefined) return quoted.slice(1, -1);
    const bare = take(/[^,[\]{}="'\s]+/y);
    if (bare === undefined) throw fail("a value");
    return bare;
  };
  const pair = (depth: number): [string, Filled] => {
    take(/\s*/y);
    const name = take(/[A-Za-z]+/y);
    if (name === undefined || take(/\s*=/y) === undefined) throw fail("name=value");
    return [name, value(depth)];
  };
  const all = pair(0);
  take(/\s*/y);
  if (at < text.length) throw fail("the end");
  return Object.fromEntries([all]);
}

function refuse(reason: string): CompatUsageError {
  return new CompatUsageError(compatExitCode.usage, `${option}: ${reason} Allowed: JSON, or ${example}.`);
}
