/**
 * The rolling update: how many tasks to start and to stop now.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
import type { Transaction } from "../world/transaction.ts";
import { countUnplaced } from "./circuit-breaker.ts";
import { listed, say, sayOnce } from "./events.ts";
import { isLeaving, isLive, isStarting, unfinishedTasks } from "./queries.ts";
import { chooseForScaleIn, isProtected } from "./scale-in.ts";
import { startOne } from "./start-task.ts";
import { scalingReason, stopTasks } from "./stopping.ts";
import { isHealthy } from "./task-health.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

/** The most tasks that may be pending or running at a time. */
export function ceiling({ desiredCount, deploymentConfiguration }: ServiceRecord): number {
  return Math.floor((desiredCount * deploymentConfiguration.maximumPercent) / 100);
}

/** The fewest tasks that must stay healthy. */
export function floor({ desiredCount, deploymentConfiguration }: ServiceRecord): number {
  return Math.ceil((desiredCount * deploymentConfiguration.minimumHealthyPercent) / 100);
}

/** A service's tasks as one look finds them: those nobody asked to stop, and those of the primary deployment. */
interface Tasks {
  readonly live: readonly TaskRecord[];
  readonly own: readonly TaskRecord[];
}

/** Starts what the primary deployment lacks and stops what nobody wants any more, within the percentages. */
export function rollOut(transaction: Transaction, service: ServiceRecord, primary: DeploymentRecord): void {
  const tasks = tasksOf(transaction, service, primary);
  const surplus = tasks.own.filter((task) => !isLeaving(transaction.state, task));
  const leaving = chooseForScaleIn(transaction, surplus, surplus.length - service.desiredCount);
  if (leaving.length > 0) stopTasks(transaction, service, leaving, scalingReason(primary.id));

  const kept = keepUp(transaction, service, primary, tasks);
  const current = tasksOf(transaction, service, primary);
  const started = startMissing(transaction, service, primary, current);
  const stopped = stopReplaced(transaction, service, primary, current, started.missing);
  if (started.missing > 0 && started.byLimit && kept + started.count + stopped === 0) {
    noticeStuck(transaction, service);
  }
}

function tasksOf({ state }: Transaction, service: ServiceRecord, primary: DeploymentRecord): Tasks {
  const live = unfinishedTasks(state, service).filter(isLive);
  return { live, own: live.filter((task) => task.startedBy === primary.id) };
}

/**
 * Replaces lost tasks of the deployment that completed last by tasks of its own revision while a newer one rolls out,
 * as far as that has no healthy tasks in their place.
 *
 * @see https://aws.amazon.com/about-aws/whats-new/2025/11/amazon-ecs-service-availability-rolling-deployments/
 * @returns how many it started
 */
function keepUp(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
  { live, own }: Tasks,
): number {
  const old = service.deployments.find(
    ({ id, status }) => id === service.lastCompleted?.id && status === "ACTIVE",
  );
  if (!old || service.schedulingStrategy === "DAEMON") return 0;
  const mine = live.filter((task) => task.startedBy === old.id);
  // What moves to another host or zone is not lost: the newer deployment takes its place.
  const staying = mine.filter(({ replacing }) => !replacing);
  const healthy = own.filter((task) => isHealthy(transaction, task)).length;
  const running = mine.filter(({ lastStatus }) => lastStatus === "RUNNING").length;
  old.keeps = Math.min(old.keeps ?? running, Math.max(0, service.desiredCount - healthy));
  const count = Math.min(old.keeps - staying.length, ceiling(service) - live.length);
  return start(transaction, service, old, mine, count).length;
}

function startMissing(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
  { live, own }: Tasks,
): { count: number; missing: number; byLimit: boolean } {
  const staying = own.filter((task) => !isLeaving(transaction.state, task));
  const wanted = Math.max(0, service.desiredCount - staying.length);
  const held = primary.rolloutState === "FAILED" || transaction.now < service.startsHeldUntil;
  if (held) return { count: 0, missing: 0, byLimit: false };
  const allowed = Math.min(wanted, Math.max(0, ceiling(service) - live.length));
  const { length } = start(transaction, service, primary, own, allowed);
  if (length < allowed) countUnplaced(transaction, service, primary);
  return { count: length, missing: wanted - length, byLimit: allowed < wanted };
}

function start(
  transaction: Transaction,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  own: readonly TaskRecord[],
  count: number,
): TaskRecord[] {
  const started: TaskRecord[] = [];
  while (started.length < count) {
    const task = startOne(transaction, service, deployment, [...own, ...started]);
    if (!task) break;
    started.push(task);
  }
  if (started.length > 0) {
    const moving = own.some((task) => task.moving);
    const why = moving ? " in Availability Zone to AZ Rebalance" : "";
    say(transaction, service, `has started ${started.length} tasks${why}: ${listed(started)}.`);
  }
  return started;
}

/**
 * Stops what is replaced: tasks of other deployments, and of this one those that leave. Those that never got to run go
 * at once, the others as the replacements get healthy, or before, down to the minimum.
 */
function stopReplaced(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
  { live, own }: Tasks,
  missing: number,
): number {
  const { state, now } = transaction;
  // A daemon's task on a host that drains goes when the others there have gone.
  const daemon = service.schedulingStrategy === "DAEMON";
  const leaves = (task: TaskRecord) =>
    isLive(task) && !task.replacing && (task.startedBy !== primary.id || (!daemon && isLeaving(state, task)));
  const pending = unwanted(
    service,
    live,
    live.filter((task) => leaves(task) && isStarting(task)),
  );
  const running = live.filter((task) => leaves(task) && task.lastStatus === "RUNNING");
  const arrived = own.filter((task) => !isLeaving(state, task) && isHealthy(transaction, task));
  const available = running.length + arrived.length;
  const count = Math.min(available - floor(service), Math.max(available - service.desiredCount, missing));
  const moved = chooseReplaced(transaction, service, running, arrived.length).slice(0, Math.max(0, count));
  const stopped = [...pending.filter((task) => !isProtected(task, now)), ...moved];
  if (stopped.length > 0) stopTasks(transaction, service, stopped, scalingReason(primary.id));
  for (const deployment of service.deployments) {
    const gone = moved.filter(({ startedBy }) => startedBy === deployment.id).length;
    if (deployment.keeps !== undefined && gone > 0) deployment.keeps -= gone;
  }
  return stopped.length;
}

/**
 * The running tasks that may be stopped, in the order in which they go: first those that are not healthy yet, as of a
 * deployment that was superseded, then as many healthy ones as the minimum lets go.
 */
function chooseReplaced(
  transaction: Transaction,
  service: ServiceRecord,
  running: readonly TaskRecord[],
  arrived: number,
): TaskRecord[] {
  const healthy = running.filter((task) => isHealthy(transaction, task));
  const mayGo = (task: TaskRecord) => !isProtected(task, transaction.now);
  const spare = Math.max(0, healthy.length + arrived - floor(service));
  return [
    ...running.filter((task) => !healthy.includes(task) && mayGo(task)),
    ...healthy.filter(mayGo).slice(0, spare),
  ];
}

/** The tasks that start without being wanted: all of them, but those that a deployment needs to keep up its number. */
function unwanted(
  { deployments }: ServiceRecord,
  live: readonly TaskRecord[],
  pending: readonly TaskRecord[],
): TaskRecord[] {
  const kept = deployments.find(({ keeps }) => keeps !== undefined);
  const running = live.filter(
    (task) => task.startedBy === kept?.id && task.lastStatus === "RUNNING" && !task.replacing,
  ).length;
  const wanted = pending
    .filter((task) => task.startedBy === kept?.id)
    .slice(0, Math.max(0, (kept?.keeps ?? 0) - running));
  return pending.filter((task) => !wanted.includes(task));
}

/** A rollout that the percentages allow neither to start nor to stop a task, while nothing is on its way. */
function noticeStuck(transaction: Transaction, service: ServiceRecord): void {
  const unfinished = unfinishedTasks(transaction.state, service);
  if (unfinished.some((task) => isStarting(task) || !isLive(task))) return;
  sayOnce(
    transaction,
    service,
    "was unable to stop or start tasks during a deployment because of the service deployment configuration. " +
      "Update the minimumHealthyPercent or maximumPercent value and try again.",
  );
}
