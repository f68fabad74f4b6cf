import type { AwsCallError } from "../../core/errors.ts";
import type { TrafficPort } from "../../core/ports/traffic.ts";
import type { Fault } from "../../core/staged/judge.ts";
import type { ObservedApplication } from "../../core/staged/model.ts";
import type { HeldLocks } from "../lock/lock.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";

/** What a move of the traffic needs of the run. */
export interface MoveRun {
  readonly command: RunCommand;
  readonly context: RunContext;
  readonly edge: RunEdge;
  readonly traffic: TrafficPort;
  readonly held: HeldLocks;
  /** Names of the CloudWatch alarms that put the traffic back. */
  readonly alarms: readonly string[];
  /** Called before each write; throws when this run may write no more. */
  readonly mayWrite: () => void;
}

/** How the steps of a move came to their end, with the application as they left it. */
export type MoveEnd = {
  readonly observed: ObservedApplication;
  /** From the call that gave the deployment all of the traffic to its answer. */
  readonly movedInMs?: number;
} & (
  | { readonly kind: "done" }
  /** The deployment turned out bad with the traffic that it had. */
  | { readonly kind: "fault"; readonly fault: Fault }
  /** Ctrl-C. */
  | { readonly kind: "interrupted" }
  /** The tasks were not there in time. */
  | { readonly kind: "timedOut"; readonly waitingFor: string }
  /** AWS refused a call, or this run has lost its lock. */
  | { readonly kind: "stopped"; readonly error: AwsCallError | Error }
);
