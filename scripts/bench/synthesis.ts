import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { execa } from "execa";

import { projectRoot } from "../project-root.ts";
import { median, type Figure } from "./figures.ts";

/** The environments file with the most in it. */
const fullest = "__tests__/fixtures/environments/full.jsonc";
const pairs = 5;

interface Usage {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Synthesizing the fullest environments against an empty cdktf app, in turns. */
export async function measureSynthesis(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "slipway-bench-synthesis-"));
  try {
    const ours: Usage[] = [];
    const empty: Usage[] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      ours.push(await usageOf(["dist/stacks.js", fullest], folder));
      empty.push(await usageOf(["scripts/bench/empty-app.js"], folder));
    }
    const [seconds, emptySeconds] = [ours, empty].map((runs) => median(runs.map((run) => run.seconds)));
    const [megabytes, emptyMegabytes] = [ours, empty].map((runs) => median(runs.map((run) => run.megabytes)));
    const detail = `medians of ${pairs} pairs, ${fullest} against an app without a stack`;
    return [
      { name: "synth", value: seconds ?? Number.NaN, atMost: 2, unit: "s", detail },
      { name: "synth, peak memory", value: megabytes ?? Number.NaN, atMost: 300, unit: "MB", detail },
      ratio("synth / synth of an empty app", "s", 5, seconds, emptySeconds),
      ratio("synth's peak memory / that of an empty app", "MB", 3, megabytes, emptyMegabytes),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the process itself has used: peak resident memory, and time since it started. */
async function usageOf(program: readonly string[], folder: string): Promise<Usage> {
  const printUsage = path.join(projectRoot(), "scripts/bench/print-usage.js");
  const { stderr } = await execa("node", ["--import", printUsage, ...program], {
    cwd: projectRoot(),
    env: { CDKTF_OUTDIR: folder },
  });
  // The last line is what print-usage.js wrote.
  return JSON.parse(stderr.split("\n").at(-1) ?? "") as Usage;
}

function ratio(
  name: string,
  unit: "s" | "MB",
  atMost: number,
  ours = Number.NaN,
  theirs = Number.NaN,
): Figure {
  const shown = (value: number): string => `${unit === "s" ? value.toFixed(2) : Math.round(value)} ${unit}`;
  return { name, value: ours / theirs, atMost, detail: `${shown(ours)} / ${shown(theirs)}` };
}
