/** What ECS's record of a deployment tells, where ECS itself shifts the traffic. */
import type {
  DeploymentConfiguration,
  DeploymentLifecycleHookDetail,
  Service,
  ServiceDeployment,
  ServiceDeploymentStatus,
} from "@aws-sdk/client-ecs";

import type { Observed, Plan } from "../deployment/plan.ts";
import { primaryDeployment } from "../deployment/service-changes.ts";

const minuteMs = 60_000;

/** Whether ECS shifts traffic between two revisions, rather than replacing tasks one after the other. */
export function isNative(configuration: DeploymentConfiguration | undefined): boolean {
  return (configuration?.strategy ?? "ROLLING") !== "ROLLING";
}

/** Whether the service is deployed so, by ECS itself. */
export function isNativeService({ deploymentController, deploymentConfiguration }: Service): boolean {
  return (deploymentController?.type ?? "ECS") === "ECS" && isNative(deploymentConfiguration);
}

const goingBack: ReadonlySet<ServiceDeploymentStatus> = new Set([
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
]);

/** Statuses of a deployment that has not ended. */
export const openStatuses = [
  "PENDING",
  "IN_PROGRESS",
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
] as const satisfies readonly ServiceDeploymentStatus[];

/** Whether it has not ended. */
export function isOpen({ status }: Pick<ServiceDeployment, "status">): boolean {
  return status !== undefined && openStatuses.some((open) => open === status);
}

/** Whether it is on its way back to the revision before it. */
export function isGoingBack({ status }: Pick<ServiceDeployment, "status">): boolean {
  return status !== undefined && goingBack.has(status);
}

/** The pauses that somebody has to answer. */
export function waitingHooks({
  status,
  lifecycleHookDetails = [],
}: ServiceDeployment): readonly DeploymentLifecycleHookDetail[] {
  return status === "IN_PROGRESS"
    ? lifecycleHookDetails.filter((hook) => hook.status === "AWAITING_ACTION")
    : [];
}

/** Shares of the traffic that the new revision is to have, in per cent; absent where ECS shifts none. */
export interface Traffic {
  readonly production?: number;
  readonly test?: number;
}

export function trafficOf({ targetServiceRevision: target }: ServiceDeployment): Traffic {
  const { requestedProductionTrafficWeight: production, requestedTestTrafficWeight: test } = target ?? {};
  return { ...(production === undefined ? {} : { production }), ...(test === undefined ? {} : { test }) };
}

/**
 * How long the strategy itself asks to wait: its bake time and those of its steps, in milliseconds. Pauses and hooks
 * are not counted.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html
 */
export function askedWaitMs(configuration: DeploymentConfiguration | undefined): number {
  if (configuration === undefined || !isNative(configuration)) return 0;
  const { strategy, bakeTimeInMinutes = 0 } = configuration;
  if (strategy === "CANARY") return (bakeTimeInMinutes + stepBakeMinutes(configuration)) * minuteMs;
  if (strategy !== "LINEAR") return bakeTimeInMinutes * minuteMs;
  // None is waited for after the last step.
  const steps = Math.ceil(100 / (configuration.linearConfiguration?.stepPercent ?? 10)) - 1;
  return (bakeTimeInMinutes + steps * stepBakeMinutes(configuration)) * minuteMs;
}

/** How long one step before the last is watched, in minutes, with ECS's defaults. */
export function stepBakeMinutes({
  strategy,
  canaryConfiguration,
  linearConfiguration,
}: DeploymentConfiguration): number {
  if (strategy === "CANARY") return canaryConfiguration?.canaryBakeTimeInMinutes ?? 10;
  return strategy === "LINEAR" ? (linearConfiguration?.stepBakeTimeInMinutes ?? 6) : 0;
}

/** The service's configuration once the plan is carried out: UpdateService keeps the parts that it is not given. */
export function configurationAfter(
  { steps }: Plan,
  { service }: Observed,
): DeploymentConfiguration | undefined {
  const write = steps.find((step) => step.kind === "createService" || step.kind === "updateService");
  const asked = write?.input.deploymentConfiguration;
  return asked === undefined
    ? service?.deploymentConfiguration
    : { ...service?.deploymentConfiguration, ...asked };
}

/**
 * Whether a deployment of the service, which this plan starts or which is there already, is one whose traffic ECS
 * shifts. One that has completed is not: what is waited for then is the count of its tasks.
 */
export function shiftsTraffic(plan: Plan, observed: Observed, deploymentId: string): boolean {
  const { service } = observed;
  const primary = service && primaryDeployment(service);
  if (service !== undefined && primary?.id === deploymentId) {
    return isNativeService(service) && primary.rolloutState !== "COMPLETED";
  }
  return isNative(configurationAfter(plan, observed));
}

/** Whether a service deployment brings the service revision of deployment `ecs-svc/N`: `…/SERVICE/N`. */
export function isOf(deploymentId: string, serviceRevisionArn: string | undefined): boolean {
  return serviceRevisionArn?.endsWith(deploymentId.slice(deploymentId.lastIndexOf("/"))) === true;
}

/** `ecs-svc/N` of the service revision `…/SERVICE/N`. */
export function deploymentIdOf(serviceRevisionArn: string): string {
  return `ecs-svc${serviceRevisionArn.slice(serviceRevisionArn.lastIndexOf("/"))}`;
}
