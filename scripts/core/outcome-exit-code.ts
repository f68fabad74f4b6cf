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

/** The exit code of a run, from how it ended for each of its services. */
export function exitCodeOf(outcomes: readonly ServiceOutcome[]): ExitCode {
  const codes = new Set(outcomes.map(codeOf));
  return severity.find((code) => codes.has(code)) ?? exitCode.completed;
}

function codeOf({ outcome }: ServiceOutcome): ExitCode {
  switch (outcome) {
    case "planned":
    case "nothingToDo":
    case "started":
    case "completed":
      return exitCode.completed;
    case "failed":
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
