/**
 * The service scheduler: one look at one service.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
import type { Transaction } from "../world/transaction.ts";
import { countOutcomes, tripBreaker } from "./circuit-breaker.ts";
import { failedDeploymentsStay, rollbackTakes, schedulerTick } from "./durations.ts";
import { resolveMessages, say } from "./events.ts";
import { hostsOf, isLive, unfinishedTasks } from "./queries.ts";
import { replaceUnhealthy } from "./replacing.ts";
import { rollOut } from "./rolling.ts";
import { scalingReason, stopTasks } from "./stopping.ts";
import { isHealthy } from "./task-health.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";

/** Looks at a service once: counts, judges, starts, stops, announces; then says when to look again. */
export function lookAt(transaction: Transaction, service: ServiceRecord): void {
  service.nextLookAt = null;
  if (service.status === "INACTIVE") return;
  if (service.status === "DRAINING") {
    drain(transaction, service);
    return;
  }
  if (service.schedulingStrategy === "DAEMON") {
    service.desiredCount = hostsOf(transaction.state, service.clusterName).length;
  }
  const primary = service.deployments[0];
  if (!primary) return;
  countOutcomes(transaction, service, primary);
  tripBreaker(transaction, service, primary);
  const current = service.deployments[0] ?? primary;
  replaceUnhealthy(transaction, service, current);
  rollOut(transaction, service, current);
  dropFinishedDeployments(transaction, service);
  const settled = announce(transaction, service, current);
  if (!settled) service.nextLookAt = transaction.now + schedulerTick;
}

/** A deleted service: its tasks stop, then it is INACTIVE. */
function drain(transaction: Transaction, service: ServiceRecord): void {
  const tasks = unfinishedTasks(transaction.state, service);
  const live = tasks.filter(isLive);
  if (live.length > 0) {
    stopTasks(transaction, service, live, scalingReason(service.deployments[0]?.id ?? ""));
  }
  if (tasks.length > 0) {
    service.nextLookAt = transaction.now + schedulerTick;
    return;
  }
  service.status = "INACTIVE";
  service.deployments = [];
}

/** Deployments that lost their last task leave the list; a failed one stays a while, DRAINING. */
function dropFinishedDeployments({ state, now }: Transaction, service: ServiceRecord): void {
  const tasks = unfinishedTasks(state, service);
  const stays = (deployment: DeploymentRecord): boolean => {
    if (deployment.status === "PRIMARY" || tasks.some(({ startedBy }) => startedBy === deployment.id))
      return true;
    if (deployment.rolloutState !== "FAILED") return false;
    deployment.status = "DRAINING";
    return now < deployment.updatedAt + failedDeploymentsStay;
  };
  const remaining = service.deployments.filter(stays);
  if (remaining.length !== service.deployments.length) service.deployments = remaining;
}

/** Says what has been reached. @returns whether there is nothing left to do */
function announce(transaction: Transaction, service: ServiceRecord, primary: DeploymentRecord): boolean {
  const { state, now } = transaction;
  const tasks = unfinishedTasks(state, service);
  const own = tasks.filter((task) => task.startedBy === primary.id && isLive(task));
  const inPlace =
    own.length === service.desiredCount &&
    own.every((task) => isHealthy(transaction, task)) &&
    tasks.every((task) => task.startedBy === primary.id);
  if (!inPlace) {
    service.steady = false;
    return primary.rolloutState === "FAILED" && !tasks.some((task) => task.replacing);
  }
  const rollingBack = primary.rolloutStateReason.includes("rolling back");
  if (primary.rolloutState === "IN_PROGRESS" && !(rollingBack && now < primary.updatedAt + rollbackTakes)) {
    complete(transaction, service, primary);
  }
  if (!service.steady && primary.rolloutState !== "IN_PROGRESS") {
    service.steady = true;
    resolveMessages(service);
    say(transaction, service, "has reached a steady state.");
  }
  return service.steady && service.deployments.length === 1 && tasks.every(isLive);
}

function complete(transaction: Transaction, service: ServiceRecord, primary: DeploymentRecord): void {
  primary.rolloutState = "COMPLETED";
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  primary.updatedAt = transaction.now;
  service.lastCompleted = { ...primary };
  service.steady = false;
  say(transaction, service, `(deployment ${primary.id}) deployment completed.`);
}
