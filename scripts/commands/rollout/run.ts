import type { Diagnosis } from "../../core/diagnosis.ts";
import type { Applied, InTurn } from "./apply.ts";
import type { Planned } from "./job.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import type { Watch, Watched } from "./watcher.ts";

/** What the lanes of one run share. */
export interface Run {
  readonly command: RunCommand;
  readonly context: RunContext;
  readonly edge: RunEdge;
  /** What the lanes write goes through here, a few at a time. */
  readonly inTurn: InTurn;
  /**
   * Called before each write.
   *
   * @throws RefusedError when the run no longer holds its locks
   */
  mayWrite(): void;
  /**
   * Watches a deployment of the service until it ends, the time is up or somebody interrupts.
   *
   * @param until how far, where the deployment moves traffic; to its end where it is absent
   */
  watch(
    planned: Planned,
    applied: Applied & Pick<Watch, "deploymentId" | "rollbackTold">,
    until?: RunCommand["options"]["waitUntil"],
  ): Promise<Watched>;
  /** Says why a rollout failed, or why it does not come to an end. */
  explainTo(
    planned: Planned,
    watched: Watched,
    applied: Applied & Pick<Watch, "deploymentId">,
  ): Promise<readonly Diagnosis[]>;
}
