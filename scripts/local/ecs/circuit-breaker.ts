/**
 * The deployment circuit breaker.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
import type { Transaction } from "../world/transaction.ts";
import { startBackoff } from "./durations.ts";
import { say, sayOnce } from "./events.ts";
import { tasksOf } from "./queries.ts";
import { isHealthy } from "./task-health.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

/** How many failed tasks fail a deployment: half of the desired count, at least 3, at most 200. */
export function failureThreshold(desiredCount: number): number {
  return Math.min(200, Math.max(3, Math.ceil(0.5 * desiredCount)));
}

/**
 * Counts the primary deployment's tasks, each once: one that became healthy takes the count back to 0, one that
 * ended by itself before it was healthy adds to it.
 */
export function countOutcomes(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
): void {
  const uncounted = tasksOf(transaction.state, service).filter(
    (task) => task.startedBy === primary.id && task.counted === "no",
  );
  for (const task of uncounted) {
    if (isHealthy(transaction, task)) {
      task.counted = "healthy";
      service.startFailures = 0;
      if (primary.rolloutState === "IN_PROGRESS") primary.failedTasks = 0;
    } else if (endedByItself(task)) {
      task.counted = "failed";
      if (primary.rolloutState === "IN_PROGRESS") primary.failedTasks += 1;
      if (task.startedAt === null) holdStarts(transaction, service);
      if (task.stoppedReason?.startsWith("CannotPullContainerError")) {
        sayOnce(transaction, service, `was unable to place a task. Reason: ${task.stoppedReason}.`);
      }
    }
  }
}

function endedByItself({ stopCode }: TaskRecord): boolean {
  return stopCode === "TaskFailedToStart" || stopCode === "EssentialContainerExited";
}

function holdStarts(transaction: Transaction, service: ServiceRecord): void {
  service.startFailures += 1;
  const backoff = startBackoff(service.startFailures);
  if (backoff === 0) return;
  service.startsHeldUntil = transaction.now + backoff;
  sayOnce(transaction, service, "is unable to consistently start tasks successfully.");
}

/** Fails the primary deployment once too many of its tasks failed, and rolls back where that is on and possible. */
export function tripBreaker(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
): void {
  const breaker = service.deploymentConfiguration.deploymentCircuitBreaker;
  if (breaker?.enable !== true || primary.rolloutState !== "IN_PROGRESS") return;
  if (primary.failedTasks < failureThreshold(service.desiredCount)) return;
  primary.rolloutState = "FAILED";
  primary.rolloutStateReason = "ECS deployment circuit breaker: tasks failed to start.";
  primary.updatedAt = transaction.now;
  say(transaction, service, `(deployment ${primary.id}) deployment failed: tasks failed to start.`);
  const previous = service.lastCompleted;
  if (breaker.rollback === true && previous && previous.id !== primary.id) {
    rollBack(transaction, service, primary, previous);
  }
}

/** Makes the deployment that completed last the primary one again, under its own id. */
function rollBack(
  transaction: Transaction,
  service: ServiceRecord,
  failed: DeploymentRecord,
  previous: DeploymentRecord,
): void {
  failed.status = "ACTIVE";
  const restored: DeploymentRecord = {
    ...previous,
    status: "PRIMARY",
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${previous.id}.`,
    failedTasks: 0,
    updatedAt: transaction.now,
  };
  service.deployments = [restored, ...service.deployments.filter(({ id }) => id !== previous.id)];
  service.startFailures = 0;
  service.startsHeldUntil = 0;
  say(transaction, service, `rolling back to deployment ${previous.id}.`);
}
