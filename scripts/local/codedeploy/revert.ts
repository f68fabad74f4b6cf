import { drainTaskSet, makePrimary } from "../ecs/task-sets.ts";
import type { Transaction } from "../world/transaction.ts";
import type { DeploymentRecord } from "./state.ts";
import { setTraffic } from "./traffic.ts";

/**
 * Undoes what the deployment that a rollback is for has done: all traffic goes back, the original task set is the
 * primary one again, and the replacement is deleted. No new task set is made.
 */
export function revert(transaction: Transaction, rollback: DeploymentRecord): void {
  const { state } = transaction;
  const broken = state.codedeploy.deployments[rollback.rollback?.rollbackTriggeringDeploymentId ?? ""];
  if (!broken?.blue || !broken.green) return;
  const { blue, green } = broken;
  rollback.blue = { ...blue };
  rollback.green = { ...green };
  const pair = { blue: blue.targetGroupArn, green: green.targetGroupArn };
  setTraffic(transaction, broken.pair.prodTrafficRoute?.listenerArns ?? [], pair, 0);
  setTraffic(transaction, broken.pair.testTrafficRoute?.listenerArns ?? [], pair, 0);
  const service = state.ecs.services[broken.serviceArn];
  const original = service?.taskSets.find(({ id }) => id === blue.taskSetId);
  const replacement = service?.taskSets.find(({ id }) => id === green.taskSetId);
  if (service && original) makePrimary(transaction, service, original);
  if (service && replacement) drainTaskSet(transaction, service, replacement);
}
