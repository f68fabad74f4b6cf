/**
 * What is refused of a service's load balancers and registries, in AWS's words.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
 */
import type { LoadBalancer, NetworkMode, ServiceRegistry } from "@aws-sdk/client-ecs";

import { loadBalancersOf } from "../../elb/targets.ts";
import type { ServiceRevision, TaskDefinitionRecord } from "../state.ts";
import type { Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";

/** Throws for the first load balancer that tasks of this definition cannot be registered with. */
export function checkLoadBalancers(
  call: Pick<Call, "state">,
  { loadBalancers, serviceRegistries }: ServiceRevision,
  definition: TaskDefinitionRecord,
): void {
  if (loadBalancers.length > 5) throw invalidParameter("load balancers can have at most 5 items.");
  for (const loadBalancer of loadBalancers) {
    checkContainer(loadBalancer, definition);
    checkTargetGroup(call, loadBalancer, definition.definition.networkMode);
  }
  if (serviceRegistries.length > 1) {
    throw invalidParameter("service registries can have at most 1 items.");
  }
  for (const registry of serviceRegistries) checkRegistry(registry, definition);
}

function checkContainer(
  { containerName = "", containerPort }: Pick<LoadBalancer, "containerName" | "containerPort">,
  { definition }: TaskDefinitionRecord,
): void {
  const container = definition.containerDefinitions?.find(({ name }) => name === containerName);
  if (!container) {
    throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
  }
  if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
    throw invalidParameter(
      `The container ${containerName} did not have a container port ${containerPort ?? 0} defined.`,
    );
  }
}

function checkTargetGroup(
  { state }: Pick<Call, "state">,
  { targetGroupArn, loadBalancerName }: LoadBalancer,
  networkMode: NetworkMode | undefined,
): void {
  if (targetGroupArn !== undefined && loadBalancerName !== undefined) {
    throw invalidParameter("loadBalancerName and targetGroupArn cannot both be specified.");
  }
  if (targetGroupArn === undefined) return;
  const group = state.elb.targetGroups[targetGroupArn];
  if (!group) {
    throw invalidParameter(
      "Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role " +
        "being passed has the proper permissions.",
    );
  }
  const mode = networkMode ?? "bridge";
  if ((group.targetType === "instance") === (mode === "awsvpc")) {
    throw invalidParameter(
      `The provided target group ${targetGroupArn} has target type ${group.targetType}, which is incompatible with the ${mode} network mode specified in the task definition.`,
    );
  }
  if (loadBalancersOf(state, targetGroupArn).length === 0) {
    throw invalidParameter(
      `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
    );
  }
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html */
function checkRegistry(registry: ServiceRegistry, definition: TaskDefinitionRecord): void {
  const { containerName, containerPort, port } = registry;
  if (port !== undefined && containerPort !== undefined) {
    throw invalidParameter("port and containerPort cannot both be specified for a service registry.");
  }
  if (definition.definition.networkMode !== "awsvpc") {
    if (containerName === undefined || containerPort === undefined) {
      throw invalidParameter(
        "When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and 'containerPort' must " +
          "be specified from the task definition.",
      );
    }
  } else if (containerName === undefined || containerPort === undefined) return;
  checkContainer(registry, definition);
}
