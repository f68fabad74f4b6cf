/**
 * Availability Zone rebalancing: a steady service with more than one task too many in a zone moves one at a time.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
 */
import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";
import { schedulerTick } from "./durations.ts";
import { say } from "./events.ts";
import { place, requirements } from "./placement.ts";
import { isLive, taskDefinition, unfinishedTasks } from "./queries.ts";
import { isProtected, tally } from "./scale-in.ts";
import { capacityFor } from "./capacity.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";

/** Has a task of the fullest zone move to the emptiest, when the service is steady and there is room for it. */
export function rebalance(transaction: Transaction, service: ServiceRecord, primary: DeploymentRecord): void {
  if (!service.steady || !mayMove(service)) return;
  const { state, now } = transaction;
  const tasks = unfinishedTasks(state, service).filter(isLive);
  const inZone = tally(tasks.map(({ availabilityZone }) => availabilityZone));
  const zones = zonesOf(state, service, primary).toSorted(
    (one, other) => (inZone.get(one) ?? 0) - (inZone.get(other) ?? 0),
  );
  const [emptiest, fullest] = [zones[0], zones.at(-1)];
  if (emptiest === undefined || fullest === undefined) return;
  const told = () =>
    zones
      .toSorted()
      .map((zone) => `${inZone.get(zone) ?? 0} tasks in ${zone}`)
      .join(", ");
  if ((inZone.get(fullest) ?? 0) - (inZone.get(emptiest) ?? 0) <= 1) {
    if (service.rebalancing) say(transaction, service, `is AZ balanced with ${told()}.`);
    service.rebalancing = false;
    return;
  }
  const moving = tasks.find((task) => task.availabilityZone === fullest && !isProtected(task, now));
  if (!moving || !hasRoom(state, service, primary, emptiest)) return;
  if (!service.rebalancing) {
    say(transaction, service, `is not AZ balanced with ${told()}. AZ Rebalancing in progress.`);
  }
  service.rebalancing = true;
  moving.moving = true;
  service.steady = false;
  service.nextLookAt = now + schedulerTick;
}

function mayMove({
  availabilityZoneRebalancing,
  schedulingStrategy,
  deploymentConfiguration,
}: ServiceRecord): boolean {
  return (
    availabilityZoneRebalancing === "ENABLED" &&
    schedulingStrategy === "REPLICA" &&
    deploymentConfiguration.maximumPercent > 100
  );
}

function isFargateService({ revision }: DeploymentRecord): boolean {
  return capacityFor(revision, []).launchType === "FARGATE";
}

function zonesOf(state: State, { clusterName }: ServiceRecord, primary: DeploymentRecord): string[] {
  const zones = isFargateService(primary)
    ? (primary.revision.awsvpcConfiguration?.subnets ?? []).map(
        (id) => state.ecs.subnets[id]?.availabilityZone,
      )
    : Object.values(state.ecs.hosts)
        .filter((host) => host.clusterName === clusterName && host.status === "ACTIVE")
        .map(({ availabilityZone }) => availabilityZone);
  return [...new Set(zones.filter((zone) => zone !== undefined))];
}

function hasRoom(state: State, service: ServiceRecord, primary: DeploymentRecord, zone: string): boolean {
  if (isFargateService(primary)) return true;
  const definition = taskDefinition(state, primary.revision.taskDefinition);
  if (!definition) return false;
  const placed = place(state, requirements(definition), {
    clusterName: service.clusterName,
    capacityProvider: capacityFor(primary.revision, []).capacityProvider,
    group: `service:${service.name}`,
    constraints: [
      ...service.placementConstraints,
      { type: "memberOf", expression: `attribute:ecs.availability-zone == ${zone}` },
    ],
    strategy: [],
  });
  return "host" in placed;
}

/** What a new service has that does not say: ENABLED, unless its strategy, constraints or percentages forbid it. */
export function standardRebalancing(service: ServiceRecord): ServiceRecord["availabilityZoneRebalancing"] {
  const [first] = service.placementStrategy;
  const spreads = !first || (first.type === "spread" && first.field === "attribute:ecs.availability-zone");
  const namesZones = service.placementConstraints.some(({ expression }) =>
    expression?.includes("attribute:ecs.availability-zone"),
  );
  const fits = spreads && !namesZones && service.deploymentController.type === "ECS";
  return fits && mayMove({ ...service, availabilityZoneRebalancing: "ENABLED" }) ? "ENABLED" : "DISABLED";
}
