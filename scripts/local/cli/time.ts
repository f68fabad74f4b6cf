import ms, { type StringValue } from "ms";

import { longestStepSeconds } from "../clock.ts";
import { askAdmin } from "./admin.ts";
import { speedOption, UsageError, type CommandLine } from "./command-line.ts";
import type { Output } from "./output.ts";

const usage =
  "It is ./local time, ./local time hold, ./local time resume, ./local time step 90s or ./local time speed 4.";

/** `./local time`: tells AWS's time, holds it, lets it run again, moves it on, or changes its speed. */
export async function time({ port, words, output: form }: CommandLine, output: Output): Promise<void> {
  const asked = whatToDo(words);
  const answer = asked ? await askAdmin(port, "POST", "time", asked) : await askAdmin(port, "GET", "time");
  if (form === "json") {
    output.result(JSON.stringify(answer));
    return;
  }
  const { seconds, held, speed } = answer as { seconds: number; held: boolean; speed: number };
  const state = held
    ? "held; ./local time resume lets it run"
    : `running ${speed} times as fast as the wall clock`;
  output.result(`${seconds.toFixed(1)} s since the start, ${state}`);
  if (asked?.action === "speed") {
    output.progress('A shell that points here has the old speed still: eval "$(./local env)" again.');
  }
}

function whatToDo(
  words: readonly string[],
): { action: string; seconds?: number; speed?: number } | undefined {
  const [action, span, ...more] = words;
  if (action === undefined) return undefined;
  if (action === "step" && span !== undefined && more.length === 0)
    return { action, seconds: secondsOf(span) };
  if (action === "speed" && span !== undefined && more.length === 0) {
    return { action, speed: speedOption("The speed", span) };
  }
  if ((action === "hold" || action === "resume") && span === undefined) return { action };
  throw new UsageError(`"./local time ${words.join(" ")}" is not understood. ${usage}`);
}

/** `90`, `90s`, `2m` and `1h` are all spans. */
function secondsOf(span: string): number {
  const seconds = /^[\d.]+$/.test(span) ? Number(span) : milliseconds(span) / 1000;
  if (seconds > longestStepSeconds) {
    throw new UsageError(
      `A step of ${span} is too long; the longest is ${longestStepSeconds / 86_400} days.`,
    );
  }
  if (seconds > 0) return seconds;
  throw new UsageError(`"${span}" is no span of time. ${usage}`);
}

function milliseconds(span: string): number {
  try {
    // What is no span gives NaN, or throws.
    return ms(span as StringValue);
  } catch {
    return Number.NaN;
  }
}
