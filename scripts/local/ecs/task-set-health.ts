import type { Transaction } from "../world/transaction.ts";
import { say } from "./events.ts";
import { isLive, unfinishedTasks } from "./queries.ts";
import { complaint, stoppedReason } from "./replacing.ts";
import type { ServiceRecord, TaskSetRecord } from "./state.ts";
import { stopTasks } from "./stopping.ts";
import { ailment, isHealthy } from "./task-health.ts";

/**
 * Replaces the unhealthy tasks of a task set: one that was healthy before keeps running until its replacement is
 * healthy, as far as the maximum percent leaves room; any other is stopped at once.
 *
 * @see https://aws.amazon.com/blogs/containers/a-deep-dive-into-amazon-ecs-task-health-and-task-replacement/
 */
export function replaceUnhealthyOf(
  transaction: Transaction,
  service: ServiceRecord,
  { id, computedDesiredCount }: TaskSetRecord,
): void {
  const live = unfinishedTasks(transaction.state, service).filter(
    (task) => task.startedBy === id && isLive(task),
  );
  const healthy = live.filter((task) => isHealthy(transaction, task)).length;
  const { maximumPercent } = service.deploymentConfiguration;
  const room = Math.floor((computedDesiredCount * maximumPercent) / 100) - live.length;
  for (const task of live) {
    const found = ailment(transaction, service, task);
    if (!found) {
      task.replacing = false;
      continue;
    }
    if (!task.replacing) say(transaction, service, complaint(transaction, task, found));
    task.replacing = true;
    if (task.counted !== "healthy" || healthy >= computedDesiredCount || room <= 0) {
      stopTasks(transaction, service, [task], stoppedReason(found));
    }
  }
}
