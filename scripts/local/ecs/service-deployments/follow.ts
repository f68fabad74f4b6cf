/**
 * Keeps the history of a service up with its deployments: each one has a service revision and a service deployment.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
import { ringing } from "../../alarms/state.ts";
import type { Transaction } from "../../world/transaction.ts";
import { deploymentAlarms } from "../alarms.ts";
import { failureThreshold } from "../circuit-breaker.ts";
import { failDeployment, isRollback } from "../outcome.ts";
import type { DeploymentRecord, ServiceRecord } from "../state.ts";
import { settleTraffic } from "../strategies/supersede.ts";
import { inServingGroups } from "../strategies/traffic.ts";
import { usesTaskSets } from "../task-sets.ts";
import {
  finish,
  forgetHistory,
  isFinished,
  isNative,
  latestDeployment,
  recordDeployment,
  recordRevision,
  recordTargetGroups,
} from "./records.ts";
import { reasons } from "./reasons.ts";
import type { ServiceDeploymentRecord } from "./state.ts";

/** Begins the history of a service's deployments that have none yet; a new one stops the one that is under way. */
export function noticeDeployments(transaction: Transaction, service: ServiceRecord): void {
  if (usesTaskSets(service)) return;
  for (const deployment of service.deployments.toReversed()) {
    if (deployment.serviceRevision === undefined) begin(transaction, service, deployment);
  }
}

function begin(transaction: Transaction, service: ServiceRecord, deployment: DeploymentRecord): void {
  const { state } = transaction;
  recordRevision(transaction, service, deployment);
  const current = latestDeployment(state, service);
  if (current) settleTraffic(transaction, service, current, deployment);
  if ((service.deploymentConfiguration.strategy ?? "ROLLING") === "ROLLING") {
    deployment.loadBalancers = inServingGroups(state, deployment.revision.loadBalancers);
    recordTargetGroups(state, deployment);
  }
  // One that a service brought along from another deployment controller has no history.
  if (deployment.rolloutState === "COMPLETED") return;
  if (current && !isFinished(current)) finish(transaction, service, current, "STOPPED");
  const sources = service.deployments.flatMap(({ id, serviceRevision }) =>
    id === deployment.id || serviceRevision === undefined ? [] : [serviceRevision],
  );
  recordDeployment(transaction, service, deployment, sources);
}

/** Before the scheduler looks at a service: takes up what is pending, and what somebody asked to be rolled back. */
export function beforeLook(transaction: Transaction, service: ServiceRecord): void {
  noticeDeployments(transaction, service);
  const current = latestDeployment(transaction.state, service);
  if (!current || service.status !== "ACTIVE" || usesTaskSets(service)) return;
  if (current.status === "PENDING") {
    current.status = "IN_PROGRESS";
    current.startedAt = transaction.now;
    current.updatedAt = transaction.now;
  }
  // One that was stopped before it began has no start yet.
  current.startedAt ??= transaction.now;
  const [primary] = service.deployments;
  if (current.status !== "ROLLBACK_REQUESTED" || isNative(current) || !primary) return;
  failDeployment(transaction, service, primary, {
    detector: "ECS deployment",
    reason: current.statusReason ?? reasons.requested,
    rollback: true,
  });
}

/** After the scheduler has looked: the history of a rolling deployment follows what it did. */
export function afterLook(transaction: Transaction, service: ServiceRecord): void {
  if (service.status === "INACTIVE") {
    forgetHistory(transaction.state, service);
    return;
  }
  noticeDeployments(transaction, service);
  const current = latestDeployment(transaction.state, service);
  if (!current || isFinished(current)) return;
  if (usesTaskSets(service)) finish(transaction, service, current, "STOPPED");
  else if (!isNative(current)) followRolling(transaction, service, current);
}

function followRolling(
  transaction: Transaction,
  service: ServiceRecord,
  current: ServiceDeploymentRecord,
): void {
  const { now } = transaction;
  const [primary] = service.deployments;
  const { deploymentCircuitBreaker } = current.configuration;
  current.failureThreshold = failureThreshold(service.desiredCount, deploymentCircuitBreaker);
  const target = service.deployments.find(({ serviceRevision }) => serviceRevision === current.target);
  if (target && target.failedTasks > current.failureCount) {
    current.failureCount = target.failedTasks;
    current.updatedAt = now;
  } else if (target?.rolloutState === "IN_PROGRESS") current.failureCount = target.failedTasks;
  if (target?.rolloutState === "FAILED" && current.rollback === null)
    fail(transaction, service, current, target);
  if (isFinished(current) || !primary) return;
  if (current.status === "ROLLBACK_IN_PROGRESS") {
    if (primary.rolloutState === "COMPLETED") finish(transaction, service, current, "ROLLBACK_SUCCESSFUL");
    // The revision that it went back to could not be brought up either.
    else if (primary.rolloutState === "FAILED") finish(transaction, service, current, "ROLLBACK_FAILED");
  } else if (target?.rolloutState === "COMPLETED") finish(transaction, service, current, "SUCCESSFUL");
}

function fail(
  transaction: Transaction,
  service: ServiceRecord,
  current: ServiceDeploymentRecord,
  target: DeploymentRecord,
): void {
  const { state, now } = transaction;
  const [primary] = service.deployments;
  const { deploymentCircuitBreaker, alarms } = current.configuration;
  const requested = current.status === "ROLLBACK_REQUESTED";
  const byAlarms = /alarms?:/.test(target.rolloutStateReason);
  const wanted = requested || (byAlarms ? alarms : deploymentCircuitBreaker)?.rollback === true;
  if (!requested) {
    current.triggeredBy = byAlarms ? "alarms" : "breaker";
    current.triggeredAlarms = byAlarms ? ringing(state, deploymentAlarms(service)) : [];
    current.statusReason = byAlarms ? reasons.alarms : reasons.breaker;
  }
  current.updatedAt = now;
  if (!primary || primary.id === target.id || !isRollback(primary)) {
    if (wanted) current.statusReason = reasons.noCandidate;
    finish(transaction, service, current, wanted ? "ROLLBACK_FAILED" : "STOPPED");
    return;
  }
  current.status = "ROLLBACK_IN_PROGRESS";
  current.rollback = {
    reason: current.statusReason ?? "",
    startedAt: now,
    serviceRevision: primary.serviceRevision ?? "",
  };
}
