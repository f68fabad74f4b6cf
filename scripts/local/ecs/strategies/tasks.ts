/**
 * Keeps one revision of a service at its number of tasks, whatever the others do.
 */
import type { Transaction } from "../../world/transaction.ts";
import { countUnplaced } from "../circuit-breaker.ts";
import { listed, say } from "../events.ts";
import { isLeaving, isLive, unfinishedTasks } from "../queries.ts";
import { complaint, stoppedReason } from "../replacing.ts";
import { chooseForScaleIn } from "../scale-in.ts";
import { startOne } from "../start-task.ts";
import type { DeploymentRecord, ServiceRecord } from "../state.ts";
import { scalingReason, stopTasks } from "../stopping.ts";
import { ailment, isHealthy } from "../task-health.ts";
import type { TaskRecord } from "../task-state.ts";

/** The tasks of a deployment that have not stopped yet. */
export function tasksOfDeployment(
  { state }: Pick<Transaction, "state">,
  service: ServiceRecord,
  { id }: Pick<DeploymentRecord, "id">,
): TaskRecord[] {
  return unfinishedTasks(state, service).filter(({ startedBy }) => startedBy === id);
}

/** Whether a deployment has as many tasks as wanted, each of them healthy. */
export function isAtScale(
  transaction: Transaction,
  service: ServiceRecord,
  deployment: DeploymentRecord,
): boolean {
  const live = tasksOfDeployment(transaction, service, deployment).filter(isLive);
  return (
    live.length === service.desiredCount &&
    live.every((task) => isHealthy(transaction, task) && !isLeaving(transaction.state, task))
  );
}

/** Starts what a deployment lacks, stops what it has too much of, and replaces what is unhealthy or has to leave. */
export function keepTasks(
  transaction: Transaction,
  service: ServiceRecord,
  deployment: DeploymentRecord,
): void {
  replaceTasks(transaction, service, deployment);
  const live = tasksOfDeployment(transaction, service, deployment).filter(isLive);
  const staying = live.filter((task) => !isLeaving(transaction.state, task));
  const surplus = chooseForScaleIn(transaction, staying, staying.length - service.desiredCount);
  if (surplus.length > 0) stopTasks(transaction, service, surplus, scalingReason(deployment.id));
  const isNew = deployment.rolloutState === "IN_PROGRESS" && deployment.status === "PRIMARY";
  const held = isNew && transaction.now < service.startsHeldUntil;
  if (held || deployment.rolloutState === "FAILED") return;
  const started: TaskRecord[] = [];
  while (staying.length + started.length < service.desiredCount) {
    const task = startOne(transaction, service, deployment, [...live, ...started]);
    if (!task) {
      if (isNew) countUnplaced(transaction, service, deployment);
      break;
    }
    started.push(task);
  }
  if (started.length > 0) {
    say(transaction, service, `has started ${started.length} tasks: ${listed(started)}.`);
  }
}

/** Asks every task of a deployment to stop. */
export function stopAll(
  transaction: Transaction,
  service: ServiceRecord,
  deployment: DeploymentRecord,
): void {
  const live = tasksOfDeployment(transaction, service, deployment).filter(isLive);
  const by = service.deployments[0]?.id ?? deployment.id;
  if (live.length > 0) stopTasks(transaction, service, live, scalingReason(by));
}

/** A task that never was healthy goes at once; any other once there are enough healthy ones without it. */
function replaceTasks(transaction: Transaction, service: ServiceRecord, deployment: DeploymentRecord): void {
  const live = tasksOfDeployment(transaction, service, deployment).filter(isLive);
  const healthy = live.filter(
    (task) => isHealthy(transaction, task) && !isLeaving(transaction.state, task),
  ).length;
  for (const task of live) {
    const found = ailment(transaction, service, task);
    if (!found) task.replacing = false;
    else if (!task.replacing) {
      task.replacing = true;
      say(transaction, service, complaint(transaction, task, found));
      if (deployment.rolloutState === "IN_PROGRESS") {
        deployment.failedTasks += 1;
        if (task.counted === "no") task.counted = "failed";
      }
    }
    if (!isLeaving(transaction.state, task)) continue;
    const hopeless = found !== undefined && task.counted !== "healthy";
    if (hopeless || healthy >= service.desiredCount) {
      stopTasks(transaction, service, [task], found ? stoppedReason(found) : scalingReason(deployment.id));
    }
  }
}
