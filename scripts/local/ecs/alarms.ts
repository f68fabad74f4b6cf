/**
 * Deployment alarms: a CloudWatch alarm that goes off fails the rolling deployment that is under way.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
import { ringing } from "../alarms/state.ts";
import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";
import { failDeployment } from "./outcome.ts";
import { tasksOf } from "./queries.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";

/** The alarms that a service's deployments are watched by; none when they are not enabled. */
export function deploymentAlarms({ deploymentConfiguration: { alarms } }: ServiceRecord): readonly string[] {
  return alarms?.enable === true ? (alarms.alarmNames ?? []) : [];
}

/**
 * Fails the primary deployment when one of its alarms goes off, and rolls back where that is on and possible. They are
 * watched from its first running task on; not at all when one of them rang already as it began.
 */
export function heedAlarms(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
): void {
  if (primary.rolloutState !== "IN_PROGRESS") return;
  const { state } = transaction;
  const rung = ringing(state, deploymentAlarms(service));
  primary.alarmsWatched ??= rung.length === 0;
  if (rung.length === 0 || !primary.alarmsWatched || !hasRun(state, service, primary)) return;
  failDeployment(transaction, service, primary, {
    detector: "ECS deployment alarms",
    reason: "alarm detected.",
    rollback: service.deploymentConfiguration.alarms?.rollback === true,
  });
}

function hasRun(state: State, service: ServiceRecord, { id }: DeploymentRecord): boolean {
  return tasksOf(state, service).some(({ startedBy, startedAt }) => startedBy === id && startedAt !== null);
}

/** How long a deployment that is in place is still watched: as long as the longest of its alarms looks back, in ms. */
export function bakeTime({ alarmSpans }: State, service: ServiceRecord, primary: DeploymentRecord): number {
  if (primary.alarmsWatched !== true) return 0;
  return Math.max(0, ...deploymentAlarms(service).map((name) => alarmSpans[name] ?? 0));
}
