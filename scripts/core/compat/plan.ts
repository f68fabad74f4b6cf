import type { RegisterTaskDefinitionRequest, Service, UpdateServiceRequest } from "@aws-sdk/client-ecs";

import { existingRevision, planUpdate, type Observed, type Plan } from "../deployment/plan.ts";
import { activeService } from "../deployment/refusals.ts";
import { revisionName } from "../deployment/task-definition.ts";
import { RefusedError } from "../errors.ts";
import { parseImageReference } from "../image-reference.ts";
import type { CompatWork } from "./command.ts";
import { newDefinition, type NewDefinition } from "./new-definition.ts";

export type DeployWork = Extract<CompatWork, { kind: "deploy" }>;

/**
 * The definition that a service is to run.
 *
 * @param file what `--task-definition-file` holds
 * @throws RefusedError when there is no such service, or its revision is gone
 * @throws InvalidInputError when the image is none of the definition's
 */
export function wantedDefinition(
  observed: Observed,
  { cluster, service, change }: DeployWork,
  file?: RegisterTaskDefinitionRequest,
): NewDefinition {
  const running = activeService(observed.service, service, cluster);
  const base = change.newest
    ? (observed.latestRevision ?? observed.currentRevision)
    : observed.currentRevision;
  if (base === undefined) {
    const revision =
      running.taskDefinition === undefined ? "a revision" : revisionName(running.taskDefinition);
    throw new RefusedError(
      `Service ${service} runs ${revision}, which AWS does not show; it cannot be the base.`,
    );
  }
  return newDefinition(base, change, file);
}

/**
 * The plan of ecs-deploy's main form: a new revision for a service, by one UpdateService.
 *
 * A tag may mean another image than yesterday. So where nothing else is new the rollout is forced, as ecs-deploy's new
 * revision forces it, unless the images are named by their digests.
 *
 * @throws RefusedError or InvalidInputError, as {@link wantedDefinition}
 */
export function planDeploy(observed: Observed, work: DeployWork, file?: RegisterTaskDefinitionRequest): Plan {
  const { definition } = wantedDefinition(observed, work, file);
  const service = activeService(observed.service, work.service, work.cluster);
  const unchanged = existingRevision(definition, observed) === service.taskDefinition;
  // --desired-count is said for this run, so it is set also where autoscaling may change it again.
  const { countIsAutoscaled: _, ...rest } = observed;
  return planUpdate(rest, {
    serviceName: work.service,
    cluster: work.cluster,
    taskDefinition: definition,
    service: {
      cluster: work.cluster,
      service: work.service,
      ...(work.desiredCount === undefined ? {} : { desiredCount: work.desiredCount }),
      ...deploymentConfiguration(service, work),
      ...(unchanged && !pinned(definition) ? { forceNewDeployment: true } : {}),
    },
  });
}

/** The service's own configuration of deployments with the percents given, so that its circuit breaker stays. */
function deploymentConfiguration(
  { deploymentConfiguration }: Service,
  { minimumHealthyPercent, maximumPercent }: DeployWork,
): Pick<UpdateServiceRequest, "deploymentConfiguration"> {
  if (minimumHealthyPercent === undefined && maximumPercent === undefined) return {};
  return {
    deploymentConfiguration: {
      ...deploymentConfiguration,
      ...(minimumHealthyPercent === undefined ? {} : { minimumHealthyPercent }),
      ...(maximumPercent === undefined ? {} : { maximumPercent }),
    },
  };
}

function pinned({ containerDefinitions = [] }: RegisterTaskDefinitionRequest): boolean {
  return containerDefinitions.every(({ image = "" }) => {
    const parsed = parseImageReference(image);
    return parsed.ok && parsed.image.digest !== undefined;
  });
}
