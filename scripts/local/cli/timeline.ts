import { createInterface } from "node:readline";

import { chalk } from "zx";

import { entryTypes, type Entry } from "../timeline/timeline.ts";
import { openAdmin } from "./admin.ts";
import { UsageError, type CommandLine } from "./command-line.ts";
import type { Output } from "./output.ts";

/** `./local timeline`: everything that happened, in order; with `--follow`, on and on. */
export async function timeline(commandLine: CommandLine, output: Output): Promise<void> {
  const { port, follow, types, since, output: form } = commandLine;
  refuseUnknownTypes(types);
  const query = new URLSearchParams({
    since: String(since),
    ...(types !== undefined && { type: types }),
    ...(follow && { follow: "1" }),
  });
  const answer = await openAdmin(port, "GET", `timeline?${query.toString()}`);
  try {
    for await (const line of createInterface({ input: answer, crlfDelay: Infinity })) {
      output.result(form === "json" ? line : readable(JSON.parse(line) as Entry));
    }
  } catch (error) {
    // An answer that breaks off is one of a local AWS that ends.
    if (!answer.destroyed || answer.complete) throw error;
  }
  if (!answer.complete) output.progress("The local AWS has stopped.");
}

function refuseUnknownTypes(types: string | undefined): void {
  const unknown = types?.split(",").find((type) => !entryTypes.includes(type));
  if (unknown === undefined) return;
  throw new UsageError(`"${unknown}" is no type of the timeline; there are ${entryTypes.join(", ")}.`);
}

/** An entry for people: when, what, and its fields. */
function readable({ seq: _seq, time: _time, at, type, region: _region, ...fields }: Entry): string {
  const told = Object.entries(fields).map(([name, value]) => `${chalk.dim(`${name}=`)}${shown(value)}`);
  return `${chalk.dim(`${at.toFixed(1)} s`.padStart(10))}  ${chalk.bold(type.padEnd(18))} ${told.join(" ")}`;
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
