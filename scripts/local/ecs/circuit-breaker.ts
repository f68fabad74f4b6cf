/**
 * The deployment circuit breaker.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
import type { DeploymentCircuitBreaker } from "@aws-sdk/client-ecs";

import type { Transaction } from "../world/transaction.ts";
import { failureCountedAfter, placementRetriedAfter, startBackoff } from "./durations.ts";
import { sayOnce } from "./events.ts";
import { failDeployment } from "./outcome.ts";
import { isLive, tasksOf, unfinishedTasks } from "./queries.ts";
import { isHealthy } from "./task-health.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

const fewest = 3;
const most = 200;
/** The share of the desired count that may fail unless the service says otherwise. */
const standardPercent = 50;

/**
 * How many failed tasks fail a deployment: half of the desired count, at least 3 and at most 200, unless the service
 * has a threshold of its own.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
 */
export function failureThreshold(desiredCount: number, breaker?: Partial<DeploymentCircuitBreaker>): number {
  const { type = "BOUNDED_PERCENT", value = standardPercent } = breaker?.thresholdConfiguration ?? {};
  if (type === "COUNT") return value;
  const share = Math.ceil((value * desiredCount) / 100);
  return type === "UNBOUNDED_PERCENT" ? Math.max(1, share) : Math.min(most, Math.max(fewest, share));
}

/**
 * Counts the primary deployment's tasks, each once: one that became healthy takes the count back to 0 (unless
 * `resetOnHealthyTask` is false), one that ended by itself before it was healthy adds to it, a while after its end.
 */
export function countOutcomes(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
): void {
  const resets = service.deploymentConfiguration.deploymentCircuitBreaker?.resetOnHealthyTask ?? true;
  for (const task of tasksOf(transaction.state, service)) {
    if (task.startedBy !== primary.id) continue;
    if (task.counted === "no" && endedByItself(task)) end(transaction, service, task);
    if (task.counted === "no" && isHealthy(transaction, task)) {
      task.counted = "healthy";
      service.startFailures = 0;
      if (primary.rolloutState === "IN_PROGRESS" && resets) primary.failedTasks = 0;
    }
    const since = task.executionStoppedAt ?? task.stoppedAt ?? Infinity;
    if (task.counted === "ended" && transaction.now >= since + failureCountedAfter) {
      task.counted = "failed";
      if (primary.rolloutState === "IN_PROGRESS") primary.failedTasks += 1;
    }
  }
}

function endedByItself({ stopCode }: TaskRecord): boolean {
  return stopCode === "TaskFailedToStart" || stopCode === "EssentialContainerExited";
}

function end(transaction: Transaction, service: ServiceRecord, task: TaskRecord): void {
  task.counted = "ended";
  if (task.startedAt === null) holdStarts(transaction, service, service);
  if (task.stoppedReason?.startsWith("CannotPullContainerError")) {
    sayOnce(transaction, service, `was unable to place a task. Reason: ${task.stoppedReason}.`);
  }
}

/** Holds back the starts of a service, or of one of its task sets, after a task that never got to run. */
export function holdStarts(
  transaction: Transaction,
  service: ServiceRecord,
  held: Pick<ServiceRecord, "startFailures" | "startsHeldUntil">,
): void {
  held.startFailures += 1;
  const backoff = startBackoff(held.startFailures);
  if (backoff === 0) return;
  held.startsHeldUntil = transaction.now + backoff;
  sayOnce(transaction, service, "is unable to consistently start tasks successfully.");
}

/**
 * Counts that a task of the deployment could not be placed, as a failed task, now and again while that goes on. While
 * other tasks of the service are still on their way out, it has yet to be seen whether there is room.
 */
export function countUnplaced(
  { state, now }: Transaction,
  service: ServiceRecord,
  deployment: DeploymentRecord,
): void {
  if (deployment.rolloutState !== "IN_PROGRESS") return;
  if (!unfinishedTasks(state, service).every(isLive)) return;
  if (now < (deployment.placementFailedAt ?? -Infinity) + placementRetriedAfter) return;
  deployment.placementFailedAt = now;
  deployment.failedTasks += 1;
}

/** Fails the primary deployment once too many of its tasks failed, and rolls back where that is on and possible. */
export function tripBreaker(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
): void {
  const breaker = service.deploymentConfiguration.deploymentCircuitBreaker;
  if (breaker?.enable !== true || primary.rolloutState !== "IN_PROGRESS") return;
  if (primary.failedTasks < failureThreshold(service.desiredCount, breaker)) return;
  failDeployment(transaction, service, primary, {
    detector: "ECS deployment circuit breaker",
    reason: "tasks failed to start.",
    rollback: breaker.rollback === true,
  });
}
