import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";
import { bakeTime } from "./alarms.ts";
import { completeAfter, messageHeldFor, rollbackTakes, schedulerTick } from "./durations.ts";
import { resolveMessages, say } from "./events.ts";
import { completeDeployment, isRollback } from "./outcome.ts";
import { isLeaving, isLive, unfinishedTasks } from "./queries.ts";
import { isHealthy } from "./task-health.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";

/**
 * Says what has been reached: that the deployment is complete, that the service is steady, and the latter again every
 * 6 hours.
 *
 * @returns when the scheduler is to look again, in scaled milliseconds; null when only a change calls for it
 */
export function announce(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
): number | null {
  const { state, now } = transaction;
  if (!isInPlace(transaction, service, primary)) {
    service.steady = false;
    delete primary.inPlaceSince;
    const waits =
      unfinishedTasks(state, service).some((task) => isLeaving(state, task)) || lacksOld(state, service);
    return primary.rolloutState === "FAILED" && !waits ? null : now + schedulerTick;
  }
  primary.inPlaceSince ??= now;
  if (primary.rolloutState === "IN_PROGRESS") {
    if (now < completeAt(state, service, primary)) return now + schedulerTick;
    completeDeployment(transaction, service, primary);
  }
  if (!service.steady || now >= (service.steadySaidAt ?? now) + messageHeldFor) {
    service.steady = true;
    service.steadySaidAt = now;
    resolveMessages(service);
    say(transaction, service, "has reached a steady state.");
  }
  const settled = service.deployments.length === 1 && unfinishedTasks(state, service).every(isLive);
  return settled ? (service.steadySaidAt ?? now) + messageHeldFor : now + schedulerTick;
}

/** Whether a deployment that is to be kept up still waits for room for one of its tasks. */
function lacksOld(state: State, service: ServiceRecord): boolean {
  const live = unfinishedTasks(state, service).filter(isLive);
  return service.deployments.some(
    ({ id, status, keeps = 0 }) =>
      status === "ACTIVE" && live.filter(({ startedBy }) => startedBy === id).length < keeps,
  );
}

/** Whether the primary deployment has as many tasks as wanted, all healthy, and nobody else has any. */
function isInPlace(transaction: Transaction, service: ServiceRecord, primary: DeploymentRecord): boolean {
  const { state } = transaction;
  const tasks = unfinishedTasks(state, service);
  const own = tasks.filter((task) => task.startedBy === primary.id && isLive(task));
  return (
    own.length === service.desiredCount &&
    own.every((task) => isHealthy(transaction, task) && !isLeaving(state, task)) &&
    tasks.every((task) => task.startedBy === primary.id)
  );
}

function completeAt(state: State, service: ServiceRecord, primary: DeploymentRecord): number {
  const inPlaceSince = primary.inPlaceSince ?? 0;
  return Math.max(
    inPlaceSince + completeAfter,
    inPlaceSince + bakeTime(state, service, primary),
    isRollback(primary) ? primary.updatedAt + rollbackTakes : 0,
  );
}
