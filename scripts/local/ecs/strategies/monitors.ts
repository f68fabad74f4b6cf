/**
 * What makes a deployment fail on its way: hooks, circuit breaker, alarms, time, and people.
 */
import { ringing } from "../../alarms/state.ts";
import type { Transaction } from "../../world/transaction.ts";
import { failureThreshold } from "../circuit-breaker.ts";
import { reasons, stageTimedOut } from "../service-deployments/reasons.ts";
import type { ServiceDeploymentRecord } from "../service-deployments/state.ts";
import type { DeploymentRecord, ServiceRecord } from "../state.ts";
import type { Course } from "./course.ts";
import { longestDeployment, longestStage } from "./durations.ts";
import type { Failure } from "./rollback.ts";
import { tasksOfDeployment } from "./tasks.ts";
import { lostRules } from "./traffic.ts";

/** The first thing that is wrong with a deployment at this moment; undefined while all is well. */
export function foundFailure(
  transaction: Transaction,
  service: ServiceRecord,
  current: ServiceDeploymentRecord,
  course: Course,
  green: DeploymentRecord,
): Failure | undefined {
  current.failureCount = green.failedTasks;
  if (current.status === "ROLLBACK_REQUESTED") {
    return { reason: current.statusReason ?? reasons.requested, rollback: true };
  }
  const failed = course.hooks.find(({ failure }) => failure !== null);
  if (failed) return { reason: failed.failure ?? "", rollback: true };
  if (course.stage === "CLEAN_UP") return undefined;
  const { deploymentCircuitBreaker } = current.configuration;
  current.failureThreshold = failureThreshold(service.desiredCount, deploymentCircuitBreaker);
  const lost = lostRules(transaction.state, course);
  if (lost !== undefined) return { reason: lost, rollback: true };
  return (
    brokenCircuit(current, green) ??
    rungAlarms(transaction, service, current, green) ??
    timeOver(transaction, current, course)
  );
}

function brokenCircuit(current: ServiceDeploymentRecord, green: DeploymentRecord): Failure | undefined {
  const { enable = false, rollback = false } = current.configuration.deploymentCircuitBreaker ?? {};
  if (!enable || green.failedTasks < current.failureThreshold) return undefined;
  current.triggeredBy = "breaker";
  return { reason: reasons.breaker, rollback };
}

/** Alarms count from the new revision's first task on to the end of the bake time, unless they rang at the start. */
function rungAlarms(
  transaction: Transaction,
  service: ServiceRecord,
  current: ServiceDeploymentRecord,
  green: DeploymentRecord,
): Failure | undefined {
  const { enable = false, rollback = false, alarmNames = [] } = current.configuration.alarms ?? {};
  if (!enable) return undefined;
  const rung = ringing(transaction.state, alarmNames);
  green.alarmsWatched ??= rung.length === 0;
  if (rung.length === 0 || !green.alarmsWatched) return undefined;
  if (tasksOfDeployment(transaction, service, green).length === 0) return undefined;
  current.triggeredBy = "alarms";
  current.triggeredAlarms = rung;
  return { reason: reasons.alarms, rollback };
}

/** A pause has a time limit of its own, which may be longer than a stage's. */
function timeOver(
  { now }: Transaction,
  current: ServiceDeploymentRecord,
  { stage, since, hooks, waitsUntil }: Course,
): Failure | undefined {
  if (now >= current.createdAt + longestDeployment) return { reason: reasons.tooLong, rollback: true };
  const exempt = waitsUntil !== null || hooks.some(({ targetType }) => targetType === "PAUSE");
  if (exempt || now < since + longestStage) return undefined;
  return { reason: stageTimedOut(stage), rollback: true };
}
