import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";

import { chalk } from "zx";

/** A line of a stack: its name, or as many spaces where cdktf has named it before, then Terraform's words. */
const stackLine = /^((\S+)?\s{2,})(\S.*)$/;
const stackDone = /(?:Apply|Destroy) complete! Resources: (.*)\./;
const resourceDone = /: (?:Creation|Destruction) complete after/;
const stillAtIt = /^aws_(\w+)\..*: (Still (?:creating|destroying))\.\.\. \[(.*?) elapsed/;

const resourcesPerLine = 10;
const quietForMs = 10_000;

/** Prints what Terraform does behind cdktf: every ten resources, each stack that is done, and what takes long. */
export async function showTerraformProgress(output: Readable): Promise<void> {
  const done = new Map<string, number>();
  const latestOfWidth = new Map<number, string>();
  let stack = "";
  let saidAt = Date.now();
  const say = (text: string): void => {
    saidAt = Date.now();
    process.stdout.write(chalk.dim(`    ${stack}: ${text}\n`));
  };
  for await (const line of createInterface({ input: output })) {
    // cdktf redraws its status line even where there is no terminal.
    const [, margin, name, text] = stackLine.exec(stripVTControlCharacters(line)) ?? [];
    if (margin === undefined || text === undefined) continue;
    stack = name ?? latestOfWidth.get(margin.length) ?? stack;
    latestOfWidth.set(margin.length, stack);
    const finished = stackDone.exec(text);
    const slow = stillAtIt.exec(text);
    if (finished !== null) say(finished[1] ?? "");
    else if (slow !== null && Date.now() - saidAt > quietForMs) {
      say(`${(slow[2] ?? "").toLowerCase()} ${slow[1] ?? ""}, ${slow[3] ?? ""}`);
    } else if (resourceDone.test(text)) {
      const count = (done.get(stack) ?? 0) + 1;
      done.set(stack, count);
      if (count % resourcesPerLine === 0) say(`${count} resources`);
    }
  }
}
