/**
 * One look at a blue/green, linear or canary deployment: what its stage does, and whether the stage is done.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
import type { Transaction } from "../../world/transaction.ts";
import { completeDeployment } from "../outcome.ts";
import { finish, recordTargetGroups } from "../service-deployments/records.ts";
import type { ServiceDeploymentRecord } from "../service-deployments/state.ts";
import type { DeploymentRecord, ServiceRecord } from "../state.ts";
import { nextStage, shiftSteps, stepBakeMinutes, type Course, type LifecycleStage } from "./course.ts";
import { minute, stageTakes } from "./durations.ts";
import { isOpen, startHooks, tendHooks } from "./hooks.ts";
import { foundFailure } from "./monitors.ts";
import { blueOf, goBack, revert } from "./rollback.ts";
import { isAtScale, keepTasks, stopAll, tasksOfDeployment } from "./tasks.ts";
import { moveProduction, moveTest, placeRevision } from "./traffic.ts";

/** What one look works on: a service, its deployment under way and that one's course. */
interface Look {
  readonly service: ServiceRecord;
  readonly current: ServiceDeploymentRecord;
  readonly course: Course;
  /** The deployment of the new revision. */
  readonly green: DeploymentRecord;
}

/** Takes a deployment on, as far as it goes at this moment. */
export function advance(
  transaction: Transaction,
  service: ServiceRecord,
  current: ServiceDeploymentRecord,
): void {
  const green = service.deployments.find(({ serviceRevision }) => serviceRevision === current.target);
  if (!green) return;
  if (!current.course) current.course = begin(transaction, service, current);
  const { course } = current;
  const look = { service, current, course, green };
  tendHooks(transaction, current, course);
  if (course.revertingSince === null) goOn(transaction, look);
  if (course.revertingSince !== null) {
    const [blue] = service.deployments;
    if (blue) keepTasks(transaction, service, blue);
    goBack(transaction, service, current, course);
  }
}

function goOn(transaction: Transaction, look: Look): void {
  const { service, current, course, green } = look;
  const blue = blueOf(service, course);
  if (blue && course.stage !== "CLEAN_UP") keepTasks(transaction, service, blue);
  if (!isBeforeScaleUp(course.stage)) keepTasks(transaction, service, green);
  // What is too much goes only when production does not need it.
  if (course.stage === "RECONCILE_SERVICE" && (!blue || isAtScale(transaction, service, blue))) {
    for (const deployment of leftovers(look)) stopAll(transaction, service, deployment);
  }
  const failure = foundFailure(transaction, service, current, course, green);
  if (failure) revert(transaction, service, current, course, failure);
  else if (isDone(transaction, look)) enterNext(transaction, look);
}

function isBeforeScaleUp(stage: LifecycleStage): boolean {
  return stage === "RECONCILE_SERVICE" || stage === "PRE_SCALE_UP";
}

/** The deployments that are neither the new one nor the one that serves production. */
function leftovers({ service, course, green }: Look): DeploymentRecord[] {
  const blue = blueOf(service, course);
  return service.deployments.filter(({ id }) => id !== green.id && id !== blue?.id);
}

/**
 * Begins the course of a deployment. Production belongs to the revision that completed last; where another deployment
 * was under way since, its tasks go in a stage of their own.
 */
function begin(transaction: Transaction, service: ServiceRecord, current: ServiceDeploymentRecord): Course {
  const { now } = transaction;
  const serving = service.deployments.find(({ id }) => id === service.lastCompleted?.id)?.serviceRevision;
  const blueRevision = serving === current.target ? null : (serving ?? null);
  const course: Course = {
    stage: "RECONCILE_SERVICE",
    since: now,
    blueRevision,
    routes: [],
    steps: blueRevision === null ? [100] : shiftSteps(current.configuration),
    stepsDone: 0,
    productionPercent: 0,
    testPercent: 0,
    hooks: [],
    hookDetails: {},
    waitsUntil: null,
    revertingSince: null,
    stagesBack: [],
  };
  const green = service.deployments.find(({ serviceRevision }) => serviceRevision === current.target);
  if (!green) return course;
  const look = { service, current, course, green };
  enter(transaction, look, leftovers(look).length > 0 ? "RECONCILE_SERVICE" : "PRE_SCALE_UP");
  return course;
}

function enterNext(transaction: Transaction, look: Look): void {
  const { service, current, course, green } = look;
  const next = nextStage(course);
  if (next) {
    enter(transaction, look, next);
    return;
  }
  service.deployments = service.deployments.filter(({ id }) => id === green.id);
  completeDeployment(transaction, service, green);
  finish(transaction, service, current, "SUCCESSFUL");
}

function enter(transaction: Transaction, look: Look, stage: LifecycleStage): void {
  const { service, current, course, green } = look;
  course.stage = stage;
  course.since = transaction.now;
  course.waitsUntil = null;
  current.updatedAt = transaction.now;
  transaction.effects.push({ type: "log", message: `deployment ${green.id} of ${service.name} ${stage}` });
  work(transaction, look);
  // What the work found wrong has sent the deployment back already.
  if (course.revertingSince === null && current.finishedAt === null) startHooks(transaction, current, course);
}

/** What a stage does as it begins. */
function work(transaction: Transaction, look: Look): void {
  const { service, course } = look;
  switch (course.stage) {
    case "PRE_SCALE_UP":
      place(transaction, look);
      break;
    case "TEST_TRAFFIC_SHIFT":
      moveTest(transaction, course, 100);
      break;
    case "PRODUCTION_TRAFFIC_SHIFT":
      moveProduction(transaction, course, course.steps[course.stepsDone] ?? 100);
      course.stepsDone += 1;
      break;
    case "CLEAN_UP":
      for (const deployment of service.deployments) {
        if (deployment.id !== look.green.id) stopAll(transaction, service, deployment);
      }
      break;
    case "RECONCILE_SERVICE":
    case "SCALE_UP":
    case "POST_SCALE_UP":
    case "POST_TEST_TRAFFIC_SHIFT":
    case "PRE_PRODUCTION_TRAFFIC_SHIFT":
    case "POST_PRODUCTION_TRAFFIC_SHIFT":
    case "BAKE_TIME":
      break;
  }
}

function place(transaction: Transaction, { service, current, course, green }: Look): void {
  const { state } = transaction;
  const placed = placeRevision(state, green.revision.loadBalancers, course.blueRevision === null);
  if ("invalid" in placed) {
    current.course = course;
    revert(transaction, service, current, course, { reason: placed.invalid, rollback: true });
    return;
  }
  course.routes = placed.routes;
  green.loadBalancers = placed.loadBalancers;
  recordTargetGroups(state, green);
}

function isDone(transaction: Transaction, look: Look): boolean {
  const { service, current, course, green } = look;
  const { now } = transaction;
  if (course.hooks.some(isOpen) || now < course.since + stageTakes) return false;
  switch (course.stage) {
    case "RECONCILE_SERVICE":
      return leftovers(look).every(
        (deployment) => tasksOfDeployment(transaction, service, deployment).length === 0,
      );
    case "SCALE_UP":
      return isAtScale(transaction, service, green);
    case "PRODUCTION_TRAFFIC_SHIFT":
      if (course.stepsDone === course.steps.length) return true;
      course.waitsUntil ??= now + stepBakeMinutes(current.configuration) * minute;
      return now >= course.waitsUntil;
    case "BAKE_TIME":
      course.waitsUntil ??= course.since + (current.configuration.bakeTimeInMinutes ?? 0) * minute;
      return now >= course.waitsUntil;
    case "CLEAN_UP":
      return service.deployments.every(
        (deployment) =>
          deployment.id === green.id || tasksOfDeployment(transaction, service, deployment).length === 0,
      );
    case "PRE_SCALE_UP":
    case "POST_SCALE_UP":
    case "TEST_TRAFFIC_SHIFT":
    case "POST_TEST_TRAFFIC_SHIFT":
    case "PRE_PRODUCTION_TRAFFIC_SHIFT":
    case "POST_PRODUCTION_TRAFFIC_SHIFT":
      return true;
  }
}
