/**
 * What CreateService and UpdateService refuse, in AWS's words.
 */
import type { CreateServiceRequest, LoadBalancer } from "@aws-sdk/client-ecs";

import { loadBalancersOf } from "../../elb/targets.ts";
import { isFargate } from "../capacity.ts";
import type { ServiceRevision, TaskDefinitionRecord } from "../state.ts";
import type { Call } from "./call.ts";
import { AwsError, clientException, invalidParameter } from "./errors.ts";

/** The service of a call was not found, or is not one that can be changed any more. */
export const serviceNotFound = (): AwsError => new AwsError("ServiceNotFoundException", "Service not found.");
/** The service is being deleted, or was. */
export const serviceNotActive = (): AwsError =>
  new AwsError("ServiceNotActiveException", "Service was not ACTIVE.");

/** Checks what a new deployment is made of against the revision it runs. */
export function checkRevision(call: Call, revision: ServiceRevision, definition: TaskDefinitionRecord): void {
  const mode = definition.definition.networkMode;
  const fargate =
    revision.launchType === "FARGATE" ||
    revision.capacityProviderStrategy.some(({ capacityProvider }) => isFargate(capacityProvider ?? ""));
  if (mode === "awsvpc" && (revision.awsvpcConfiguration?.subnets ?? []).length === 0) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (mode !== "awsvpc" && revision.awsvpcConfiguration) {
    throw invalidParameter(
      "Network Configuration is not valid for the given networkMode of this task definition.",
    );
  }
  if (fargate && !definition.compatibilities.includes("FARGATE")) {
    throw invalidParameter("Task definition does not support launch_type FARGATE.");
  }
  for (const id of revision.awsvpcConfiguration?.subnets ?? []) {
    if (call.state.ecs.subnets[id]) continue;
    throw invalidParameter(
      `Error retrieving subnet information for [${id}]: The subnet ID '${id}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`,
    );
  }
  if (revision.loadBalancers.length > 5) {
    throw invalidParameter("load balancers can have at most 5 items.");
  }
  for (const loadBalancer of revision.loadBalancers) checkLoadBalancer(call, loadBalancer, definition);
}

function checkLoadBalancer(
  { state }: Call,
  { containerName = "", containerPort, targetGroupArn }: LoadBalancer,
  definition: TaskDefinitionRecord,
): void {
  const container = definition.definition.containerDefinitions?.find(({ name }) => name === containerName);
  if (!container) {
    throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
  }
  if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort)) {
    throw invalidParameter(
      `The container ${containerName} did not have a container port ${containerPort ?? 0} defined.`,
    );
  }
  if (targetGroupArn === undefined) return;
  const group = state.elb.targetGroups[targetGroupArn];
  if (!group) {
    throw invalidParameter(`The specified target group does not exist: ${targetGroupArn}`);
  }
  if (group.targetType === "instance" && definition.definition.networkMode === "awsvpc") {
    throw invalidParameter(
      `The provided target group ${targetGroupArn} has target type instance, which is incompatible with the awsvpc network mode specified in the task definition.`,
    );
  }
  if (loadBalancersOf(state, targetGroupArn).length === 0) {
    throw invalidParameter(
      `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
    );
  }
}

/** `role` is for load balancers without awsvpc only. */
export function checkRole(
  role: string | undefined,
  revision: ServiceRevision,
  definition: TaskDefinitionRecord,
): void {
  if (role === undefined) return;
  if (definition.definition.networkMode === "awsvpc") {
    throw invalidParameter("You cannot specify an IAM role for services that require a service linked role.");
  }
  if (revision.loadBalancers.length === 0) {
    throw invalidParameter("Role should not be provided if no loadbalancers are specified.");
  }
}

/** Percentages that could never replace a task are refused. */
export function checkPercentages(maximumPercent: number, minimumHealthyPercent: number): void {
  if (maximumPercent === 100 && minimumHealthyPercent === 100) {
    throw invalidParameter(
      "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    );
  }
  if (minimumHealthyPercent > maximumPercent) {
    throw invalidParameter("maximumPercent must be greater than or equal to minimumHealthyPercent.");
  }
}

/** A name that AWS takes for a service. */
export function checkServiceName(name: string): void {
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw invalidParameter(`Invalid service name: ${name}.`);
}

/** Under CODE_DEPLOY only CodeDeploy starts deployments. */
export function refuseUnderCodeDeploy(what: string): never {
  throw invalidParameter(
    `${what} services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.`,
  );
}

/** Strategies and launch type exclude each other. */
export function checkCapacity(launchType: unknown, strategy: readonly unknown[] | undefined): void {
  if (launchType !== undefined && (strategy?.length ?? 0) > 0) {
    throw clientException(
      "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
    );
  }
}

/**
 * Refuses what AWS runs and this does not yet: run as something else, it would teach a wrong lesson. The message names
 * the local AWS, so that nobody looks for it in AWS's documentation.
 */
export function refuseWhatIsNotThere({
  deploymentController,
  deploymentConfiguration,
}: Pick<CreateServiceRequest, "deploymentController" | "deploymentConfiguration">): void {
  const { strategy = "ROLLING", alarms, lifecycleHooks = [] } = deploymentConfiguration ?? {};
  const asked = [
    ...(deploymentController?.type === "EXTERNAL" ? ["deployment controller EXTERNAL"] : []),
    ...(strategy === "ROLLING" ? [] : [`deployment strategy ${strategy}`]),
    ...(alarms?.enable === true ? ["deployment alarms"] : []),
    ...(lifecycleHooks.length > 0 ? ["deployment lifecycle hooks"] : []),
  ];
  if (asked.length > 0) throw invalidParameter(`The local AWS does not run ${asked.join(", ")} yet.`);
}
