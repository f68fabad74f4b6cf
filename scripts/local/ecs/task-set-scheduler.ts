/**
 * The scheduler of services with task sets: one look at one service.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-external.html
 */
import { targetGroupsInUse } from "../elb/targets.ts";
import type { Transaction } from "../world/transaction.ts";
import { holdStarts } from "./circuit-breaker.ts";
import { schedulerTick } from "./durations.ts";
import { listed, resolveMessages, say, sayOfTaskSet, sayOnce } from "./events.ts";
import { isLive, tasksOf, unfinishedTasks } from "./queries.ts";
import { startOne } from "./start-task.ts";
import type { ServiceRecord, TaskSetRecord } from "./state.ts";
import { scalingReason, stopTasks } from "./stopping.ts";
import { isHealthy } from "./task-health.ts";
import { replaceUnhealthyOf } from "./task-set-health.ts";
import { computedDesiredCount } from "./task-sets.ts";
import type { TaskRecord } from "./task-state.ts";

/** Brings every task set of a service closer to its scale, says what has become steady, and when to look again. */
export function lookAtTaskSets(transaction: Transaction, service: ServiceRecord): void {
  for (const taskSet of service.taskSets) {
    noticeScale(transaction, service, taskSet);
    countOutcomes(transaction, service, taskSet);
    replaceUnhealthyOf(transaction, service, taskSet);
    scale(transaction, service, taskSet);
    judge(transaction, service, taskSet);
  }
  dropDrained(transaction, service);
  if (service.status === "DRAINING" && unfinishedTasks(transaction.state, service).length === 0) {
    service.status = "INACTIVE";
    service.taskSets = [];
    return;
  }
  const settled =
    service.status === "ACTIVE" && service.taskSets.every(({ stability }) => stability === "STEADY_STATE");
  if (settled && !service.steady) {
    service.steady = true;
    resolveMessages(service);
    say(transaction, service, "has reached a steady state.");
  }
  if (!settled) {
    service.steady = false;
    service.nextLookAt = transaction.now + schedulerTick;
  }
}

function tasksOfSet(
  { state }: Transaction,
  service: ServiceRecord,
  taskSet: TaskSetRecord,
): readonly TaskRecord[] {
  return unfinishedTasks(state, service).filter(({ startedBy }) => startedBy === taskSet.id);
}

function noticeScale(transaction: Transaction, service: ServiceRecord, taskSet: TaskSetRecord): void {
  const count = computedDesiredCount(service, taskSet);
  if (count === taskSet.computedDesiredCount) return;
  taskSet.computedDesiredCount = count;
  say(transaction, service, `updated computedDesiredCount for taskSet ${taskSet.id} to ${count}.`);
}

/** Tasks that never got to run hold back the starts of their own task set only. */
function countOutcomes(transaction: Transaction, service: ServiceRecord, taskSet: TaskSetRecord): void {
  const uncounted = tasksOf(transaction.state, service).filter(
    (task) => task.startedBy === taskSet.id && task.counted === "no",
  );
  for (const task of uncounted) {
    if (isReady(transaction, task)) {
      task.counted = "healthy";
      taskSet.startFailures = 0;
    } else if (task.stopCode === "TaskFailedToStart" || task.stopCode === "EssentialContainerExited") {
      task.counted = "failed";
      if (task.startedAt === null) holdStarts(transaction, service, taskSet);
      if (task.stoppedReason?.startsWith("CannotPullContainerError")) {
        sayOnce(transaction, service, `was unable to place a task. Reason: ${task.stoppedReason}.`);
      }
    }
  }
}

function scale(transaction: Transaction, service: ServiceRecord, taskSet: TaskSetRecord): void {
  const { computedDesiredCount: wanted } = taskSet;
  const live = tasksOfSet(transaction, service, taskSet).filter(isLive);
  const staying = live.filter(({ replacing }) => !replacing);
  if (staying.length > wanted) {
    const pendingFirst = staying.toSorted(
      (one, other) => Number(one.lastStatus === "RUNNING") - Number(other.lastStatus === "RUNNING"),
    );
    const leaving = pendingFirst.slice(0, staying.length - wanted);
    stopTasks(transaction, service, leaving, scalingReason(taskSet.id));
  }
  if (transaction.now < taskSet.startsHeldUntil) return;
  const room = ceilingOf(service, wanted) - live.length;
  const missing = Math.min(wanted - staying.length, room);
  const started: TaskRecord[] = [];
  while (started.length < missing) {
    const task = startOne(transaction, service, taskSet, [...live, ...started]);
    if (!task) break;
    started.push(task);
  }
  if (started.length > 0) {
    sayOfTaskSet(
      transaction,
      service,
      taskSet.id,
      `has started ${started.length} tasks: ${listed(started)}.`,
    );
  }
}

function ceilingOf({ deploymentConfiguration }: ServiceRecord, wanted: number): number {
  return Math.max(wanted, Math.floor((wanted * deploymentConfiguration.maximumPercent) / 100));
}

/**
 * Whether a task counts as one of a steady task set. Health checks of a target group that no rule forwards to are not
 * waited for: there are none.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html#troubleshooting-ecs-task-set-stability
 */
function isReady(transaction: Transaction, task: TaskRecord): boolean {
  const inUse = targetGroupsInUse(transaction.state);
  const targets = task.targets.filter(({ targetGroupArn }) => inUse.has(targetGroupArn));
  return isHealthy(transaction, { ...task, targets });
}

function judge(transaction: Transaction, service: ServiceRecord, taskSet: TaskSetRecord): void {
  const live = tasksOfSet(transaction, service, taskSet).filter(isLive);
  const steady =
    live.length === taskSet.computedDesiredCount && live.every((task) => isReady(transaction, task));
  const stability = steady ? "STEADY_STATE" : "STABILIZING";
  if (stability === taskSet.stability) return;
  taskSet.stability = stability;
  taskSet.stabilityAt = transaction.now;
  if (steady) sayOfTaskSet(transaction, service, taskSet.id, "updated state to STEADY_STATE.");
}

function dropDrained(transaction: Transaction, service: ServiceRecord): void {
  const stays = (taskSet: TaskSetRecord) =>
    taskSet.status !== "DRAINING" || tasksOfSet(transaction, service, taskSet).length > 0;
  if (!service.taskSets.every(stays)) service.taskSets = service.taskSets.filter(stays);
}
