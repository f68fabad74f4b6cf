/**
 * What becomes of the traffic of a blue/green, linear or canary deployment when a newer deployment takes its place.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html#blue-green-deployment-stages
 */
import type { Transaction } from "../../world/transaction.ts";
import { isNative } from "../service-deployments/records.ts";
import type { ServiceDeploymentRecord } from "../service-deployments/state.ts";
import type { DeploymentRecord, ServiceRecord } from "../state.ts";
import { isHealthy } from "../task-health.ts";
import type { Course } from "./course.ts";
import { stopAll, tasksOfDeployment } from "./tasks.ts";
import { moveProduction, moveTest } from "./traffic.ts";

/**
 * Settles whom production belongs to before a newer deployment begins: the revision that a course brought all of it
 * to, when nothing was left to be waited for; else the one before, which gets all traffic back. That revision is then
 * the service's `lastCompleted`.
 *
 * @param next the newer deployment, already the first of the service's
 */
export function settleTraffic(
  transaction: Transaction,
  service: ServiceRecord,
  before: ServiceDeploymentRecord,
  next: DeploymentRecord,
): void {
  if (before.course) settle(transaction, service, before.course, before.target);
  else if (!isNative(before)) takeOver(transaction, service, before);
  const rolls = (service.deploymentConfiguration.strategy ?? "ROLLING") === "ROLLING";
  if (rolls && isNative(before)) stopBystanders(transaction, service, next);
}

function settle(transaction: Transaction, service: ServiceRecord, course: Course, target: string): void {
  if (hasAll(course)) {
    const green = service.deployments.find(({ serviceRevision }) => serviceRevision === target);
    if (green) service.lastCompleted = { ...green };
  } else if (course.blueRevision !== null) {
    if (course.productionPercent > 0) moveProduction(transaction, course, 0);
    if (course.testPercent > 0) moveTest(transaction, course, 0);
  }
}

/** A rolling deployment that is not complete yet may be all that is left to serve production. */
function takeOver(
  transaction: Transaction,
  service: ServiceRecord,
  { target }: ServiceDeploymentRecord,
): void {
  if (service.deployments.some(({ id }) => id === service.lastCompleted?.id)) return;
  const rolled = service.deployments.find(({ serviceRevision }) => serviceRevision === target);
  if (!rolled) return;
  const serves = tasksOfDeployment(transaction, service, rolled).some((task) => isHealthy(transaction, task));
  if (serves) service.lastCompleted = { ...rolled };
}

/** Before the clean-up a deployment may still fail, and go back to a revision that there is. */
function hasAll({ stage, productionPercent, revertingSince, blueRevision }: Course): boolean {
  return (
    productionPercent === 100 && revertingSince === null && (stage === "CLEAN_UP" || blueRevision === null)
  );
}

/** A rolling deployment counts every old task as one that serves, so those that do not have to go before it begins. */
function stopBystanders(transaction: Transaction, service: ServiceRecord, next: DeploymentRecord): void {
  const serving = service.lastCompleted?.id;
  if (!service.deployments.some(({ id }) => id === serving)) return;
  for (const deployment of service.deployments) {
    if (deployment.id !== next.id && deployment.id !== serving) stopAll(transaction, service, deployment);
  }
}
