import type {
  DescribeServicesCommandInput,
  Failure,
  ListServicesByNamespaceCommandInput,
  ListServicesCommandInput,
  Service,
} from "@aws-sdk/client-ecs";

import { serviceRevision } from "../task-sets.ts";
import { findCluster, page, type Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";
import { presentService } from "./present-service.ts";
import { serviceArn } from "./services.ts";

/** Describes up to 10 services; those that are not there are failures with reason MISSING. */
export function describeServices(
  call: Call,
  input: DescribeServicesCommandInput,
): { services: Service[]; failures: Failure[] } {
  const names = input.services ?? [];
  if (names.length > 10) throw invalidParameter("Members must have length less than or equal to 10");
  if (names.length === 0) throw invalidParameter("Services cannot be empty.");
  const cluster = findCluster(call, input.cluster);
  const arns = names.map((name) => serviceArn(call, cluster.name, name));
  const found = arns.map((arn) => call.state.ecs.services[arn]).filter((service) => service !== undefined);
  const tags = input.include?.includes("TAGS") ?? false;
  return {
    services: found.map((service) => presentService(call, service, tags)),
    failures: arns.filter((arn) => !call.state.ecs.services[arn]).map((arn) => ({ arn, reason: "MISSING" })),
  };
}

/** Lists ARNs of the services that are not INACTIVE, 10 a page unless asked otherwise. */
export function listServices(
  call: Call,
  input: ListServicesCommandInput,
): { serviceArns: string[]; nextToken: string | undefined } {
  const cluster = findCluster(call, input.cluster);
  const services = Object.values(call.state.ecs.services).filter(
    (service) =>
      service.clusterName === cluster.name &&
      service.status !== "INACTIVE" &&
      (input.schedulingStrategy === undefined || service.schedulingStrategy === input.schedulingStrategy) &&
      (input.launchType === undefined || serviceRevision(service)?.launchType === input.launchType),
  );
  const { items, nextToken } = page(services, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 10,
  });
  return { serviceArns: items.map(({ arn }) => arn), nextToken };
}

/** Lists ARNs of the services of every cluster that are in a Cloud Map namespace by Service Connect. */
export function listServicesByNamespace(
  { state }: Call,
  input: ListServicesByNamespaceCommandInput,
): { serviceArns: string[]; nextToken: string | undefined } {
  const services = Object.values(state.ecs.services).filter(
    (service) =>
      service.status !== "INACTIVE" &&
      serviceRevision(service)?.serviceConnectConfiguration?.enabled === true &&
      serviceRevision(service)?.serviceConnectConfiguration?.namespace === input.namespace,
  );
  const { items, nextToken } = page(services, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 10,
  });
  return { serviceArns: items.map(({ arn }) => arn), nextToken };
}
