import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";

import { chalk } from "zx";

/** Terraform's own words for what it has done, behind the name that cdktf puts in front of each line. */
const stackLine = /^(\S+)\s+(.*)$/;
const resourceDone = /: (Creation|Destruction) complete after/;
const stackDone = /(Apply|Destroy) complete! Resources: (.*)\./;

/** Prints a line when a stack starts, every few resources, and when it is done: Terraform is silent for minutes else. */
export async function showTerraformProgress(output: Readable): Promise<void> {
  const done = new Map<string, number>();
  for await (const line of createInterface({ input: output })) {
    // cdktf redraws its status line even where there is no terminal.
    const [, stack, text] = stackLine.exec(stripVTControlCharacters(line)) ?? [];
    if (stack === undefined || text === undefined) continue;
    const finished = stackDone.exec(text);
    if (finished !== null) say(stack, finished[2] ?? "");
    if (!resourceDone.test(text)) continue;
    const count = (done.get(stack) ?? 0) + 1;
    done.set(stack, count);
    if (count % resourcesPerLine === 0) say(stack, `${count} resources`);
  }
}

const resourcesPerLine = 10;

function say(stack: string, text: string): void {
  process.stdout.write(chalk.dim(`    ${stack}: ${text}\n`));
}
