import type { Transaction } from "../world/transaction.ts";
import { say } from "./events.ts";
import { isLive, unfinishedTasks } from "./queries.ts";
import { ceiling } from "./rolling.ts";
import { stopTasks } from "./stopping.ts";
import { ailment, isHealthy, type Ailment } from "./task-health.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

/**
 * Replaces tasks that fail their health checks: one that was healthy before keeps running until its replacement is
 * healthy, as far as the maximum percent leaves room; any other is stopped at once.
 *
 * @see https://aws.amazon.com/blogs/containers/a-deep-dive-into-amazon-ecs-task-health-and-task-replacement/
 */
export function replaceUnhealthy(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
): void {
  const live = unfinishedTasks(transaction.state, service).filter(isLive);
  const healthy = live.filter((task) => isHealthy(transaction, task)).length;
  const room = ceiling(service) - live.length;
  for (const task of live) {
    const found = ailment(transaction, service, task);
    if (!found) {
      if (task.replacing) task.replacing = false;
      continue;
    }
    if (!task.replacing) notice(transaction, service, primary, task, found);
    const replaced = healthy >= service.desiredCount;
    if (task.counted !== "healthy" || replaced || room <= 0) {
      stopTasks(transaction, service, [task], stoppedReason(found));
    }
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

function complaint({ state }: Transaction, task: TaskRecord, found: Ailment): string {
  if (found.type === "container") return `(task ${task.id}) failed container health checks.`;
  const host = state.ecs.hosts[task.hostId ?? ""];
  const instance = host ? `(instance ${host.ec2InstanceId}) ` : "";
  const where = `(port ${found.port}) is unhealthy in (target-group ${found.targetGroupArn})`;
  return `(task ${task.id}) ${instance}${where} due to (reason ${found.reason}).`;
}

function stoppedReason(found: Ailment): string {
  switch (found.type) {
    case "container":
      return "Task failed container health checks";
    case "target":
      return `Task failed ELB health checks in (target-group ${found.targetGroupArn})`;
  }
}
