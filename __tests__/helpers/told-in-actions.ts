import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import type { DeploymentEvent } from "../../scripts/core/events.ts";
import { createOutput } from "../../scripts/terminal/output.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";

/** What a run in GitHub Actions left behind. */
export interface ToldInActions {
  readonly stdout: string;
  readonly stderr: readonly string[];
  /** Empty where none was written. */
  readonly summary: string;
}

/** Feeds events to the output of a run in GitHub Actions; the summary goes to a file that is gone afterwards. */
export async function toldInActions(
  events: readonly DeploymentEvent[],
  { text = "done\n", quiet = false, summaryFile = "" } = {},
): Promise<ToldInActions> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "slipway-actions-"));
  const file = summaryFile === "" ? path.join(folder, "summary.md") : summaryFile;
  const stdout: string[] = [];
  const stderr: string[] = [];
  const plain = paintFor({}, false, {});
  const output = createOutput(
    {
      stdout: { write: (one: string) => stdout.push(one) },
      stderr: { write: (one: string) => stderr.push(one) },
    },
    { result: "text", quiet, verbose: false, actions: { summaryFile: file } },
    { stdout: plain, stderr: plain },
  );
  try {
    for (const event of events) output.event(event);
    await output.result({ exitCode: 0, document: {}, text: () => text });
    return {
      stdout: stdout.join(""),
      stderr: stderr.join("").split("\n").slice(0, -1),
      summary: written(file),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function written(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
