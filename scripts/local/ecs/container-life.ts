/**
 * The containers of a task: starting and watching each.
 */
import type { ContainerDefinition } from "@aws-sdk/client-ecs";

import type { Endpoint } from "../world/effects.ts";
import { plain } from "../world/plain.ts";
import type { Transaction } from "../world/transaction.ts";
import { checkSettings, firstCheckAt, judgeByBehaviour, probeOf } from "./container-health.ts";
import { containerDefinitions } from "./definitions.ts";
import { readiness } from "./dependencies.ts";
import { taskDefinition } from "./queries.ts";
import type { Binding, ContainerRecord, TaskRecord } from "./task-state.ts";

const outOfMemory = "OutOfMemoryError: Container killed due to memory usage";
const standardRestartPeriodSeconds = 300;

/** Starts every container whose dependencies allow it. @returns why one of them can never start, if so */
export function startReady(
  transaction: Transaction,
  task: TaskRecord,
): { container: ContainerRecord; reason: string } | undefined {
  const definitions = containerDefinitions(transaction.state, task);
  for (let progress = true; progress;) {
    progress = false;
    for (const container of task.containers) {
      if (container.lastStatus !== "PENDING" || container.launching) continue;
      const found = readiness(task, container, definitions, transaction.now);
      if (found.type === "never") return { container, reason: found.reason };
      if (found.type === "waits") continue;
      startContainer(transaction, task, container, definitions.get(container.name) ?? {});
      progress = true;
    }
  }
  return undefined;
}

function startContainer(
  { state, effects, now }: Transaction,
  task: TaskRecord,
  container: ContainerRecord,
  definition: ContainerDefinition,
): void {
  const { behaviour } = container;
  container.exitCode = null;
  container.reason = null;
  const check = checkSettings(definition.healthCheck);
  const probe = check && probeOf(check);
  const judgedOutside = check !== undefined && (state.images.real || probe !== undefined);
  if (check) {
    container.healthStatus = "UNKNOWN";
    container.check = { failures: 0, nextAt: judgedOutside ? null : firstCheckAt(check, now) };
  }
  if (state.images.real) {
    container.lastStatus = "PENDING";
    container.launching = true;
  } else noteStart(container, now);
  const ports = container.bindings.map(({ containerPort }) => containerPort);
  const revision = taskDefinition(state, task.taskDefinition);
  effects.push({
    type: "start-container",
    taskArn: task.arn,
    taskId: task.id,
    container: container.name,
    image: container.image,
    family: revision?.family ?? "",
    revision: revision?.revision ?? 0,
    startedAt: now,
    behaviour: plain(behaviour),
    // One that maps no port and asks itself for its health listens where it asks.
    ports: ports.length === 0 && probe ? [probe.port] : ports,
    endpoints: container.bindings.flatMap((binding) => endpointsOf(state, task, binding)),
    environment: Object.fromEntries(
      (definition.environment ?? []).map(({ name = "", value = "" }) => [name, value]),
    ),
    command: plain(definition.command ?? []),
    entryPoint: plain(definition.entryPoint ?? []),
    memoryMiB: definition.memory ?? null,
    check: judgedOutside ? { ...check, command: plain(check.command) } : undefined,
  });
}

/** Notes that a container runs from now on. */
export function noteStart(container: ContainerRecord, now: number): void {
  const { exitsAfterSeconds } = container.behaviour;
  container.launching = false;
  container.lastStatus = "RUNNING";
  container.startedAt = now;
  container.exitsAt = exitsAfterSeconds === null ? null : now + exitsAfterSeconds * 1000;
}

function endpointsOf(
  state: Transaction["state"],
  task: TaskRecord,
  { hostPort: port, containerPort }: Binding,
): Endpoint[] {
  if (task.networkInterface) return [{ host: task.networkInterface.address, port, containerPort }];
  const host = state.ecs.hosts[task.hostId ?? ""];
  return host ? [host.ec2InstanceId, host.address].map((name) => ({ host: name, port, containerPort })) : [];
}

/** Lets happen to a task's running containers what is due by now. @returns whether anything did */
export function observeContainers(transaction: Transaction, task: TaskRecord): boolean {
  const { state, now } = transaction;
  let changed = false;
  for (const container of task.containers) {
    if (container.lastStatus !== "RUNNING") continue;
    if (container.exitsAt !== null && container.exitsAt <= now) {
      exitContainer(transaction, task, container, exitOf(container));
      changed = true;
    } else if (container.check?.nextAt !== undefined && (container.check.nextAt ?? Infinity) <= now) {
      const definition = containerDefinitions(state, task).get(container.name);
      changed = judge(container, definition, now) || changed;
    }
  }
  return changed;
}

function judge(
  container: ContainerRecord,
  definition: ContainerDefinition | undefined,
  now: number,
): boolean {
  const settings = checkSettings(definition?.healthCheck);
  const { check, startedAt, healthStatus } = container;
  if (!settings || !check || startedAt === null) return false;
  const record = { failures: check.failures, healthStatus };
  const nextAge = judgeByBehaviour(record, settings, container.behaviour, now - startedAt);
  container.check = { failures: record.failures, nextAt: nextAge === null ? null : startedAt + nextAge };
  container.healthStatus = record.healthStatus;
  return record.healthStatus !== healthStatus;
}

/** How a container ended. */
export interface Exit {
  readonly exitCode: number | null;
  readonly reason: string | null;
  /** What it says in its log last. */
  readonly lastWords: string | null;
}

/** How a container ends by what its image does. */
export function exitOf({ behaviour, image }: ContainerRecord): Exit {
  const { exitCode } = behaviour;
  const after = `${behaviour.exitsAfterSeconds ?? 0} s after its start`;
  switch (behaviour.endsBy) {
    case "memory":
      return { exitCode, reason: outOfMemory, lastWords: null };
    case "crash":
      return { exitCode, reason: null, lastWords: `panic: ${image} crashed ${after}, exit code ${exitCode}` };
    case "exit":
    case null:
      return { exitCode, reason: null, lastWords: `${image} is done ${after}, exit code ${exitCode}` };
  }
}

/** Ends a container that stopped by itself; its restart policy may start it again at once. */
export function exitContainer(
  transaction: Transaction,
  task: TaskRecord,
  container: ContainerRecord,
  exit: Exit,
): void {
  const ran = transaction.now - (container.startedAt ?? transaction.now);
  endContainer(transaction, task, container, exit);
  const definition = containerDefinitions(transaction.state, task).get(container.name);
  const policy = definition?.restartPolicy;
  if (!definition || policy?.enabled !== true || task.desiredStatus === "STOPPED") return;
  if (policy.ignoredExitCodes?.includes(exit.exitCode ?? -1)) return;
  if (ran >= (policy.restartAttemptPeriod ?? standardRestartPeriodSeconds) * 1000) {
    startContainer(transaction, task, container, definition);
  }
}

/** Ends a container. */
export function endContainer(
  { effects }: Transaction,
  task: TaskRecord,
  container: ContainerRecord,
  { exitCode, reason, lastWords }: Exit,
): void {
  container.lastStatus = "STOPPED";
  container.exitCode = exitCode;
  container.reason = reason ?? container.reason;
  container.exitsAt = null;
  container.stopsAt = null;
  if (container.check) container.check.nextAt = null;
  if (lastWords !== null) {
    effects.push({ type: "write-log", taskId: task.id, container: container.name, message: lastWords });
  }
  effects.push({ type: "stop-containers", taskId: task.id, container: container.name, kill: true });
}

/** When something of a task's containers is due next; infinity while they just run. */
export function nextOfContainers({ state, now }: Transaction, task: TaskRecord): number {
  const pending = task.containers.some(({ lastStatus }) => lastStatus === "PENDING");
  const definitions = pending ? containerDefinitions(state, task) : undefined;
  let next = Infinity;
  for (const container of task.containers) {
    if (container.lastStatus === "RUNNING") {
      next = Math.min(next, container.exitsAt ?? Infinity, container.check?.nextAt ?? Infinity);
    } else if (container.lastStatus === "PENDING" && definitions) {
      const found = readiness(task, container, definitions, now);
      if (found.type === "waits") next = Math.min(next, found.until);
    }
  }
  return next;
}
