import type { Diagnosis } from "../../scripts/core/diagnosis.ts";
import type { DeploymentEvent, DeploymentEventBody, ServiceOutcome } from "../../scripts/core/events.ts";
import type { RunReport } from "../../scripts/core/report.ts";
import { emptyView, withEvent, type RunView } from "../../scripts/terminal/run-view.ts";

/** When recorded runs start. */
export const runStart = Date.parse("2026-01-01T10:00:00Z");

/** An event so many seconds into a run. */
export function eventAt(seconds: number, body: DeploymentEventBody): DeploymentEvent {
  return { at: new Date(runStart + seconds * 1_000).toISOString(), ...body };
}

export function viewOf(events: readonly DeploymentEvent[]): RunView {
  return events.reduce(withEvent, emptyView);
}

/** `running/desired`, with what is starting, failed and old. */
export function progress(
  service: string,
  counts: { desired: number; running: number; pending?: number; failed?: number; old?: number },
): DeploymentEventBody {
  const { desired, running, pending = 0, failed = 0, old = 0 } = counts;
  const deploymentId = "ecs-svc/7";
  return { type: "progress", service, deploymentId, desired, running, pending, failed, replacedRunning: old };
}

export function runStarted(...services: readonly string[]): DeploymentEventBody {
  return {
    type: "runStarted",
    command: "update",
    environment: "test",
    region: "us-east-1",
    services: services.map((service) => ({ service, cluster: "test" })),
  };
}

export const crashed: Diagnosis = {
  kind: "crashed",
  tasks: 3,
  cause: "The container nginx exited with code 1.",
  remedy: "Read its last log lines and mend the program.",
  evidence: ["Essential container in task exited", "log: cannot open /etc/app.conf"],
};

export const failed: Extract<ServiceOutcome, { outcome: "failed" }> = {
  service: "nginx",
  cluster: "test",
  outcome: "failed",
  deploymentId: "ecs-svc/7",
  reason: "ECS deployment circuit breaker: tasks failed to start.",
  failedRevision: "nginx:7",
  rolledBackTo: "nginx:6",
  revision: "nginx:6",
  diagnoses: [crashed],
};

export const completed: Extract<ServiceOutcome, { outcome: "completed" }> = {
  service: "api",
  cluster: "test",
  outcome: "completed",
  deploymentId: "ecs-svc/3",
  seconds: 41.3,
  revision: "api:3",
  images: ["api:1.4"],
};

/** A rollout that fails and is rolled back, beside one that completes and one that waits for both. */
export const failingRun: readonly DeploymentEvent[] = [
  eventAt(0, runStarted("nginx", "api", "worker")),
  eventAt(0, { type: "waitingForServices", service: "worker", dependencies: ["nginx", "api"] }),
  eventAt(1, { type: "revisionRegistered", service: "nginx", revision: "nginx:7" }),
  eventAt(1, { type: "autoscalingSuspended", service: "nginx" }),
  eventAt(2, { type: "deploymentStarted", service: "nginx", deploymentId: "ecs-svc/7", revision: "nginx:7" }),
  eventAt(2, { type: "deploymentStarted", service: "api", deploymentId: "ecs-svc/3", revision: "api:3" }),
  eventAt(3, progress("nginx", { desired: 4, running: 0, pending: 2, old: 4 })),
  eventAt(3, progress("api", { desired: 2, running: 0, pending: 2, old: 2 })),
  eventAt(4, {
    type: "serviceEvent",
    service: "nginx",
    message: "(service nginx) has started 2 tasks: (task a) (task b).",
  }),
  eventAt(20, progress("nginx", { desired: 4, running: 1, pending: 1, failed: 1, old: 4 })),
  eventAt(41, { type: "ended", ...completed }),
  eventAt(50, {
    type: "rollingBack",
    service: "nginx",
    reason: failed.reason,
    revision: "nginx:6",
    by: "ECS",
  }),
  eventAt(60, { type: "explained", service: "nginx", diagnoses: [crashed] }),
  eventAt(61, { type: "autoscalingResumed", service: "nginx" }),
  eventAt(62, { type: "ended", ...failed }),
  eventAt(62, {
    type: "ended",
    service: "worker",
    cluster: "test",
    outcome: "skipped",
    because: "nginx failed",
  }),
];

export function reportOf(services: readonly ServiceOutcome[], changes: Partial<RunReport> = {}): RunReport {
  return {
    command: "update",
    environment: "test",
    region: "us-east-1",
    deploymentId: "20260101-abc",
    exitCode: 1,
    services,
    ...changes,
  };
}
