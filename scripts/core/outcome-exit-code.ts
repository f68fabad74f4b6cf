import type { ServiceOutcome } from "./events.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";

/** Worst first: one code has to speak for every service of a run. */
const severity: readonly ExitCode[] = [
  exitCode.interrupted,
  exitCode.failed,
  exitCode.aws,
  exitCode.timedOut,
  exitCode.completed,
];

/**
 * The exit code of a run, from how it ended for each of its services.
 *
 * A service that was not begun has no code of its own: what it waited for has. It still keeps a run from 0, which
 * says that all of it was done as asked.
 */
export function exitCodeOf(outcomes: readonly ServiceOutcome[]): ExitCode {
  const codes = new Set(outcomes.map(codeOf));
  const worst = severity.find((code) => codes.has(code)) ?? exitCode.completed;
  return worst === exitCode.completed && codes.has(undefined) ? exitCode.failed : worst;
}

function codeOf({ outcome }: ServiceOutcome): ExitCode | undefined {
  switch (outcome) {
    case "planned":
    case "nothingToDo":
    case "started":
    case "completed":
    case "paused":
      return exitCode.completed;
    case "skipped":
      return undefined;
    case "failed":
    case "putBack":
    case "superseded":
    case "gone":
      return exitCode.failed;
    case "timedOut":
      return exitCode.timedOut;
    case "interrupted":
      return exitCode.interrupted;
    case "stopped":
      return exitCode.aws;
  }
}
