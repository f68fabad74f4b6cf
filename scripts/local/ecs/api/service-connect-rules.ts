/**
 * What is refused of a service's Service Connect and volume configurations, in AWS's words.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectConfiguration.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceVolumeConfiguration.html
 */
import type { ServiceConnectConfiguration, ServiceVolumeConfiguration } from "@aws-sdk/client-ecs";

import type { ClusterRecord, ServiceRevision, TaskDefinitionRecord } from "../state.ts";
import { invalidParameter } from "./errors.ts";

/** Throws for the first rule that the two break against the revision that they are for. */
export function checkServiceConnectAndVolumes(
  { serviceConnectConfiguration, volumeConfigurations = [] }: ServiceRevision,
  definition: TaskDefinitionRecord,
): void {
  if (serviceConnectConfiguration?.enabled === true) checkConnect(serviceConnectConfiguration, definition);
  for (const configuration of volumeConfigurations) checkVolume(configuration, definition);
}

/**
 * The configuration as ECS keeps it: an enabled one without namespace takes the cluster's default.
 *
 * @throws AwsError when neither has one
 */
export function withNamespace(
  configuration: ServiceConnectConfiguration,
  cluster: ClusterRecord,
): ServiceConnectConfiguration {
  if (configuration.enabled !== true || configuration.namespace) return configuration;
  const namespace = cluster.serviceConnectDefaults?.namespace;
  if (!namespace) throw invalidParameter("Namespace is missing");
  return { ...configuration, namespace };
}

function checkConnect(
  { services = [] }: ServiceConnectConfiguration,
  { definition }: TaskDefinitionRecord,
): void {
  if (definition.networkMode === "host") {
    throw invalidParameter("Service Connect is not supported for the host network mode.");
  }
  const ports = new Set(
    definition.containerDefinitions?.flatMap(({ portMappings = [] }) => portMappings.map(({ name }) => name)),
  );
  for (const { portName = "", clientAliases = [] } of services) {
    if (!ports.has(portName)) {
      throw invalidParameter(
        `portName(${portName}) does not refer to any named PortMapping in the container definitions.`,
      );
    }
    if (clientAliases.length > 1) {
      throw invalidParameter(`${clientAliases.length} clientAliases exceeds the max limit of 1`);
    }
    if (clientAliases.some(({ dnsName }) => dnsName !== undefined && !isDnsName(dnsName))) {
      throw invalidParameter("The DNS name that you provided is invalid");
    }
  }
}

function isDnsName(name: string): boolean {
  return name.length <= 127 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(name);
}

function checkVolume(
  { name = "", managedEBSVolume: volume }: ServiceVolumeConfiguration,
  { definition }: TaskDefinitionRecord,
): void {
  if (!definition.volumes?.some((known) => known.name === name && known.configuredAtLaunch === true)) {
    throw invalidParameter(
      `The volume name '${name}' in your request does not have a matching volume in your Task Definition`,
    );
  }
  if (volume && volume.sizeInGiB === undefined && volume.snapshotId === undefined) {
    throw invalidParameter("ECS managed EBS volume configuration was invalid");
  }
}
