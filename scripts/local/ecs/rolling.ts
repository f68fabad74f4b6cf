/**
 * The rolling update: how many tasks to start and to stop now.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
import type { Transaction } from "../world/transaction.ts";
import { capacityFor } from "./capacity.ts";
import { listed, say, sayOnce } from "./events.ts";
import { launchTask } from "./launch.ts";
import { isLive, isStarting, taskDefinition, unfinishedTasks } from "./queries.ts";
import { scalingReason, stopTasks } from "./stopping.ts";
import { isHealthy } from "./task-health.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

const guide = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

/** The most tasks that may be pending or running at a time. */
export function ceiling({ desiredCount, deploymentConfiguration }: ServiceRecord): number {
  return Math.floor((desiredCount * deploymentConfiguration.maximumPercent) / 100);
}

/** The fewest tasks that must stay healthy. */
function floor({ desiredCount, deploymentConfiguration }: ServiceRecord): number {
  return Math.ceil((desiredCount * deploymentConfiguration.minimumHealthyPercent) / 100);
}

/** Starts what the primary deployment lacks and stops what nobody wants any more, within the percentages. */
export function rollOut(transaction: Transaction, service: ServiceRecord, primary: DeploymentRecord): void {
  const live = unfinishedTasks(transaction.state, service).filter(isLive);
  const own = live.filter((task) => task.startedBy === primary.id);
  stopSurplus(transaction, service, primary, own);
  const started = startMissing(transaction, service, primary, live, own);
  const stopped = stopOthers(transaction, service, primary, live, own, started.missing);
  if (started.missing > 0 && started.byLimit && started.count + stopped === 0) {
    noticeStuck(transaction, service);
  }
}

function stopSurplus(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
  own: readonly TaskRecord[],
): void {
  const surplus = own.filter(({ replacing }) => !replacing).length - service.desiredCount;
  if (surplus <= 0) return;
  const pendingFirst = own.toSorted((one, other) => Number(isStarting(other)) - Number(isStarting(one)));
  stopTasks(transaction, service, pendingFirst.slice(0, surplus), scalingReason(primary.id));
}

function startMissing(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
  live: readonly TaskRecord[],
  own: readonly TaskRecord[],
): { count: number; missing: number; byLimit: boolean } {
  const wanted = Math.max(0, service.desiredCount - own.filter(({ replacing }) => !replacing).length);
  const held = primary.rolloutState === "FAILED" || transaction.now < service.startsHeldUntil;
  if (held) return { count: 0, missing: 0, byLimit: false };
  const allowed = Math.min(wanted, Math.max(0, ceiling(service) - live.length));
  const started: TaskRecord[] = [];
  while (started.length < allowed) {
    const task = startOne(transaction, service, primary, [...own, ...started]);
    if (!task) break;
    started.push(task);
  }
  if (started.length > 0) {
    say(transaction, service, `has started ${started.length} tasks: ${listed(started)}.`);
  }
  return { count: started.length, missing: wanted - started.length, byLimit: allowed < wanted };
}

function startOne(
  transaction: Transaction,
  service: ServiceRecord,
  { id, revision }: DeploymentRecord,
  own: readonly TaskRecord[],
): TaskRecord | undefined {
  const definition = taskDefinition(transaction.state, revision.taskDefinition);
  if (!definition) return undefined;
  const launched = launchTask(transaction, {
    definition,
    service: service.arn,
    startedBy: id,
    capacity: capacityFor(revision, own),
    placement: {
      clusterName: service.clusterName,
      group: `service:${service.name}`,
      constraints:
        service.schedulingStrategy === "DAEMON"
          ? [{ type: "distinctInstance" }]
          : service.placementConstraints,
      strategy: service.placementStrategy,
    },
    awsvpcConfiguration: revision.awsvpcConfiguration,
    loadBalancers: revision.loadBalancers,
    platformVersion: revision.platformVersion,
    enableExecuteCommand: service.enableExecuteCommand,
  });
  if (!("failure" in launched)) return launched;
  const told = "was unable to place a task because no container instance met all of its requirements.";
  sayOnce(transaction, service, `${told} ${launched.failure} ${guide}`);
  return undefined;
}

/** Tasks of other deployments: those that never got to run go at once, the others as the replacements get healthy. */
function stopOthers(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
  live: readonly TaskRecord[],
  own: readonly TaskRecord[],
  missing: number,
): number {
  const others = live.filter((task) => task.startedBy !== primary.id);
  const pending = others.filter(isStarting);
  const running = others.filter((task) => task.lastStatus === "RUNNING" && isLive(task));
  const healthyOwn = own.filter((task) => isHealthy(transaction, task)).length;
  const available = running.filter(({ replacing }) => !replacing).length + healthyOwn;
  const spare = Math.max(0, available - floor(service));
  const surplus = available - service.desiredCount;
  const count = Math.max(0, Math.min(spare, Math.max(surplus, missing)));
  const leaving = [...pending, ...running.slice(0, count)];
  if (leaving.length > 0) stopTasks(transaction, service, leaving, scalingReason(primary.id));
  return leaving.length;
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
