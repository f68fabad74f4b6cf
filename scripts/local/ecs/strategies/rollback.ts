/**
 * The way back of a blue/green, linear or canary deployment: traffic first, then the tasks.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html#lifecycle-hooks-during-rollback
 */
import type { Transaction } from "../../world/transaction.ts";
import { say } from "../events.ts";
import { completeDeployment, rollBack } from "../outcome.ts";
import { finish } from "../service-deployments/records.ts";
import { reasons } from "../service-deployments/reasons.ts";
import type { ServiceDeploymentRecord } from "../service-deployments/state.ts";
import type { DeploymentRecord, ServiceRecord } from "../state.ts";
import type { Course } from "./course.ts";
import { stageTakes } from "./durations.ts";
import { dropOpenHooks, isOpen, startHooks } from "./hooks.ts";
import { isAtScale, stopAll, tasksOfDeployment } from "./tasks.ts";
import { moveProduction, moveTest } from "./traffic.ts";

/** What makes a deployment go back. */
export interface Failure {
  readonly reason: string;
  /** Whether the service asks for a rollback when this happens. */
  readonly rollback: boolean;
}

/** The deployment that served production before, if it still has tasks to go back to. */
export function blueOf(service: ServiceRecord, { blueRevision }: Course): DeploymentRecord | undefined {
  return blueRevision === null
    ? undefined
    : service.deployments.find(({ serviceRevision }) => serviceRevision === blueRevision);
}

/** Fails a deployment: all traffic goes back to the old revision at once. With none to go back to it just stops. */
export function revert(
  transaction: Transaction,
  service: ServiceRecord,
  current: ServiceDeploymentRecord,
  course: Course,
  { reason, rollback }: Failure,
): void {
  const { now } = transaction;
  const green = service.deployments.find(({ serviceRevision }) => serviceRevision === current.target);
  if (!green) return;
  green.rolloutState = "FAILED";
  green.rolloutStateReason = reason;
  green.updatedAt = now;
  current.statusReason = reason;
  current.updatedAt = now;
  dropOpenHooks(course);
  say(transaction, service, `(deployment ${green.id}) deployment failed: ${reason}`);
  const blue = blueOf(service, course);
  if (!rollback || !blue) {
    if (rollback) current.statusReason = reasons.noCandidate;
    finish(transaction, service, current, rollback ? "ROLLBACK_FAILED" : "STOPPED");
    return;
  }
  current.status = "ROLLBACK_IN_PROGRESS";
  current.rollback = { reason, startedAt: now, serviceRevision: course.blueRevision ?? "" };
  course.revertingSince = now;
  rollBack(transaction, service, green, blue, detectorOf(current));
  course.stagesBack = [
    // The old tasks may be on their way out already.
    ...(course.stage === "CLEAN_UP" ? ["SCALE_UP" as const] : []),
    ...(course.productionPercent > 0 ? ["PRODUCTION_TRAFFIC_SHIFT" as const] : []),
    ...(course.testPercent > 0 ? ["TEST_TRAFFIC_SHIFT" as const] : []),
    "CLEAN_UP",
  ];
  enterNext(transaction, service, current, course);
}

/** How `rolloutStateReason` begins, as for a rolling deployment. */
function detectorOf({ triggeredBy }: ServiceDeploymentRecord): string {
  if (triggeredBy === "breaker") return "ECS deployment circuit breaker";
  return triggeredBy === "alarms" ? "ECS deployment alarms" : "ECS deployment";
}

function enterNext(
  transaction: Transaction,
  service: ServiceRecord,
  current: ServiceDeploymentRecord,
  course: Course,
): void {
  const [stage, ...rest] = course.stagesBack;
  if (!stage) return;
  course.stagesBack = rest;
  course.stage = stage;
  course.since = transaction.now;
  course.waitsUntil = null;
  if (stage === "SCALE_UP") {
    course.hooks = [];
    return;
  }
  if (course.productionPercent > 0) moveProduction(transaction, course, 0);
  if (course.testPercent > 0) moveTest(transaction, course, 0);
  startHooks(transaction, current, course);
  if (stage !== "CLEAN_UP") return;
  const green = greenOf(service, current);
  if (green) stopAll(transaction, service, green);
}

function greenOf(service: ServiceRecord, { target }: ServiceDeploymentRecord): DeploymentRecord | undefined {
  return service.deployments.find(({ serviceRevision }) => serviceRevision === target);
}

/** Takes a rollback on: hooks are waited for, but cannot stop it; it is over when none of the new tasks is left. */
export function goBack(
  transaction: Transaction,
  service: ServiceRecord,
  current: ServiceDeploymentRecord,
  course: Course,
): void {
  if (course.hooks.some(isOpen) || transaction.now < course.since + stageTakes) return;
  const [blue] = service.deployments;
  if (!blue) return;
  if (course.stage !== "CLEAN_UP") {
    if (course.stage === "SCALE_UP" && !isAtScale(transaction, service, blue)) return;
    enterNext(transaction, service, current, course);
    return;
  }
  const green = greenOf(service, current);
  if (green && tasksOfDeployment(transaction, service, green).length > 0) return;
  if (!isAtScale(transaction, service, blue)) return;
  completeDeployment(transaction, service, blue);
  finish(transaction, service, current, "ROLLBACK_SUCCESSFUL");
}
