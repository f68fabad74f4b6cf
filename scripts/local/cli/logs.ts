import { readFile } from "node:fs/promises";

import { execa } from "execa";

import { localDirectory, logFile } from "../start.ts";
import type { CommandLine } from "./command-line.ts";
import { CommandError, type Output } from "./output.ts";

/** `./local logs [-f]`: what the local AWS on this port has done since it started. */
export async function logs({ port, follow }: CommandLine, output: Output): Promise<void> {
  const file = logFile(localDirectory(), port);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const message = `There is no log of a local AWS on port ${port} (${file}). Start it: ./local start`;
    throw new CommandError(message, { cause });
  });
  if (!follow) output.result(text.trimEnd());
  else await execa("tail", ["-n", "+1", "-f", file], { stdio: "inherit", reject: false });
}
