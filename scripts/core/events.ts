import type { Check } from "./check.ts";
import type { Step } from "./deployment/plan.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { LockHolder } from "./lock/holder.ts";

/**
 * What happens in a run, told once. Every display (terminal, CI log, NDJSON, report) reads this stream and nothing
 * else.
 */
export type DeploymentEvent = { readonly at: string } & DeploymentEventBody;

export type DeploymentEventBody =
  /** Something that is not about one service. */
  | { readonly type: "note"; readonly message: string }
  /** Something went wrong that does not end the run. */
  | { readonly type: "warning"; readonly service?: string; readonly message: string }
  /** The run knows what it is about; before the first call that changes anything. */
  | {
      readonly type: "runStarted";
      readonly command: string;
      readonly environment: string;
      readonly region: string;
      readonly services: readonly { readonly service: string; readonly cluster: string }[];
    }
  /** Another run holds the service, and this one waits for it. */
  | { readonly type: "waitingForLock"; readonly service: string; readonly holder: LockHolder }
  /** The holder gave no sign of life for too long. */
  | { readonly type: "lockTakenOver"; readonly service: string; readonly holder: LockHolder }
  /** The same command was killed before; its deployment is taken up. */
  | { readonly type: "resumed"; readonly service: string; readonly message: string }
  | { readonly type: "checked"; readonly service: string; readonly check: Check }
  | {
      readonly type: "waitingForServices";
      readonly service: string;
      readonly dependencies: readonly string[];
    }
  | { readonly type: "revisionRegistered"; readonly service: string; readonly revision: string }
  | { readonly type: "revisionReused"; readonly service: string; readonly revision: string }
  /** Settings were changed without a new deployment. */
  | { readonly type: "serviceChanged"; readonly service: string; readonly members: readonly string[] }
  | { readonly type: "autoscalingSuspended" | "autoscalingResumed"; readonly service: string }
  /** The service's scaling is as its template says; or nothing scales it any more, as it says. */
  | { readonly type: "autoscalingSet" | "autoscalingRemoved"; readonly service: string }
  | {
      readonly type: "deploymentStarted";
      readonly service: string;
      readonly deploymentId: string;
      readonly revision: string;
    }
  | ({ readonly type: "progress"; readonly service: string } & RolloutCounts)
  /** A part of a deployment that moves traffic began or ended, in AWS's words. */
  | {
      readonly type: "lifecycle";
      readonly service: string;
      readonly deploymentId: string;
      readonly stage: string;
      readonly status: string;
    }
  /** The new version's share of the traffic, in per cent, has changed. */
  | {
      readonly type: "trafficShifted";
      readonly service: string;
      readonly deploymentId: string;
      readonly of: "production" | "test";
      readonly percent: number;
      /** Set where this run moves it, so that it does not go on without us. */
      readonly by?: "Slipway";
    }
  /** Nothing goes on until somebody approves. */
  | {
      readonly type: "waitingForApproval";
      readonly service: string;
      readonly deploymentId: string;
      readonly stage: string;
      /** ISO 8601: when AWS decides by itself. */
      readonly until?: string;
    }
  /** A line of the service's own event log, in ECS's words. */
  | { readonly type: "serviceEvent"; readonly service: string; readonly message: string }
  | {
      readonly type: "rollingBack";
      readonly service: string;
      readonly reason: string;
      readonly revision: string;
      readonly by: "ECS" | "CodeDeploy" | "Slipway";
    }
  | { readonly type: "explained"; readonly service: string; readonly diagnoses: readonly Diagnosis[] }
  | { readonly type: "revisionsPruned"; readonly service: string; readonly revisions: readonly string[] }
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

/** What became of the scaling that a service's template asks for. */
export interface AutoscalingOutcome {
  /** `left` where the rollout did not end well; `notSet` where AWS refused it after one that did. */
  readonly result: "set" | "removed" | "left" | "notSet";
  /** Why it is not set. */
  readonly problem?: string;
}

/** How a run ended for one service. */
export type ServiceOutcome = {
  readonly service: string;
  readonly cluster: string;
  /** `family:revision` that the service runs now, as far as this run knows. */
  readonly revision?: string;
  readonly images?: readonly string[];
  /** Absent where nothing of it was to be changed. */
  readonly autoscaling?: AutoscalingOutcome;
} & (
  | { readonly outcome: "planned"; readonly steps: readonly Step[] }
  | {
      readonly outcome: "nothingToDo";
      /** Where it may surprise: a sentence. */
      readonly because?: string;
    }
  | { readonly outcome: "started"; readonly deploymentId: string }
  | {
      readonly outcome: "completed";
      readonly deploymentId: string;
      readonly seconds: number;
      /** Where the run was to wait for less than the end: what AWS still does. */
      readonly stillToDo?: string;
    }
  /** It waits for approval, which is what the run was to wait for. */
  | { readonly outcome: "paused"; readonly deploymentId: string; readonly stage: string }
  | {
      readonly outcome: "failed";
      readonly deploymentId: string;
      readonly reason: string;
      readonly failedRevision: string;
      /** Absent where nothing was put back. */
      readonly rolledBackTo?: string;
      /** Why the rollback that this run tried did not come about. */
      readonly rollbackProblem?: string;
      readonly diagnoses: readonly Diagnosis[];
    }
  /** It had completed, and was put back since another service of the run failed. */
  | {
      readonly outcome: "putBack";
      readonly deploymentId: string;
      readonly rolledBackTo?: string;
      readonly because: string;
      readonly problem?: string;
    }
  | {
      readonly outcome: "superseded";
      readonly deploymentId: string;
      readonly by: string;
      readonly byRevision: string;
    }
  | { readonly outcome: "gone"; readonly deploymentId: string; readonly status: string }
  | {
      readonly outcome: "timedOut";
      readonly deploymentId: string;
      readonly seconds: number;
      /** Nobody has approved it yet at this stage. */
      readonly waitsForApprovalAt?: string;
      /** What keeps it from ending, as far as that can be told. */
      readonly diagnoses?: readonly Diagnosis[];
    }
  | { readonly outcome: "interrupted"; readonly deploymentId?: string }
  /** Not begun, since a service that it depends on did not complete. */
  | { readonly outcome: "skipped"; readonly because: string }
  /** AWS refused a call for this service, or the run ended before its turn. */
  | { readonly outcome: "stopped"; readonly reason: string; readonly changed: readonly string[] }
);
