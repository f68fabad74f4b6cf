import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";
import { requestStop } from "./lifecycle.ts";
import { isStarting, tasksOn } from "./queries.ts";
import type { HostRecord } from "./state.ts";
import { lookSoon } from "./wake.ts";

/**
 * Sets a host DRAINING: its services' tasks that are still starting stop at once, those that run move away by and by;
 * tasks of no service stay.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html
 */
export function drainHost(transaction: Transaction, host: HostRecord): void {
  if (host.status === "DRAINING") return;
  host.status = "DRAINING";
  transaction.effects.push({ type: "log", message: `host ${host.ec2InstanceId} DRAINING` });
  for (const task of tasksOn(transaction.state, host)) {
    if (task.service === null || !isStarting(task)) continue;
    requestStop(transaction, task, "ServiceSchedulerInitiated", "Host is being drained.");
  }
  wakeServicesOf(transaction.state, transaction.now, host.clusterName);
}

/** Sets a host that drains ACTIVE again. */
export function reactivateHost({ state, now }: Transaction, host: HostRecord): void {
  host.status = "ACTIVE";
  wakeServicesOf(state, now, host.clusterName);
}

/** Has the scheduler look at every service of a cluster, as when its hosts changed. */
export function wakeServicesOf(state: State, now: number, clusterName: string): void {
  for (const service of Object.values(state.ecs.services)) {
    if (service.clusterName === clusterName) lookSoon(state, now, service.arn);
  }
}
