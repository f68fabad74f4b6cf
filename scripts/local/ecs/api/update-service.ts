import type { UpdateServiceCommandInput } from "@aws-sdk/client-ecs";

import type { ServiceRecord, ServiceRevision } from "../state.ts";
import { noticeDeployments } from "../service-deployments/follow.ts";
import { usesTaskSets } from "../task-sets.ts";
import { lookSoon } from "../wake.ts";
import { checkStrategy } from "./capacity-rules.ts";
import { findCluster, type Call } from "./call.ts";
import { changeController } from "./controller-change.ts";
import { checkPlacement } from "./placement-rules.ts";
import { presentService } from "./present-service.ts";
import { checkRevision, runsOnFargate, serviceNotActive } from "./service-rules.ts";
import {
  checkCounts,
  checkExecuteCommand,
  checkRebalancing,
  refuseCountOfDaemon,
} from "./service-settings-rules.ts";
import {
  activeService,
  configuration,
  keptConfigurations,
  newDeployment,
  type ServiceAnswer,
} from "./services.ts";
import { checkStrategy as checkDeploymentStrategy } from "./strategy-rules.ts";
import { usableTaskDefinition } from "./task-definitions.ts";
import { refuseUnderTaskSets } from "./task-set-rules.ts";

/** Changes a service; what makes up a revision of it starts a new deployment, the rest does not. */
export function updateService(call: Call, input: UpdateServiceCommandInput): ServiceAnswer {
  const { state, now } = call;
  const service = activeService(call, input.cluster, input.service ?? "");
  checkCounts(input);
  if (service.schedulingStrategy === "DAEMON") refuseCountOfDaemon(input.desiredCount);
  checkStrategy(call, findCluster(call, input.cluster), input.capacityProviderStrategy);
  changeController(call, service, input.deploymentController?.type);
  if (usesTaskSets(service)) {
    refuseUnderTaskSets(service, input);
    checkDeploymentStrategy(call, input.deploymentConfiguration, {
      controller: service.deploymentController.type,
      daemon: false,
      loadBalancers: [],
    });
    return updateWithoutDeployment(call, service, input);
  }
  const [current] = service.deployments;
  if (!current) throw serviceNotActive();
  if (input.deploymentConfiguration) {
    service.deploymentConfiguration = configuration(
      input.deploymentConfiguration,
      service.deploymentConfiguration,
    );
  }
  const revision = changedRevision(call, input, current.revision);
  checkDeploymentStrategy(call, service.deploymentConfiguration, {
    controller: service.deploymentController.type,
    daemon: service.schedulingStrategy === "DAEMON",
    loadBalancers: revision.loadBalancers,
  });
  const deploys = startsDeployment(input, current.revision, revision);
  checkPlacement(
    input.placementStrategy ?? service.placementStrategy,
    input.placementConstraints ?? service.placementConstraints,
    runsOnFargate(revision),
  );
  if (input.enableExecuteCommand === true) {
    checkExecuteCommand(true, usableTaskDefinition(call, revision.taskDefinition), "updated");
  }
  if (deploys) {
    checkRevision(call, revision, usableTaskDefinition(call, revision.taskDefinition));
    deploy(call, service, revision);
  } else if (input.capacityProviderStrategy)
    current.revision.capacityProviderStrategy = input.capacityProviderStrategy;
  changeSettings(service, input);
  noticeDeployments(call, service);
  if (service.steady && input.desiredCount !== undefined) service.steady = false;
  lookSoon(state, now, service.arn);
  return { service: presentService(call, service, true) };
}

function updateWithoutDeployment(
  call: Call,
  service: ServiceRecord,
  input: UpdateServiceCommandInput,
): ServiceAnswer {
  if (input.deploymentConfiguration) {
    service.deploymentConfiguration = configuration(
      input.deploymentConfiguration,
      service.deploymentConfiguration,
    );
  }
  changeSettings(service, input);
  service.steady = false;
  lookSoon(call.state, call.now, service.arn);
  return { service: presentService(call, service, true) };
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
    ...keptConfigurations(findCluster(call, input.cluster), input),
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
      revision.serviceConnectConfiguration,
      revision.volumeConfigurations,
      revision.vpcLatticeConfigurations,
      revision.gatewayConnectors,
      revision.monitoring,
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
  checkRebalancing(input.availabilityZoneRebalancing, service);
}
