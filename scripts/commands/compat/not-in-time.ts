import { revisionName } from "../../core/deployment/task-definition.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import { exitCode } from "../../core/exit-code.ts";
import type { RunReport } from "../../core/report.ts";
import { outcomeSentences } from "../../terminal/outcome-sentences.ts";

/**
 * What became of going back. Something was changed by then, so what refuses the rollback is no refusal of the run: it
 * is told with what became of the rollout.
 */
export async function wentBack(
  goBack: () => Promise<RunReport>,
): Promise<{ readonly problem?: string; readonly interrupted: boolean }> {
  try {
    const { services, exitCode: code } = await goBack();
    const [problem] = services.filter(({ outcome }) => outcome !== "completed" && outcome !== "nothingToDo");
    return {
      ...(problem === undefined ? {} : { problem: outcomeSentences(problem).join(" ") }),
      interrupted: code === exitCode.interrupted,
    };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { problem: error.message, interrupted: error.exitCode === exitCode.interrupted };
  }
}

/** Not in time, and what became of going back, as one outcome. */
export function notInTime(
  timedOut: Extract<ServiceOutcome, { outcome: "timedOut" }>,
  before: string,
  problem: string | undefined,
): ServiceOutcome {
  const { service, cluster, deploymentId, seconds, revision = "the new revision" } = timedOut;
  return {
    service,
    cluster,
    outcome: "failed",
    deploymentId,
    failedRevision: revision,
    reason: `It was not steady within ${Math.round(seconds)} s.`,
    diagnoses: timedOut.diagnoses ?? [],
    ...(problem === undefined
      ? { revision: revisionName(before), rolledBackTo: revisionName(before) }
      : { rollbackProblem: problem }),
  };
}
