import type { Service, UpdateServiceRequest } from "@aws-sdk/client-ecs";

import type { Observed } from "../deployment/plan.ts";
import { serviceChanges, type ServiceChange } from "../deployment/service-changes.ts";
import { RefusedError } from "../errors.ts";
import { primaryTaskSet } from "./task-sets.ts";

/**
 * What UpdateService changes on a service under CODE_DEPLOY.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
const changeable: ReadonlySet<keyof UpdateServiceRequest> = new Set([
  "desiredCount",
  "deploymentConfiguration",
  "healthCheckGracePeriodSeconds",
  "placementConstraints",
  "placementStrategy",
  "enableECSManagedTags",
  "propagateTags",
]);

/** What an AppSpec says, so that a deployment of CodeDeploy changes it. */
const inAppSpec: ReadonlySet<keyof UpdateServiceRequest> = new Set([
  "networkConfiguration",
  "platformVersion",
  "capacityProviderStrategy",
  "loadBalancers",
]);

/** A template's differences from what runs, by how they are brought. */
interface Changes {
  /** By UpdateService. */
  readonly settings: readonly ServiceChange[];
  /** By a deployment. */
  readonly byAppSpec: readonly ServiceChange[];
}

/**
 * What of a template does not hold yet.
 *
 * @throws RefusedError for what AWS changes on no service under CODE_DEPLOY
 */
export function settingsAndRest(
  { serviceName, service: wanted }: { readonly serviceName: string; readonly service: UpdateServiceRequest },
  service: Service,
  { countIsAutoscaled }: Observed,
): Changes {
  const changes = serviceChanges(wanted, asItRuns(service)).filter(
    ({ member }) => !(member === "desiredCount" && countIsAutoscaled === true),
  );
  const never = changes.filter(({ member }) => !changeable.has(member) && !inAppSpec.has(member));
  if (never.length > 0) {
    const list = never.map(({ member }) => member).join(", ");
    throw new RefusedError(
      `Service ${serviceName} has deployment controller CODE_DEPLOY, and AWS changes ${list} on no existing service of that kind. Put the template back, or create a second service beside it: ./deploy diff ${serviceName} shows what differs.`,
    );
  }
  return {
    settings: changes.filter(({ member }) => changeable.has(member)),
    byAppSpec: changes.filter(({ member }) => inAppSpec.has(member)),
  };
}

/** The primary task set tells what runs, where it and the service say different things. */
function asItRuns(service: Service): Service {
  const { networkConfiguration, platformVersion, capacityProviderStrategy, loadBalancers } =
    primaryTaskSet(service) ?? {};
  const told = Object.entries({
    networkConfiguration,
    platformVersion,
    capacityProviderStrategy,
    loadBalancers,
  }).filter(([, value]) => value !== undefined);
  return { ...service, ...Object.fromEntries(told) };
}
