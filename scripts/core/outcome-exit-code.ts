import type { AutoscalingOutcome, ServiceOutcome } from "./events.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import type { MoveReport } from "./staged/move-report.ts";

/** How what was asked for has ended, of any verb: of a service, a move of traffic, a teardown or a deletion. */
export interface Ended {
  readonly outcome:
    ServiceOutcome["outcome"] | MoveReport["outcome"] | "tornDown" | "refused" | "notBegun" | "deleted";
  readonly autoscaling?: Pick<AutoscalingOutcome, "result">;
}

/** Worst first: one code has to speak for every service of a run. */
const severity: readonly ExitCode[] = [
  exitCode.interrupted,
  exitCode.failed,
  exitCode.aws,
  exitCode.timedOut,
  exitCode.completed,
];

/**
 * The exit code of a run, from how it ended for each of its services or deployments.
 *
 * One that was not begun has no code of its own: what it waited for has. It still keeps a run from 0, which says that
 * all of it was done as asked. One that was refused in the midst of a run is 1, since 4 says that nothing was changed.
 * A rollout that completed and whose autoscaling AWS then refused is 5: what was asked for is not all there.
 */
export function exitCodeOf(outcomes: readonly Ended[]): ExitCode {
  const codes = new Set(outcomes.map(codeWithScaling));
  const worst = severity.find((code) => codes.has(code)) ?? exitCode.completed;
  return worst === exitCode.completed && codes.has(undefined) ? exitCode.failed : worst;
}

function codeWithScaling(ended: Ended): ExitCode | undefined {
  const code = codeOf(ended);
  return code === exitCode.completed && ended.autoscaling?.result === "notSet" ? exitCode.aws : code;
}

function codeOf({ outcome }: Ended): ExitCode | undefined {
  switch (outcome) {
    case "planned":
    case "nothingToDo":
    case "started":
    case "completed":
    case "paused":
    case "activated":
    case "rolledBack":
    case "tornDown":
    case "deleted":
      return exitCode.completed;
    case "skipped":
    case "notBegun":
      return undefined;
    case "failed":
    case "putBack":
    case "superseded":
    case "gone":
    case "refused":
      return exitCode.failed;
    case "timedOut":
      return exitCode.timedOut;
    case "interrupted":
      return exitCode.interrupted;
    case "stopped":
      return exitCode.aws;
  }
}
