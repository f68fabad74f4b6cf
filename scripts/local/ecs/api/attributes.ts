import type {
  Attribute,
  DeleteAttributesCommandInput,
  ListAttributesCommandInput,
  PutAttributesCommandInput,
} from "@aws-sdk/client-ecs";

import { attributesOf } from "../attributes.ts";
import { wakeServicesOf } from "../hosts-of-cluster.ts";
import { hostsOf } from "../queries.ts";
import type { HostRecord } from "../state.ts";
import { findCluster, nameOf, page, type Call } from "./call.ts";
import { AwsError, invalidParameter } from "./errors.ts";

const mostAttributes = 10;

/**
 * Puts attributes on container instances; one of the same name gets the new value.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutAttributes.html
 */
export function putAttributes(call: Call, input: PutAttributesCommandInput): { attributes: Attribute[] } {
  const cluster = findCluster(call, input.cluster);
  const attributes = input.attributes ?? [];
  for (const attribute of attributes) {
    checkAttribute(attribute);
    const host = target(call, cluster.name, attribute);
    const own = { ...host.attributes, [attribute.name ?? ""]: attribute.value ?? null };
    if (Object.keys(own).length > mostAttributes) {
      throw new AwsError(
        "AttributeLimitExceededException",
        `The attribute limit of ${mostAttributes} for the resource has been exceeded.`,
      );
    }
    host.attributes = own;
  }
  wakeServicesOf(call.state, call.now, cluster.name);
  return { attributes };
}

/** Takes attributes off container instances. */
export function deleteAttributes(
  call: Call,
  input: DeleteAttributesCommandInput,
): { attributes: Attribute[] } {
  const cluster = findCluster(call, input.cluster);
  const attributes = input.attributes ?? [];
  for (const attribute of attributes) {
    const host = target(call, cluster.name, attribute);
    const { [attribute.name ?? ""]: removed, ...rest } = host.attributes ?? {};
    if (removed !== undefined && (attribute.value ?? removed) === removed) host.attributes = rest;
  }
  wakeServicesOf(call.state, call.now, cluster.name);
  return { attributes };
}

/** Lists attributes of the cluster's container instances, by name and value where asked. */
export function listAttributes(
  call: Call,
  input: ListAttributesCommandInput,
): { attributes: Attribute[]; nextToken: string | undefined } {
  const cluster = findCluster(call, input.cluster);
  const found = hostsOf(call.state, cluster.name).flatMap((host) =>
    [...attributesOf(host)]
      .filter(
        ([name, value]) =>
          (input.attributeName ?? name) === name && (input.attributeValue ?? value) === value,
      )
      .map(([name, value]): Attribute => ({ name, targetId: host.arn, ...(value !== null && { value }) })),
  );
  const { items, nextToken } = page(found, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 100,
  });
  return { attributes: items, nextToken };
}

function checkAttribute({ name = "", value }: Attribute): void {
  if (!/^[A-Za-z0-9_./\\-]{1,128}$/.test(name)) throw invalidParameter(`Invalid attribute name: ${name}.`);
  if (/^(ecs|com\.amazonaws)\./.test(name)) {
    throw invalidParameter(`Attribute ${name} is reserved and cannot be changed.`);
  }
  if (value !== undefined && !/^(\S.{0,126}\S|\S)$/.test(value)) {
    throw invalidParameter(`Invalid attribute value: ${value}.`);
  }
}

function target({ state }: Call, clusterName: string, { targetId = "" }: Attribute): HostRecord {
  const host = state.ecs.hosts[nameOf(targetId)];
  if (host?.clusterName === clusterName) return host;
  throw new AwsError("TargetNotFoundException", "The specified target could not be found.");
}
