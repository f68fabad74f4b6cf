/**
 * The service scheduler: one look at one service.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
import type { Transaction } from "../world/transaction.ts";
import { heedAlarms } from "./alarms.ts";
import { countOutcomes, tripBreaker } from "./circuit-breaker.ts";
import { followHosts } from "./daemon.ts";
import { failedDeploymentsStay, schedulerTick } from "./durations.ts";
import { isLive, unfinishedTasks } from "./queries.ts";
import { rebalance } from "./rebalancing.ts";
import { replaceUnhealthy } from "./replacing.ts";
import { rollOut } from "./rolling.ts";
import { scalingReason, stopTasks } from "./stopping.ts";
import { announce } from "./steady.ts";
import { lookAtNative, runsNative } from "./strategies/scheduler.ts";
import { lookAtTaskSets } from "./task-set-scheduler.ts";
import { usesTaskSets } from "./task-sets.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";

/** Looks at a service once: counts, judges, starts, stops, announces; then says when to look again. */
export function lookAt(transaction: Transaction, service: ServiceRecord): void {
  service.nextLookAt = null;
  if (service.status === "INACTIVE") return;
  if (usesTaskSets(service)) {
    lookAtTaskSets(transaction, service);
    return;
  }
  if (service.status === "DRAINING") {
    drain(transaction, service);
    return;
  }
  if (runsNative(transaction.state, service)) {
    lookAtNative(transaction, service);
    return;
  }
  if (service.schedulingStrategy === "DAEMON") followHosts(transaction, service);
  const primary = service.deployments[0];
  if (!primary) return;
  countOutcomes(transaction, service, primary);
  tripBreaker(transaction, service, primary);
  heedAlarms(transaction, service, primary);
  const current = service.deployments[0] ?? primary;
  replaceUnhealthy(transaction, service, current);
  rollOut(transaction, service, current);
  dropFinishedDeployments(transaction, service);
  service.nextLookAt = announce(transaction, service, current);
  rebalance(transaction, service, current);
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
