/**
 * What CreateService and UpdateService refuse, in AWS's words.
 */
import { isFargate } from "../capacity.ts";
import type { ServiceRevision, TaskDefinitionRecord } from "../state.ts";
import type { Call } from "./call.ts";
import { AwsError, invalidParameter } from "./errors.ts";
import { checkLoadBalancers } from "./load-balancer-rules.ts";
import { checkNetwork } from "./network-rules.ts";
import { checkServiceConnectAndVolumes } from "./service-connect-rules.ts";

/** The service of a call was not found, or is not one that can be changed any more. */
export const serviceNotFound = (): AwsError => new AwsError("ServiceNotFoundException", "Service not found.");
/** The service is being deleted, or was. */
export const serviceNotActive = (): AwsError =>
  new AwsError("ServiceNotActiveException", "Service was not ACTIVE.");

/** Whether tasks of a revision run without hosts. */
export function runsOnFargate({ launchType, capacityProviderStrategy }: ServiceRevision): boolean {
  return (
    launchType === "FARGATE" ||
    capacityProviderStrategy.some(({ capacityProvider }) => isFargate(capacityProvider ?? ""))
  );
}

/** Checks what a new deployment, or a task, is made of against the revision it runs. */
export function checkRevision(
  call: Pick<Call, "state">,
  revision: ServiceRevision,
  definition: TaskDefinitionRecord,
): void {
  const fargate = runsOnFargate(revision);
  if (fargate && !definition.compatibilities.includes("FARGATE")) {
    throw invalidParameter("Task definition does not support launch_type FARGATE.");
  }
  if (revision.launchType === "EXTERNAL" && !definition.compatibilities.includes("EXTERNAL")) {
    throw invalidParameter("Task definition does not support launch_type EXTERNAL.");
  }
  const { networkMode } = definition.definition;
  checkNetwork(call, revision.awsvpcConfiguration, { networkMode, fargate });
  checkPlatformVersion(revision.platformVersion, fargate);
  checkLoadBalancers(call, revision, definition);
  checkServiceConnectAndVolumes(revision, definition);
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html */
const platformVersions = ["LATEST", "1.4.0", "1.3.0", "1.2.0", "1.1.0", "1.0.0"];

function checkPlatformVersion(version: string | null, fargate: boolean): void {
  if (version === null) return;
  if (!fargate) {
    throw invalidParameter("The platform version must be null when specifying an EC2 launch type.");
  }
  if (!platformVersions.includes(version)) {
    throw new AwsError("PlatformUnknownException", "The specified platform version does not exist.");
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
  if (minimumHealthyPercent < 0) throw invalidParameter("minimumHealthyPercent must be at least 0");
  if (minimumHealthyPercent > 100) throw invalidParameter("minimumHealthyPercent must be at most 100");
  if (maximumPercent < 100) throw invalidParameter("maximumPercent must be at least 100");
  if (maximumPercent === 100 && minimumHealthyPercent === 100) {
    throw invalidParameter(
      "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    );
  }
}

/** A name that AWS takes for a service. */
export function checkServiceName(name: string): void {
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw invalidParameter("Invalid service name.");
}

/** Strategies and launch type exclude each other. */
export function checkCapacity(launchType: unknown, strategy: readonly unknown[] | undefined): void {
  if (launchType !== undefined && (strategy?.length ?? 0) > 0) {
    throw invalidParameter(
      "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
    );
  }
}
