/**
 * Task sets: what a service consists of whose deployments are made by CodeDeploy or by somebody else.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
 */
import { deploymentId } from "../world/identifiers.ts";
import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";
import { isLive, isStarting, unfinishedTasks } from "./queries.ts";
import type { ServiceRecord, ServiceRevision, TaskSetRecord } from "./state.ts";
import { lookSoon } from "./wake.ts";

/** Whether a service has task sets rather than deployments. */
export function usesTaskSets({ deploymentController }: ServiceRecord): boolean {
  return deploymentController.type === "CODE_DEPLOY" || deploymentController.type === "EXTERNAL";
}

/** The task set that serves production traffic; undefined where none was made the primary one. */
export function primaryTaskSet({ taskSets }: ServiceRecord): TaskSetRecord | undefined {
  return taskSets.find(({ status }) => status === "PRIMARY");
}

/** What a service runs: its primary deployment's revision, or its primary task set's. */
export function serviceRevision(service: ServiceRecord): ServiceRevision | undefined {
  return (service.deployments[0] ?? primaryTaskSet(service) ?? service.lastCompleted)?.revision;
}

/** How many tasks a task set is to run: its share of the service's desired count, rounded up. */
export function computedDesiredCount(
  { desiredCount, status }: ServiceRecord,
  taskSet: Pick<TaskSetRecord, "status" | "scalePercent">,
): number {
  if (status !== "ACTIVE" || taskSet.status === "DRAINING") return 0;
  return Math.ceil((desiredCount * taskSet.scalePercent) / 100);
}

/** A task set by its id or ARN. */
export function findTaskSet({ taskSets }: ServiceRecord, idOrArn: string): TaskSetRecord | undefined {
  return taskSets.find(({ id, arn }) => id === idOrArn || arn === idOrArn);
}

/** Tasks of a task set by what DescribeTaskSets counts. */
export function taskSetCounts(
  state: State,
  service: ServiceRecord,
  taskSet: TaskSetRecord,
): { unfinished: number; live: number; running: number; pending: number } {
  const own = unfinishedTasks(state, service).filter(({ startedBy }) => startedBy === taskSet.id);
  return {
    unfinished: own.length,
    live: own.filter(isLive).length,
    running: own.filter(({ lastStatus }) => lastStatus === "RUNNING").length,
    pending: own.filter(isStarting).length,
  };
}

/** What a new task set is made from. */
export interface NewTaskSet {
  readonly revision: ServiceRevision;
  readonly scalePercent: number;
  readonly status?: "PRIMARY" | "ACTIVE";
  readonly externalId?: string | null;
  readonly startedBy?: string | null;
  readonly clientToken?: string | null;
}

/** Adds a task set to a service; the scheduler starts its tasks. */
export function addTaskSet(
  { state, now }: Transaction,
  service: ServiceRecord,
  { revision, scalePercent, status = "ACTIVE", ...who }: NewTaskSet,
): TaskSetRecord {
  const id = deploymentId(state);
  const path = `${service.clusterName}/${service.name}/${id}`;
  const taskSet: TaskSetRecord = {
    id,
    arn: `arn:aws:ecs:${state.region}:${state.account}:task-set/${path}`,
    status,
    externalId: who.externalId ?? null,
    startedBy: who.startedBy ?? null,
    clientToken: who.clientToken ?? null,
    revision,
    scalePercent,
    computedDesiredCount: computedDesiredCount(service, { status, scalePercent }),
    stability: "STABILIZING",
    stabilityAt: now,
    startFailures: 0,
    startsHeldUntil: 0,
    createdAt: now,
    updatedAt: now,
  };
  service.taskSets.push(taskSet);
  service.steady = false;
  lookSoon(state, now, service.arn);
  return taskSet;
}

/** Makes a task set the one that serves production traffic; the one that did is ACTIVE from now on. */
export function makePrimary(
  { state, now }: Transaction,
  service: ServiceRecord,
  taskSet: TaskSetRecord,
): void {
  for (const other of service.taskSets) {
    if (other.status !== "PRIMARY" || other.id === taskSet.id) continue;
    other.status = "ACTIVE";
    other.updatedAt = now;
  }
  taskSet.status = "PRIMARY";
  taskSet.updatedAt = now;
  lookSoon(state, now, service.arn);
}

/** Stops the tasks of a task set for good; it leaves the service with the last of them. */
export function drainTaskSet(
  { state, now }: Transaction,
  service: ServiceRecord,
  taskSet: TaskSetRecord,
): void {
  if (taskSet.status === "DRAINING") return;
  taskSet.status = "DRAINING";
  taskSet.scalePercent = 0;
  taskSet.updatedAt = now;
  lookSoon(state, now, service.arn);
}
