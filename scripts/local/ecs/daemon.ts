import type { Transaction } from "../world/transaction.ts";
import { hostsFor } from "./placement.ts";
import { isLive, taskDefinition, tasksOn, unfinishedTasks } from "./queries.ts";
import type { ServiceRecord } from "./state.ts";
import { scalingReason, stopTasks } from "./stopping.ts";

/**
 * A daemon service wants one task on every host that meets its constraints. On a host that drains, its task goes last.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
 */
export function followHosts(transaction: Transaction, service: ServiceRecord): void {
  const { state } = transaction;
  const revision = service.deployments[0]?.revision;
  const definition = revision && taskDefinition(state, revision.taskDefinition);
  const hosts = hostsFor(state, definition, {
    clusterName: service.clusterName,
    capacityProvider: revision?.capacityProviderStrategy[0]?.capacityProvider ?? null,
    constraints: service.placementConstraints,
  });
  service.desiredCount = hosts.length;
  const wanted = new Set(hosts.map(({ id }) => id));
  const stranded = unfinishedTasks(state, service).filter(
    (task) => isLive(task) && task.hostId !== null && !wanted.has(task.hostId),
  );
  const leaving = stranded.filter((task) => {
    const host = state.ecs.hosts[task.hostId ?? ""];
    return !host || tasksOn(state, host).every(({ service: owner }) => owner === service.arn);
  });
  if (leaving.length > 0) {
    stopTasks(transaction, service, leaving, scalingReason(service.deployments[0]?.id ?? ""));
  }
}
