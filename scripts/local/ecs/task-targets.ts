import { deregisterTarget, findTarget, registerTarget } from "../elb/targets.ts";
import type { Transaction } from "../world/transaction.ts";
import { sayOfTargets } from "./events.ts";
import type { TaskRecord } from "./task-state.ts";

/** Registers a task with its target groups. */
export function register(transaction: Transaction, task: TaskRecord): void {
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

/** Takes a task out of its target groups. @returns when the last of its targets is drained */
export function deregister(transaction: Transaction, task: TaskRecord): number {
  const { state, now } = transaction;
  const service = state.ecs.services[task.service ?? ""];
  const times = task.targets.map(({ targetGroupArn, id, port }) => {
    const registered = findTarget(state, targetGroupArn, id, port);
    if (service && registered) sayOfTargets(transaction, service, "deregistered", targetGroupArn);
    return deregisterTarget(state, now, targetGroupArn, { id, port });
  });
  return Math.max(now, ...times);
}
