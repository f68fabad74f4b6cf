import type { ServiceOutcome } from "./events.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Invocation } from "./invocation.ts";

/** What a run amounts to: the one document of `--output json`, and the text on standard output. */
export interface RunReport {
  readonly command: string;
  readonly environment: string;
  readonly region: string;
  readonly deploymentId: string;
  readonly exitCode: ExitCode;
  readonly services: readonly ServiceOutcome[];
  /** How the run was called, for the commands that the text names. */
  readonly invocation?: Invocation;
}
