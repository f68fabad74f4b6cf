import { createHash } from "node:crypto";

import type { PriorityBand } from "../environments/rule-priorities.ts";

/**
 * A priority of a band that no rule has; undefined where all are taken. Where to look first follows from the seed, so
 * that two runs at the same moment seldom want the same.
 */
export function choosePriority(
  taken: ReadonlySet<number>,
  { first, last }: PriorityBand,
  seed: string,
): number | undefined {
  const size = last - first + 1;
  const start = createHash("sha256").update(seed).digest().readUInt32BE(0) % size;
  for (let step = 0; step < size; step += 1) {
    const priority = first + ((start + step) % size);
    if (!taken.has(priority)) return priority;
  }
  return undefined;
}
