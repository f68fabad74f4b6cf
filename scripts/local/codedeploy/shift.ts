import { makePrimary } from "../ecs/task-sets.ts";
import type { Transaction } from "../world/transaction.ts";
import { routingOf } from "./configs.ts";
import type { DeploymentRecord } from "./state.ts";
import { setTraffic, shiftsOf, type Shift } from "./traffic.ts";

function move(
  transaction: Transaction,
  { blue, green }: DeploymentRecord,
  listenerArns: readonly string[] | undefined,
  percent: number,
): void {
  if (!blue || !green) return;
  const pair = { blue: blue.targetGroupArn, green: green.targetGroupArn };
  setTraffic(transaction, listenerArns ?? [], pair, percent);
}

/** Moves the test listener, where there is one, to the replacement. */
export function moveTest(transaction: Transaction, deployment: DeploymentRecord): void {
  move(transaction, deployment, deployment.pair.testTrafficRoute?.listenerArns, 100);
}

function moveProduction(transaction: Transaction, deployment: DeploymentRecord, percent: number): void {
  move(transaction, deployment, deployment.pair.prodTrafficRoute?.listenerArns, percent);
}

function shiftsFor({ state }: Transaction, { configName }: DeploymentRecord): Shift[] {
  return shiftsOf(routingOf(state.codedeploy, configName) ?? { type: "AllAtOnce" });
}

/**
 * With a gradual shift to come, brings the replacement's target group behind the production listener at weight 0, so
 * that the health of its targets is checked from the start.
 */
export function prepareShift(transaction: Transaction, deployment: DeploymentRecord): void {
  if (shiftsFor(transaction, deployment).length > 1) moveProduction(transaction, deployment, 0);
}

/**
 * Makes the shifts of production traffic that are due; with the last one the replacement becomes the primary task set.
 *
 * @returns when the next one is due; null after the last one
 */
export function makeShifts(transaction: Transaction, deployment: DeploymentRecord): number | null {
  const { state, now } = transaction;
  const began = deployment.events.find(({ name }) => name === "AllowTraffic")?.startedAt ?? now;
  for (const { after, percent } of shiftsFor(transaction, deployment).slice(deployment.shiftsMade)) {
    if (began + after > now) return began + after;
    moveProduction(transaction, deployment, percent);
    deployment.shiftsMade += 1;
  }
  const service = state.ecs.services[deployment.serviceArn];
  const replacement = service?.taskSets.find(({ id }) => id === deployment.green?.taskSetId);
  if (service && replacement) makePrimary(transaction, service, replacement);
  return null;
}
