import type { Transaction } from "../world/transaction.ts";
import { say } from "./events.ts";
import { isLive, unfinishedTasks } from "./queries.ts";
import { ceiling, floor } from "./rolling.ts";
import { stopTasks } from "./stopping.ts";
import { ailment, isHealthy, type Ailment } from "./task-health.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

/**
 * Replaces tasks that fail their health checks. Where the maximum percent leaves room, a task runs on until its
 * replacement is healthy; else the unhealthy ones are stopped one by one, as many as the minimum percent lets go.
 * A task that never was healthy gives way at once.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function replaceUnhealthy(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
): void {
  const live = unfinishedTasks(transaction.state, service).filter(isLive);
  const unhealthy: { task: TaskRecord; found: Ailment }[] = [];
  for (const task of live) {
    const found = ailment(transaction, service, task);
    if (!found) {
      if (task.replacing) task.replacing = false;
      continue;
    }
    if (!task.replacing) notice(transaction, service, primary, task, found);
    unhealthy.push({ task, found });
  }
  if (unhealthy.length === 0) return;
  const healthy = live.filter((task) => isHealthy(transaction, task)).length;
  const running = live.filter(({ lastStatus }) => lastStatus === "RUNNING").length;
  const hopeless = unhealthy.filter(({ task }) => task.counted !== "healthy");
  const stop = ({ task, found }: (typeof unhealthy)[number]) => {
    stopTasks(transaction, service, [task], stoppedReason(found));
  };
  if (healthy >= service.desiredCount) unhealthy.forEach(stop);
  else if (hopeless.length > 0) hopeless.forEach(stop);
  else if (live.length >= ceiling(service) && running > floor(service)) {
    unhealthy.slice(0, 1).forEach(stop);
  }
}

function notice(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
  task: TaskRecord,
  found: Ailment,
): void {
  task.replacing = true;
  say(transaction, service, complaint(transaction, task, found));
  if (task.startedBy !== primary.id || primary.rolloutState !== "IN_PROGRESS") return;
  primary.failedTasks += 1;
  if (task.counted === "no") task.counted = "failed";
}

/** What a service says of an unhealthy task. */
export function complaint({ state }: Transaction, task: TaskRecord, found: Ailment): string {
  if (found.type === "container") return `(task ${task.id}) failed container health checks.`;
  const host = state.ecs.hosts[task.hostId ?? ""];
  const instance = host ? `(instance ${host.ec2InstanceId}) ` : "";
  const where = `(port ${found.port}) is unhealthy in (target-group ${found.targetGroupArn})`;
  return `(task ${task.id}) ${instance}${where} due to (reason ${found.reason}).`;
}

/** The reason that a task carries which was stopped for its health. */
export function stoppedReason(found: Ailment): string {
  switch (found.type) {
    case "container":
      return "Task failed container health checks";
    case "target":
      return `Task failed ELB health checks in (target-group ${found.targetGroupArn})`;
  }
}
