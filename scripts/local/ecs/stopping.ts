import type { Transaction } from "../world/transaction.ts";
import { listed, say, sayOfTaskSet } from "./events.ts";
import { requestStop } from "./lifecycle.ts";
import type { ServiceRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

/** Stops tasks of a service and says so: running ones, pending ones, and those whose connections now drain. */
export function stopTasks(
  transaction: Transaction,
  service: ServiceRecord,
  tasks: readonly TaskRecord[],
  reason: string,
): void {
  const running = tasks.filter(({ lastStatus }) => lastStatus === "RUNNING");
  const pending = tasks.filter(({ lastStatus }) => lastStatus !== "RUNNING");
  if (running.length > 0) {
    say(transaction, service, `has stopped ${running.length} running tasks: ${listed(running)}.`);
  }
  if (pending.length > 0) say(transaction, service, `stopped ${pending.length} pending tasks.`);
  const draining = running.filter(({ targets }) => targets.length > 0);
  for (const deployment of new Set(draining.map(({ startedBy }) => startedBy ?? ""))) {
    const own = draining.filter(({ startedBy }) => startedBy === deployment);
    sayOfTaskSet(transaction, service, deployment, `has begun draining connections on ${own.length} tasks.`);
  }
  for (const task of tasks) requestStop(transaction, task, "ServiceSchedulerInitiated", reason);
}

/** The reason that a task carries which its deployment no longer wants. */
export function scalingReason(deploymentId: string): string {
  return `Scaling activity initiated by (deployment ${deploymentId})`;
}
