import type { Diagnosis } from "../diagnosis.ts";
import type { ExitCode } from "../exit-code.ts";
import type { StagedState } from "./model.ts";
import type { StageStep } from "./plan-stage.ts";

/** How `./deploy stage` ended: the document of `--output json`. */
export interface StageReport {
  readonly command: string;
  readonly environment: string;
  readonly region: string;
  readonly cluster: string;
  readonly application: string;
  readonly deploymentId: string;
  /** As AWS has it now; absent where there is no such deployment, or not any more. */
  readonly state?: StagedState;
  /** Where it answers without having live traffic. */
  readonly host: string;
  readonly url: string;
  readonly version?: string;
  /** `family:revision`. */
  readonly revision?: string;
  readonly images: readonly string[];
  /** ECS's name of the deployment's own service. */
  readonly service: string;
  readonly targetGroup: string;
  readonly outcome:
    "planned" | "nothingToDo" | "staged" | "started" | "failed" | "timedOut" | "interrupted" | "stopped";
  readonly exitCode: ExitCode;
  /** How long it took, or was waited for. */
  readonly seconds?: number;
  /** Why it failed, or what AWS refused. */
  readonly reason?: string;
  readonly diagnoses?: readonly Diagnosis[];
  /** Of one that failed, or met a quota: whether it was taken down again, and what kept it from that. */
  readonly takenDown?: boolean;
  readonly takeDownProblem?: string;
  /** What `--dry-run` would do. */
  readonly steps?: readonly StageStep[];
}
