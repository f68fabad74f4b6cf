/** Services that no plan can be made for. */
import type { Service } from "@aws-sdk/client-ecs";

import { RefusedError } from "../errors.ts";
import { fixedMembersThatDiffer, type FixedAtCreation } from "./service-changes.ts";
import { revisionName } from "./task-definition.ts";

/**
 * The service that a plan is about.
 *
 * @param controller whose deployments the plan is of
 * @throws RefusedError when there is no active service of this name, or when others than ECS deploy it
 */
export function activeService(
  service: Service | undefined,
  serviceName: string,
  cluster: string,
  controller: "ECS" | "CODE_DEPLOY" = "ECS",
): Service {
  const create = `./deploy create ${serviceName}`;
  if (service === undefined) {
    throw new RefusedError(
      `There is no service ${serviceName} in cluster ${cluster}. To create it: ${create}`,
    );
  }
  if (service.status !== "ACTIVE") {
    throw new RefusedError(
      `Service ${serviceName} in cluster ${cluster} was deleted and is ${service.status ?? "in an unknown state"}, so it cannot be updated. To create it anew, once it is INACTIVE: ${create}`,
    );
  }
  const has = service.deploymentController?.type;
  if (has !== controller) refuseOtherControllers(serviceName, has);
  return service;
}

/**
 * With another controller a deployment is not UpdateService's to start, nor DescribeServices' to tell of.
 *
 * @throws RefusedError
 */
export function refuseOtherControllers(serviceName: string, controller = "ECS"): void {
  if (controller === "ECS") return;
  throw new RefusedError(
    `Service ${serviceName} has deployment controller ${controller}; create, update, rollback, restart and scale are for services with controller ECS or CODE_DEPLOY.`,
  );
}

/** @throws RefusedError where a template wants what AWS changes on no existing service */
export function refuseWhatNeedsANewService(
  service: Service,
  desired: { readonly serviceName: string; readonly fixedAtCreation?: FixedAtCreation },
): void {
  const differing = fixedMembersThatDiffer(desired.fixedAtCreation ?? {}, service);
  if (differing.length === 0) return;
  const list = differing
    .map(({ member, from, to }) => `${member} is ${String(from)} and the template asks for ${String(to)}`)
    .join("; ");
  const runs =
    service.taskDefinition === undefined ? "" : ` It runs ${revisionName(service.taskDefinition)}.`;
  throw new RefusedError(
    `Service ${desired.serviceName} would have to be created anew: ${list}, and AWS changes that on no existing service.${runs} Create a second service beside it, or put the template back.`,
  );
}

/**
 * A name is not free while the service that had it drains.
 *
 * @throws RefusedError
 */
export function refuseDraining(service: Service | undefined, serviceName: string, cluster: string): void {
  if (service?.status !== "DRAINING") return;
  throw new RefusedError(
    `Service ${serviceName} in cluster ${cluster} was deleted and is still DRAINING. AWS gives its name free when its last task has stopped; then run ./deploy create ${serviceName} again.`,
  );
}

/**
 * A create that finds a service of its name which is not what the templates ask for.
 *
 * @throws RefusedError
 */
export function refuseToChange(serviceName: string, cluster: string): never {
  throw new RefusedError(
    `Service ${serviceName} exists in cluster ${cluster}, and not as these templates ask. To bring it there: ./deploy update ${serviceName}; to see the difference: ./deploy diff ${serviceName}`,
  );
}
