import type { UpdateServiceCommandInput } from "@aws-sdk/client-ecs";

import type { ServiceRecord, ServiceRevision } from "../state.ts";
import { lookSoon } from "../wake.ts";
import type { Call } from "./call.ts";
import { presentService } from "./present-service.ts";
import {
  checkRevision,
  refuseUnderCodeDeploy,
  refuseWhatIsNotThere,
  serviceNotActive,
} from "./service-rules.ts";
import { activeService, configuration, newDeployment, type ServiceAnswer } from "./services.ts";
import { usableTaskDefinition } from "./task-definitions.ts";

/** Changes a service; what makes up a revision of it starts a new deployment, the rest does not. */
export function updateService(call: Call, input: UpdateServiceCommandInput): ServiceAnswer {
  const { state, now } = call;
  const service = activeService(call, input.cluster, input.service ?? "");
  const [current] = service.deployments;
  if (!current) throw serviceNotActive();
  refuseWhatIsNotThere(input);
  if (service.deploymentController.type === "CODE_DEPLOY") refuseDeployment(input);
  if (input.deploymentConfiguration) {
    service.deploymentConfiguration = configuration(
      input.deploymentConfiguration,
      service.deploymentConfiguration,
    );
  }
  const revision = changedRevision(call, input, current.revision);
  const deploys = startsDeployment(input, current.revision, revision);
  if (deploys) {
    checkRevision(call, revision, usableTaskDefinition(call, revision.taskDefinition));
    deploy(call, service, revision);
  } else if (input.capacityProviderStrategy)
    current.revision.capacityProviderStrategy = input.capacityProviderStrategy;
  changeSettings(service, input);
  if (service.steady && input.desiredCount !== undefined) service.steady = false;
  lookSoon(state, now, service.arn);
  return { service: presentService(call, service, true) };
}

function refuseDeployment(input: UpdateServiceCommandInput): void {
  if (input.taskDefinition !== undefined) refuseUnderCodeDeploy("Unable to update task definition on");
  if (input.networkConfiguration !== undefined)
    refuseUnderCodeDeploy("Unable to update network parameters on");
  if (input.forceNewDeployment) refuseUnderCodeDeploy("Cannot force a new deployment on");
}

function changedRevision(
  call: Call,
  input: UpdateServiceCommandInput,
  revision: ServiceRevision,
): ServiceRevision {
  return {
    ...revision,
    taskDefinition:
      input.taskDefinition === undefined
        ? revision.taskDefinition
        : usableTaskDefinition(call, input.taskDefinition).arn,
    platformVersion: input.platformVersion ?? revision.platformVersion,
    awsvpcConfiguration: input.networkConfiguration?.awsvpcConfiguration ?? revision.awsvpcConfiguration,
    loadBalancers: input.loadBalancers ?? revision.loadBalancers,
    serviceRegistries: input.serviceRegistries ?? revision.serviceRegistries,
    capacityProviderStrategy: input.capacityProviderStrategy ?? revision.capacityProviderStrategy,
    launchType: input.capacityProviderStrategy ? null : revision.launchType,
  };
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
function startsDeployment(
  input: UpdateServiceCommandInput,
  before: ServiceRevision,
  after: ServiceRevision,
): boolean {
  if (input.forceNewDeployment === true) return true;
  const parts = (revision: ServiceRevision) =>
    JSON.stringify([
      revision.taskDefinition,
      revision.platformVersion,
      revision.awsvpcConfiguration,
      revision.loadBalancers,
      revision.serviceRegistries,
    ]);
  return parts(before) !== parts(after);
}

function deploy(call: Call, service: ServiceRecord, revision: ServiceRevision): void {
  for (const deployment of service.deployments) {
    if (deployment.status === "PRIMARY") deployment.status = "ACTIVE";
  }
  service.deployments.unshift(newDeployment(call, revision));
  service.steady = false;
  service.startFailures = 0;
  service.startsHeldUntil = 0;
}

function changeSettings(service: ServiceRecord, input: UpdateServiceCommandInput): void {
  service.desiredCount = input.desiredCount ?? service.desiredCount;
  service.healthCheckGracePeriodSeconds =
    input.healthCheckGracePeriodSeconds ?? service.healthCheckGracePeriodSeconds;
  service.placementConstraints = input.placementConstraints ?? service.placementConstraints;
  service.placementStrategy = input.placementStrategy ?? service.placementStrategy;
  service.enableECSManagedTags = input.enableECSManagedTags ?? service.enableECSManagedTags;
  service.enableExecuteCommand = input.enableExecuteCommand ?? service.enableExecuteCommand;
  service.propagateTags = input.propagateTags ?? service.propagateTags;
  service.availabilityZoneRebalancing =
    input.availabilityZoneRebalancing ?? service.availabilityZoneRebalancing;
}
