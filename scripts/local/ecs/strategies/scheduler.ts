/**
 * The scheduler of services with strategy BLUE_GREEN, LINEAR or CANARY: one look at one service.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
import type { Transaction } from "../../world/transaction.ts";
import { countOutcomes } from "../circuit-breaker.ts";
import { failedDeploymentsStay, schedulerTick } from "../durations.ts";
import { isFinished, isNative, latestDeployment } from "../service-deployments/records.ts";
import type { DeploymentRecord, ServiceRecord } from "../state.ts";
import { announce } from "../steady.ts";
import type { State } from "../../world/state.ts";
import { advance } from "./advance.ts";
import type { Course } from "./course.ts";
import { stageTakes } from "./durations.ts";
import { nextHookAt } from "./hooks.ts";
import { keepTasks, stopAll, tasksOfDeployment } from "./tasks.ts";

/** Whether a service is deployed through lifecycle stages: by the deployment under way, else by its configuration. */
export function runsNative(state: State, service: ServiceRecord): boolean {
  const current = latestDeployment(state, service);
  if (current && !isFinished(current)) return isNative(current);
  return (service.deploymentConfiguration.strategy ?? "ROLLING") !== "ROLLING";
}

/** Looks at a service once, and says when to look again. */
export function lookAtNative(transaction: Transaction, service: ServiceRecord): void {
  const [primary] = service.deployments;
  if (!primary) return;
  countOutcomes(transaction, service, primary);
  const current = latestDeployment(transaction.state, service);
  if (current && !isFinished(current)) {
    service.steady = false;
    advance(transaction, service, current);
    service.nextLookAt = current.course ? nextLook(transaction, current.course) : null;
    return;
  }
  // After a failure without rollback what serves production goes on serving it.
  const failed = primary.rolloutState === "FAILED";
  for (const deployment of service.deployments) {
    const stays = deployment.id === primary.id || (failed && deployment.id === service.lastCompleted?.id);
    if (stays) keepTasks(transaction, service, deployment);
    else stopAll(transaction, service, deployment);
  }
  dropEmpty(transaction, service);
  service.nextLookAt = announce(transaction, service, primary);
  if (service.deployments.length > 1) service.nextLookAt ??= transaction.now + schedulerTick;
}

function nextLook({ now }: Transaction, course: Course): number {
  const due = [course.since + stageTakes, course.waitsUntil ?? Infinity, nextHookAt(course)];
  return Math.min(now + schedulerTick, ...due.filter((instant) => instant > now));
}

/** A failed deployment is listed for a while after its last task. */
function dropEmpty(transaction: Transaction, service: ServiceRecord): void {
  const { now } = transaction;
  const stays = (deployment: DeploymentRecord): boolean => {
    if (deployment.status === "PRIMARY") return true;
    if (tasksOfDeployment(transaction, service, deployment).length > 0) return true;
    if (deployment.rolloutState !== "FAILED") return false;
    deployment.status = "DRAINING";
    return now < deployment.updatedAt + failedDeploymentsStay;
  };
  if (!service.deployments.every(stays)) service.deployments = service.deployments.filter(stays);
}
