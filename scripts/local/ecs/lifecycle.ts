/**
 * The life cycle of a task: one transition at a time, each when it is due.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
import { imageBehaviour, resolvedReference } from "../containers/catalogue.ts";
import { deregisterTarget, findTarget, registerTarget } from "../elb/targets.ts";
import type { Transaction } from "../world/transaction.ts";
import { activate, detachInterface, giveUpPulling, pullImage, settleExit } from "./durations.ts";
import { sayOfTargets } from "./events.ts";
import { taskDefinition } from "./queries.ts";
import { lookSoon } from "./wake.ts";
import type { ContainerRecord, TaskRecord, TaskStatus } from "./task-state.ts";
import type { Endpoint } from "../world/effects.ts";

/** How long pulling the images of a task takes, or failing to. */
export function pullDuration(containers: readonly ContainerRecord[]): number {
  return containers.every(({ image }) => imageBehaviour(image).exists) ? pullImage : giveUpPulling;
}

/** Takes a task whose transition is due one step on. */
export function advanceTask(transaction: Transaction, task: TaskRecord): void {
  const { now } = transaction;
  task.nextTransitionAt = null;
  switch (task.lastStatus) {
    case "PROVISIONING":
      task.pullStartedAt = now;
      enter(transaction, task, "PENDING", pullDuration(task.containers));
      break;
    case "PENDING":
      finishPull(transaction, task);
      break;
    case "ACTIVATING":
      run(transaction, task);
      break;
    case "RUNNING":
      observeContainers(transaction, task);
      break;
    case "DEACTIVATING":
      terminate(transaction, task);
      break;
    case "STOPPING":
      endContainers(transaction, task);
      break;
    case "DEPROVISIONING":
      finish(transaction, task);
      break;
    case "STOPPED":
      break;
  }
}

function enter(
  { now, state, effects }: Transaction,
  task: TaskRecord,
  status: TaskStatus,
  span: number | null,
): void {
  task.lastStatus = status;
  task.version += 1;
  task.nextTransitionAt = span === null ? null : now + span;
  effects.push({
    type: "log",
    message: `task ${task.id} ${status}${task.stoppedReason ? ` (${task.stoppedReason})` : ""}`,
  });
  lookSoon(state, now, task.service);
}

function finishPull(transaction: Transaction, task: TaskRecord): void {
  const missing = task.containers.find(({ image }) => !imageBehaviour(image).exists);
  if (missing) {
    const reference = resolvedReference(missing.image);
    const reason = `CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ${reference}: ${reference}: not found`;
    missing.reason = reason;
    stopFailed(transaction, task, "TaskFailedToStart", reason);
    return;
  }
  task.pullStoppedAt = transaction.now;
  startContainers(transaction, task);
  if (task.targets.length === 0) {
    run(transaction, task);
    return;
  }
  if (task.targets.length > 1) register(transaction, task);
  enter(transaction, task, "ACTIVATING", activate);
}

function startContainers({ state, effects }: Transaction, task: TaskRecord): void {
  const revision = taskDefinition(state, task.taskDefinition);
  for (const container of task.containers) {
    container.lastStatus = "RUNNING";
    effects.push({
      type: "start-container",
      taskId: task.id,
      container: container.name,
      image: container.image,
      family: revision?.family ?? "",
      revision: revision?.revision ?? 0,
      endpoints: container.bindings.flatMap(({ hostPort }) => endpointsOf({ state }, task, hostPort)),
    });
  }
}

function endpointsOf({ state }: Pick<Transaction, "state">, task: TaskRecord, port: number): Endpoint[] {
  if (task.networkInterface) return [{ host: task.networkInterface.address, port }];
  const host = state.ecs.hosts[task.hostId ?? ""];
  return host ? [host.ec2InstanceId, host.address].map((name) => ({ host: name, port })) : [];
}

function run(transaction: Transaction, task: TaskRecord): void {
  const { state, now } = transaction;
  task.startedAt = now;
  if (task.targets.length === 1) register(transaction, task);
  const definitions = taskDefinition(state, task.taskDefinition)?.definition.containerDefinitions ?? [];
  for (const container of task.containers) {
    const behaviour = imageBehaviour(container.image);
    if (behaviour.exitsAfterSeconds !== null) container.exitsAt = now + behaviour.exitsAfterSeconds * 1000;
    const check = definitions.find(({ name }) => name === container.name)?.healthCheck;
    if (check) {
      const intervals = behaviour.statusCode < 400 ? 1 : (check.retries ?? 3);
      const seconds = (check.startPeriod ?? 0) * (intervals > 1 ? 1 : 0) + intervals * (check.interval ?? 30);
      container.healthVerdictAt = now + seconds * 1000;
    }
  }
  enter(transaction, task, "RUNNING", nextObservation(task, now));
}

function nextObservation(task: TaskRecord, now: number): number | null {
  const times = task.containers.flatMap(({ exitsAt, healthVerdictAt, lastStatus, healthStatus }) =>
    lastStatus === "RUNNING"
      ? [exitsAt ?? Infinity, healthStatus === "UNKNOWN" ? (healthVerdictAt ?? Infinity) : Infinity]
      : [],
  );
  const next = Math.min(Infinity, ...times);
  return next === Infinity ? null : Math.max(0, next - now);
}

function observeContainers(transaction: Transaction, task: TaskRecord): void {
  const { now } = transaction;
  for (const container of task.containers) {
    if (container.lastStatus === "RUNNING" && container.exitsAt !== null && container.exitsAt <= now) {
      container.lastStatus = "STOPPED";
      container.exitCode = imageBehaviour(container.image).exitCode;
    }
    if (
      container.healthVerdictAt !== null &&
      container.healthVerdictAt <= now &&
      container.healthStatus === "UNKNOWN"
    ) {
      container.healthStatus = imageBehaviour(container.image).statusCode < 400 ? "HEALTHY" : "UNHEALTHY";
    }
  }
  if (task.containers.some(({ essential, lastStatus }) => essential && lastStatus === "STOPPED")) {
    stopFailed(transaction, task, "EssentialContainerExited", "Essential container in task exited");
    return;
  }
  enter(transaction, task, "RUNNING", nextObservation(task, now));
}

/** A task that ends by itself: its containers are gone, only its surroundings are left to clean up. */
function stopFailed(transaction: Transaction, task: TaskRecord, code: string, reason: string): void {
  const { now, effects } = transaction;
  task.desiredStatus = "STOPPED";
  task.stopCode = code;
  task.stoppedReason = reason;
  task.stoppingAt = now;
  task.executionStoppedAt = now;
  for (const container of task.containers) {
    if (container.lastStatus === "RUNNING") container.exitCode = 137;
    container.lastStatus = "STOPPED";
  }
  effects.push({ type: "stop-containers", taskId: task.id, kill: true });
  deregister(transaction, task);
  if (task.networkInterface) enter(transaction, task, "DEPROVISIONING", detachInterface);
  else enter(transaction, task, "STOPPING", settleExit);
}

/**
 * Asks a task to stop. A running one is deregistered and drained first, then gets SIGTERM; one that has not
 * started yet is dropped.
 */
export function requestStop(transaction: Transaction, task: TaskRecord, code: string, reason: string): void {
  const { now } = transaction;
  if (task.desiredStatus === "STOPPED") return;
  task.desiredStatus = "STOPPED";
  task.stopCode = code;
  task.stoppedReason = reason;
  task.stoppingAt = now;
  const drainedAt = deregister(transaction, task);
  if (task.lastStatus === "RUNNING" || task.lastStatus === "ACTIVATING") {
    enter(transaction, task, "DEACTIVATING", drainedAt - now);
  } else enter(transaction, task, "STOPPING", 0);
}

function terminate(transaction: Transaction, task: TaskRecord): void {
  transaction.effects.push({ type: "stop-containers", taskId: task.id, kill: false });
  const seconds = Math.max(...task.containers.map(({ image }) => imageBehaviour(image).stopsWithinSeconds));
  enter(transaction, task, "STOPPING", seconds * 1000);
}

function endContainers(transaction: Transaction, task: TaskRecord): void {
  for (const container of task.containers) {
    if (container.lastStatus === "RUNNING") container.exitCode ??= 0;
    container.lastStatus = "STOPPED";
  }
  task.executionStoppedAt ??= transaction.now;
  transaction.effects.push({ type: "stop-containers", taskId: task.id, kill: true });
  if (task.networkInterface) enter(transaction, task, "DEPROVISIONING", detachInterface);
  else finish(transaction, task);
}

function finish(transaction: Transaction, task: TaskRecord): void {
  task.stoppedAt = transaction.now;
  const host = transaction.state.ecs.hosts[task.hostId ?? ""];
  if (host) host.taskArns = host.taskArns.filter((arn) => arn !== task.arn);
  enter(transaction, task, "STOPPED", null);
}

function register(transaction: Transaction, task: TaskRecord): void {
  const service = transaction.state.ecs.services[task.service ?? ""];
  for (const { targetGroupArn, id, port } of task.targets) {
    registerTarget(transaction.state, transaction.now, targetGroupArn, {
      id,
      port,
      ...(task.networkInterface && { availabilityZone: task.availabilityZone }),
    });
    if (service) sayOfTargets(transaction, service, "registered", targetGroupArn);
  }
}

/** @returns when the last of the task's targets is drained */
function deregister(transaction: Transaction, task: TaskRecord): number {
  const { state, now } = transaction;
  const service = state.ecs.services[task.service ?? ""];
  const times = task.targets.map(({ targetGroupArn, id, port }) => {
    const registered = findTarget(state, targetGroupArn, id, port);
    if (service && registered) sayOfTargets(transaction, service, "deregistered", targetGroupArn);
    return deregisterTarget(state, now, targetGroupArn, { id, port });
  });
  return Math.max(now, ...times);
}
