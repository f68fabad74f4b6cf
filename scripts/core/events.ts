import type { Step } from "./deployment/plan.ts";

/**
 * What happens in a run, told once. Every display (terminal, CI log, NDJSON, report) reads this stream and nothing
 * else.
 */
export type DeploymentEvent = { readonly at: string } & DeploymentEventBody;

export type DeploymentEventBody =
  /** Something that is not about one service. */
  | { readonly type: "note"; readonly message: string }
  | { readonly type: "revisionRegistered"; readonly service: string; readonly revision: string }
  | { readonly type: "revisionReused"; readonly service: string; readonly revision: string }
  | {
      readonly type: "deploymentStarted";
      readonly service: string;
      readonly deploymentId: string;
      readonly revision: string;
    }
  | ({ readonly type: "progress"; readonly service: string } & RolloutCounts)
  /** A line of the service's own event log, in ECS's words. */
  | { readonly type: "serviceEvent"; readonly service: string; readonly message: string }
  | {
      readonly type: "rollingBack";
      readonly service: string;
      readonly reason: string;
      readonly revision: string;
    }
  | ({ readonly type: "ended" } & ServiceOutcome);

/** Tasks of the deployment that is watched, and those of all others that it replaces. */
export interface RolloutCounts {
  readonly deploymentId: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failed: number;
  readonly replacedRunning: number;
}

/** Stopped tasks that died in the same way. */
export interface FailureCause {
  readonly tasks: number;
  readonly cause: string;
}

/** How a run ended for one service. */
export type ServiceOutcome = {
  readonly service: string;
  readonly cluster: string;
  /** `family:revision` that the service runs now, as far as this run knows. */
  readonly revision?: string;
  readonly images?: readonly string[];
} & (
  | { readonly outcome: "planned"; readonly steps: readonly Step[] }
  | { readonly outcome: "nothingToDo" }
  | { readonly outcome: "started"; readonly deploymentId: string }
  | { readonly outcome: "completed"; readonly deploymentId: string; readonly seconds: number }
  | {
      readonly outcome: "failed";
      readonly deploymentId: string;
      readonly reason: string;
      readonly failedRevision: string;
      /** Absent where nothing was put back. */
      readonly rolledBackTo?: string;
      readonly causes: readonly FailureCause[];
    }
  | {
      readonly outcome: "superseded";
      readonly deploymentId: string;
      readonly by: string;
      readonly byRevision: string;
    }
  | { readonly outcome: "gone"; readonly deploymentId: string; readonly status: string }
  | { readonly outcome: "timedOut"; readonly deploymentId: string; readonly seconds: number }
  | { readonly outcome: "interrupted"; readonly deploymentId?: string }
  /** AWS refused a call for this service, or the run ended before its turn. */
  | { readonly outcome: "stopped"; readonly reason: string; readonly changed: readonly string[] }
);
