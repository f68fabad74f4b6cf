import type { Diagnosis } from "../../core/diagnosis.ts";
import { diagnose } from "../../core/diagnosis/diagnose.ts";
import type { FailedRollout } from "../../core/diagnosis/evidence.ts";
import { gatherEvidence } from "./evidence.ts";
import type { RunContext } from "../run-context.ts";

export type { FailedRollout } from "../../core/diagnosis/evidence.ts";

/**
 * Why a rollout failed, the true cause first. It asks AWS some ten to thirty times; what may not be read is a
 * diagnosis of kind `unreadable`, never an error.
 *
 * @returns at least one diagnosis
 */
export async function explain(
  subject: FailedRollout,
  { ecs, region, connect }: Pick<RunContext, "ecs" | "region" | "connect">,
): Promise<readonly Diagnosis[]> {
  const [{ ecsTasksPort }, { targetHealthPort }, { logsPort }] = await Promise.all([
    import("../../aws/ecs-tasks.ts"),
    import("../../aws/target-health.ts"),
    import("../../aws/logs.ts"),
  ]);
  const evidence = await gatherEvidence(subject, {
    ecs,
    tasks: connect(ecsTasksPort),
    targets: connect(targetHealthPort),
    logs: (ofRegion = region) =>
      connect((settings, observe) => logsPort({ ...settings, region: ofRegion }, observe)),
  });
  return diagnose(evidence);
}
