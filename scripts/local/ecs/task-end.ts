/**
 * How a task ends: asked to, by itself, or with its host.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
import type { Transaction } from "../world/transaction.ts";
import { stopContainers } from "./container-stop.ts";
import { detachInterface, settleExit } from "./durations.ts";
import { enter } from "./task-status.ts";
import { deregister } from "./task-targets.ts";
import type { TaskRecord } from "./task-state.ts";

/** A task that ends by itself: what still runs of it is stopped, and its targets are let go. */
export function stopFailed(transaction: Transaction, task: TaskRecord, code: string, reason: string): void {
  const { now } = transaction;
  task.desiredStatus = "STOPPED";
  task.stopCode = code;
  task.stoppedReason = reason;
  task.stoppingAt = now;
  deregister(transaction, task);
  const running = task.containers.some(({ lastStatus }) => lastStatus === "RUNNING");
  if (running) enter(transaction, task, "STOPPING", 0);
  else end(transaction, task, settleExit);
}

/**
 * Asks a task to stop. A running one is deregistered and drained first, then gets SIGTERM; one that has not
 * started yet is dropped. With `TerminationNotice` its host is gone, and so is all that ran on it.
 */
export function requestStop(transaction: Transaction, task: TaskRecord, code: string, reason: string): void {
  const { now } = transaction;
  if (task.desiredStatus === "STOPPED") {
    if (code === "TerminationNotice" && task.lastStatus !== "STOPPED") lose(transaction, task);
    return;
  }
  task.desiredStatus = "STOPPED";
  task.stopCode = code;
  task.stoppedReason = reason;
  task.stoppingAt = now;
  const drainedAt = deregister(transaction, task);
  if (code === "TerminationNotice") lose(transaction, task);
  else if (task.lastStatus === "RUNNING" || task.lastStatus === "ACTIVATING") {
    enter(transaction, task, "DEACTIVATING", drainedAt - now);
  } else enter(transaction, task, "STOPPING", 0);
}

/** The host is gone: nobody is left to tell how the containers ended. */
function lose(transaction: Transaction, task: TaskRecord): void {
  for (const container of task.containers) container.lastStatus = "STOPPED";
  task.executionStoppedAt ??= transaction.now;
  transaction.effects.push({ type: "stop-containers", taskId: task.id, kill: true });
  enter(transaction, task, "STOPPING", settleExit);
}

/** Goes on stopping the containers of a task; once none runs, its surroundings are cleaned up. */
export function stop(transaction: Transaction, task: TaskRecord): void {
  const next = stopContainers(transaction, task);
  if (next !== null) task.nextTransitionAt = next === Infinity ? null : next;
  else end(transaction, task, 0);
}

/** No container runs any more. `settling` passes where they have only just ended by themselves. */
function end(transaction: Transaction, task: TaskRecord, settling: number): void {
  if (task.executionStoppedAt === null) {
    task.executionStoppedAt = transaction.now;
    for (const container of task.containers) container.lastStatus = "STOPPED";
    transaction.effects.push({ type: "stop-containers", taskId: task.id, kill: true });
  }
  if (task.networkInterface) enter(transaction, task, "DEPROVISIONING", detachInterface);
  else if (settling > 0) enter(transaction, task, "STOPPING", settling);
  else finish(transaction, task);
}

/** The task is over. */
export function finish(transaction: Transaction, task: TaskRecord): void {
  task.stoppedAt = transaction.now;
  const host = transaction.state.ecs.hosts[task.hostId ?? ""];
  if (host) host.taskArns = host.taskArns.filter((arn) => arn !== task.arn);
  enter(transaction, task, "STOPPED", null);
}
