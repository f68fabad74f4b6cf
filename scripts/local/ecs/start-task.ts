import type { AwsVpcConfiguration } from "@aws-sdk/client-ecs";

import type { Transaction } from "../world/transaction.ts";
import { capacityFor } from "./capacity.ts";
import { sayOnce } from "./events.ts";
import { launchTask } from "./launch.ts";
import { isLive, taskDefinition } from "./queries.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

const guide = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

/** Starts one more task of a deployment or a task set; where it cannot be placed, an event says why. */
export function startOne(
  transaction: Transaction,
  service: ServiceRecord,
  { id, revision, loadBalancers }: Pick<DeploymentRecord, "id" | "revision" | "loadBalancers">,
  own: readonly TaskRecord[],
): TaskRecord | undefined {
  const definition = taskDefinition(transaction.state, revision.taskDefinition);
  if (!definition) return undefined;
  const daemon = service.schedulingStrategy === "DAEMON";
  const capacity = capacityFor(revision, own);
  const launched = launchTask(transaction, {
    definition,
    service: service.arn,
    startedBy: id,
    capacity,
    placement: {
      clusterName: service.clusterName,
      group: `service:${service.name}`,
      constraints: daemon
        ? [...service.placementConstraints, { type: "distinctInstance" }]
        : service.placementConstraints,
      strategy: service.placementStrategy,
    },
    awsvpcConfiguration:
      capacity.launchType === "FARGATE"
        ? inEmptiestZone(transaction, revision.awsvpcConfiguration, own)
        : revision.awsvpcConfiguration,
    loadBalancers: loadBalancers ?? revision.loadBalancers,
    platformVersion: revision.platformVersion,
    enableExecuteCommand: service.enableExecuteCommand,
  });
  if (!("failure" in launched)) return launched;
  const told = "was unable to place a task because no container instance met all of its requirements.";
  sayOnce(transaction, service, `${told} ${launched.failure} ${guide}`);
  return undefined;
}

/** Without hosts, tasks are spread over zones by their subnets: those of the zone with the fewest tasks are taken. */
function inEmptiestZone(
  { state }: Transaction,
  configuration: AwsVpcConfiguration | null,
  own: readonly TaskRecord[],
): AwsVpcConfiguration | null {
  if (!configuration) return null;
  const zoneOf = (subnet: string) => state.ecs.subnets[subnet]?.availabilityZone ?? "";
  const tasksIn = (subnet: string) =>
    own.filter((task) => isLive(task) && task.availabilityZone === zoneOf(subnet)).length;
  const subnets = configuration.subnets ?? [];
  const fewest = Math.min(...subnets.map(tasksIn));
  return { ...configuration, subnets: subnets.filter((subnet) => tasksIn(subnet) === fewest) };
}
