/**
 * The life cycle of a task: one transition at a time, each when it is due.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
import { resolvedReference } from "../containers/catalogue.ts";
import type { Transaction } from "../world/transaction.ts";
import {
  exitContainer,
  nextOfContainers,
  noteStart,
  observeContainers,
  startReady,
  type Exit,
} from "./container-life.ts";
import { activate, giveUpPulling, pullImage } from "./durations.ts";
import { needsOf, type Preparation } from "./preparation.ts";
import { finish, stop, stopFailed } from "./task-end.ts";
import { enter } from "./task-status.ts";
import { register } from "./task-targets.ts";
import { lookSoon } from "./wake.ts";
import type { ContainerRecord, TaskRecord } from "./task-state.ts";

export { requestStop } from "./task-end.ts";

/** Takes a task whose transition is due one step on. */
export function advanceTask(transaction: Transaction, task: TaskRecord): void {
  task.nextTransitionAt = null;
  switch (task.lastStatus) {
    case "PROVISIONING":
      enter(transaction, task, "PENDING", beginPending(transaction, task));
      break;
    case "PENDING":
      if (task.pullStoppedAt === null) finishPull(transaction, task);
      else proceed(transaction, task);
      break;
    case "ACTIVATING":
    case "RUNNING":
      proceed(transaction, task);
      break;
    case "DEACTIVATING":
      enter(transaction, task, "STOPPING", 0);
      break;
    case "STOPPING":
      stop(transaction, task);
      break;
    case "DEPROVISIONING":
      finish(transaction, task);
      break;
    case "STOPPED":
      break;
  }
}

/**
 * Begins what a task does in PENDING: it has fetched what it needs, or starts to pull.
 *
 * @returns AWS milliseconds until the pull is over; null while something is fetched (see `taskPrepared`)
 */
export function beginPending(transaction: Transaction, task: TaskRecord): number | null {
  const needs = needsOf(transaction.state, task);
  if (!needs) return beginPull(transaction, task);
  transaction.effects.push({ type: "prepare-task", taskArn: task.arn, needs });
  return null;
}

function beginPull({ now }: Transaction, task: TaskRecord): number {
  task.pullStartedAt = now;
  return task.containers.every(({ behaviour }) => behaviour.exists) ? pullImage : giveUpPulling;
}

/** Goes on with a task for which everything was fetched, or could not be. */
export function taskPrepared(transaction: Transaction, taskArn: string, outcome: Preparation): void {
  const task = transaction.state.ecs.tasks[taskArn];
  if (task?.lastStatus !== "PENDING" || task.desiredStatus !== "RUNNING" || task.pullStartedAt !== null)
    return;
  if (outcome.type === "failed") {
    const container = task.containers.find(({ name }) => name === outcome.container);
    if (container) container.reason = outcome.reason;
    stopFailed(transaction, task, "TaskFailedToStart", outcome.reason);
    return;
  }
  if (outcome.type === "cannot-start") {
    task.cannotStart = { container: outcome.container, reason: outcome.reason };
  }
  task.nextTransitionAt = transaction.now + beginPull(transaction, task);
}

function finishPull(transaction: Transaction, task: TaskRecord): void {
  const missing = task.containers.find(({ behaviour }) => !behaviour.exists);
  if (missing) {
    const reference = resolvedReference(missing.image);
    const reason = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${reference}: ${reference}: not found`;
    failToStart(transaction, task, missing, reason);
    return;
  }
  task.pullStoppedAt = transaction.now;
  const { cannotStart } = task;
  const container = task.containers.find(({ name }) => name === cannotStart?.container);
  if (cannotStart && container) {
    failToStart(transaction, task, container, cannotStart.reason);
    return;
  }
  if (task.targets.length === 0) {
    proceed(transaction, task);
    return;
  }
  if (task.targets.length > 1) register(transaction, task);
  enter(transaction, task, "ACTIVATING", activate);
}

function failToStart(
  transaction: Transaction,
  task: TaskRecord,
  container: ContainerRecord,
  reason: string,
): void {
  container.reason = reason;
  stopFailed(transaction, task, "TaskFailedToStart", reason);
}

/** Starts what can start, lets happen what is due, and sees what that means for the task. */
function proceed(transaction: Transaction, task: TaskRecord): void {
  const { now, state } = transaction;
  const changed = observeContainers(transaction, task);
  if (essentialEnded(task)) {
    stopFailed(transaction, task, "EssentialContainerExited", "Essential container in task exited");
    return;
  }
  const failure = startReady(transaction, task);
  if (failure) {
    failToStart(transaction, task, failure.container, failure.reason);
    return;
  }
  const next = nextOfContainers(transaction, task);
  const due = next === Infinity ? null : Math.max(now, next);
  if (task.startedAt === null && !task.containers.some(({ lastStatus }) => lastStatus === "PENDING")) {
    task.startedAt = now;
    if (task.targets.length === 1) register(transaction, task);
    enter(transaction, task, "RUNNING", due === null ? null : due - now);
    return;
  }
  task.nextTransitionAt = due;
  if (!changed) return;
  task.version += 1;
  lookSoon(state, now, task.service);
}

function essentialEnded({ containers }: TaskRecord): boolean {
  return containers.some(({ essential, lastStatus }) => essential && lastStatus === "STOPPED");
}

/** Notes that a container's process ended, as somebody outside has seen. */
export function containerEnded(transaction: Transaction, taskArn: string, name: string, exit: Exit): void {
  const task = transaction.state.ecs.tasks[taskArn];
  const container = task?.containers.find((candidate) => candidate.name === name);
  if (!task || container?.lastStatus !== "RUNNING") return;
  exitContainer(transaction, task, container, exit);
  if (task.lastStatus !== "DEACTIVATING") task.nextTransitionAt = transaction.now;
}

/** Notes that a container has been started, where that takes a while. */
export function containerStarted({ state, now }: Transaction, taskArn: string, name: string): void {
  const task = state.ecs.tasks[taskArn];
  const container = task?.containers.find((candidate) => candidate.name === name);
  if (!task || !container?.launching || container.lastStatus !== "PENDING") return;
  noteStart(container, now);
  if (task.desiredStatus === "RUNNING") task.nextTransitionAt = now;
}

/** Notes that a container could not be started after all. */
export function containerCannotStart(
  transaction: Transaction,
  taskArn: string,
  name: string,
  reason: string,
): void {
  const task = transaction.state.ecs.tasks[taskArn];
  const container = task?.containers.find((candidate) => candidate.name === name);
  if (!task || !container?.launching || task.desiredStatus !== "RUNNING") return;
  container.lastStatus = "STOPPED";
  failToStart(transaction, task, container, reason);
}

/** Notes what somebody outside has found of a container's health. */
export function containerHealthFound(
  { state, now }: Transaction,
  taskArn: string,
  name: string,
  healthStatus: ContainerRecord["healthStatus"],
): void {
  const task = state.ecs.tasks[taskArn];
  const container = task?.containers.find((candidate) => candidate.name === name);
  if (!task || container?.lastStatus !== "RUNNING" || container.healthStatus === healthStatus) return;
  container.healthStatus = healthStatus;
  task.version += 1;
  if (task.startedAt === null) task.nextTransitionAt = now;
  lookSoon(state, now, task.service);
}
