import type { Diagnosis } from "../diagnosis.ts";
import type { ExitCode } from "../exit-code.ts";
import type { StagedState } from "./model.ts";
import type { MoveStep } from "./move.ts";

/** How `./deploy activate` or `./deploy rollback` ended: the document of `--output json`. */
export interface MoveReport {
  readonly command: string;
  readonly environment: string;
  readonly region: string;
  readonly cluster: string;
  readonly application: string;
  /** The deployment that was to have all of the traffic. */
  readonly deploymentId: string;
  readonly version?: string;
  /** `family:revision`. */
  readonly revision?: string;
  /** As AWS has it now. */
  readonly state: StagedState;
  /** Its share of the live traffic now, in per cent. */
  readonly trafficPercent: number;
  /** The deployment that had the traffic before; absent where there was none. */
  readonly previousDeploymentId?: string;
  readonly previousVersion?: string;
  /** The live host, and what it is asked at. */
  readonly host: string;
  readonly url: string;
  readonly outcome:
    | "planned"
    | "nothingToDo"
    | "activated"
    | "rolledBack"
    /** The traffic went back to the previous deployment. */
    | "putBack"
    | "failed"
    | "timedOut"
    | "interrupted"
    | "stopped";
  readonly exitCode: ExitCode;
  /** How long the whole run took. */
  readonly seconds: number;
  /** From the call that moved the traffic, the last of it, to its answer. */
  readonly movedInMs?: number;
  /** Why it ended so: the end of a sentence. */
  readonly reason?: string;
  /** What kept the traffic from going back. */
  readonly putBackProblem?: string;
  readonly diagnoses?: readonly Diagnosis[];
  /** What `--dry-run` would do. */
  readonly steps?: readonly MoveStep[];
}
