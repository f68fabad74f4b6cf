import type { Facts } from "./facts.ts";
import { imageRules } from "./rules/image.ts";
import type { ReadReason } from "./rules/rule.ts";
import { secretRules } from "./rules/secrets.ts";
import { startRules, volumeRules } from "./rules/start.ts";

const rules = [...volumeRules, ...imageRules, ...secretRules, ...startRules];

/** AWS's own reasons are at most 1,024 characters; what is longer is not AWS's. */
const longestReason = 2_000;

/**
 * Reads why a task did not start, from AWS's words for it: `stoppedReason`, a container's `reason`, or what follows
 * `Reason:` in an event. Fargate and EC2 say the same things differently, and have said them differently over time.
 *
 * @returns undefined for words that say nothing known
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export function readReason(text: string, facts: Facts): ReadReason | undefined {
  const looked = text.slice(0, longestReason);
  for (const { kind, pattern, say } of rules) {
    const found = pattern.exec(looked);
    if (found !== null) return { kind, ...say(found, facts, looked) };
  }
  return undefined;
}
