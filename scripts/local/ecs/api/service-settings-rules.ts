/**
 * What CreateService and UpdateService refuse of a service's own settings, those that are of no revision.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
 */
import type { CreateServiceCommandInput, PlacementConstraint, PlacementStrategy } from "@aws-sdk/client-ecs";

import type { ServiceRecord, TaskDefinitionRecord } from "../state.ts";
import { invalidParameter } from "./errors.ts";

const longestToken = 36;

/** The settings that both operations take. */
interface Settings {
  readonly desiredCount?: number | undefined;
  readonly healthCheckGracePeriodSeconds?: number | undefined;
}

/** Numbers that no service can have. */
export function checkCounts({ desiredCount, healthCheckGracePeriodSeconds }: Settings): void {
  if (desiredCount !== undefined && desiredCount < 0) {
    throw invalidParameter("DesiredCount can not be lesser than 0");
  }
  if (healthCheckGracePeriodSeconds !== undefined && healthCheckGracePeriodSeconds < 0) {
    throw invalidParameter("healthCheckGracePeriodSeconds must be at least 0");
  }
}

/** A client token that is too long to tell calls apart by. */
export function checkClientToken(token: string | undefined): void {
  if (token !== undefined && token.length > longestToken) {
    throw invalidParameter(`idempotency token longer than ${longestToken}.`);
  }
}

/** How many tasks a new service is to have: a DAEMON takes no count, a REPLICA needs one. */
export function checkScheduling(input: CreateServiceCommandInput, fargate: boolean): void {
  if (input.schedulingStrategy !== "DAEMON") {
    const external = input.deploymentController?.type === "EXTERNAL";
    if (input.desiredCount === undefined && !external) throw invalidParameter("DesiredCount is missing");
    return;
  }
  refuseCountOfDaemon(input.desiredCount);
  if (fargate) {
    throw invalidParameter(
      "The daemon scheduling strategy does not support the FARGATE launch type. Change the launch type and try again",
    );
  }
  if ((input.placementStrategy ?? []).length > 0) {
    throw invalidParameter("The daemon scheduling strategy does not support placement strategies.");
  }
  if ((input.deploymentConfiguration?.maximumPercent ?? 100) > 100) {
    throw invalidParameter(
      "The daemon scheduling strategy does not support values above 100 for maximumPercent.",
    );
  }
}

/** A DAEMON service has a task a host, so it takes no count. */
export function refuseCountOfDaemon(desiredCount: number | undefined): void {
  if (desiredCount === undefined) return;
  throw invalidParameter(
    "The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again",
  );
}

/** ECS Exec acts in the name of the task role. */
export function checkExecuteCommand(
  enabled: boolean | undefined,
  definition: TaskDefinitionRecord | null,
  done: "created" | "updated",
): void {
  if (enabled !== true || !definition || definition.definition.taskRoleArn !== undefined) return;
  throw invalidParameter(
    `The service couldn't be ${done} because a valid taskRoleArn is not being used. ` +
      "Specify a valid task role in your task definition and try again.",
  );
}

/** What zone rebalancing depends on. */
type Balanced = Pick<
  ServiceRecord,
  "schedulingStrategy" | "placementStrategy" | "placementConstraints" | "deploymentConfiguration"
>;

/**
 * Why ECS cannot rebalance a service across zones; undefined when it can.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
 */
function unbalanceable(service: Balanced): string | undefined {
  if (service.schedulingStrategy === "DAEMON") return "DAEMON services";
  if (service.deploymentConfiguration.maximumPercent <= 100) {
    return "maximumPercent <= 100 % as deployment configuration";
  }
  if (!spreadsFirst(service.placementStrategy)) return "the placement strategy of the service";
  return service.placementConstraints.some(namesZones)
    ? "placement constraints on Availability Zones"
    : undefined;
}

function spreadsFirst([first]: readonly PlacementStrategy[]): boolean {
  return !first || (first.type === "spread" && first.field === "attribute:ecs.availability-zone");
}

function namesZones({ expression }: PlacementConstraint): boolean {
  return expression?.includes("attribute:ecs.availability-zone") ?? false;
}

/** Refuses to rebalance what cannot be. */
export function checkRebalancing(asked: "ENABLED" | "DISABLED" | undefined, service: Balanced): void {
  const reason = asked === "ENABLED" ? unbalanceable(service) : undefined;
  if (reason !== undefined)
    throw invalidParameter(`Availability Zone Rebalancing does not support ${reason}.`);
}
