import type {
  ContainerDefinition,
  PortMapping,
  RegisterTaskDefinitionRequest,
  Tag,
  TaskDefinition,
} from "@aws-sdk/client-ecs";

import { readOnlyFields } from "../aws-model/model.ts";
import { sameMeaning } from "./canonical.ts";

/** A revision as DescribeTaskDefinition gives it, with its tags beside it. */
export interface RegisteredRevision {
  readonly taskDefinition: TaskDefinition;
  readonly tags: readonly Tag[];
}

/**
 * Whether registering `wanted` would give a revision that means the same as `registered`: AWS's defaults filled in on
 * both sides, order ignored where it has no meaning, `0.25 vCPU` equal to `256`.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export function isSameDefinition(
  wanted: RegisterTaskDefinitionRequest,
  registered: RegisteredRevision,
): boolean {
  const { tags: wantedTags, ...wantedDefinition } = wanted;
  const registeredDefinition: Record<string, unknown> = { ...registered.taskDefinition };
  for (const member of readOnlyFields("TaskDefinition")) Reflect.deleteProperty(registeredDefinition, member);
  return (
    sameMeaning(withDefaults(wantedDefinition), withDefaults(registeredDefinition)) &&
    sameMeaning({ tags: ownTags(wantedTags) }, { tags: ownTags(registered.tags) })
  );
}

/** `family:revision`, the short name that people use, from a task definition ARN. */
export function revisionName(taskDefinitionArn: string): string {
  return taskDefinitionArn.slice(taskDefinitionArn.lastIndexOf("/") + 1);
}

/** Images of a definition, in the order of its containers. */
export function imagesOf(definition: Pick<TaskDefinition, "containerDefinitions">): readonly string[] {
  return (definition.containerDefinitions ?? []).flatMap(({ image }) => (image === undefined ? [] : [image]));
}

/** AWS's own tags can't be set by a caller, so they are no difference. */
function ownTags(tags: readonly Tag[] | undefined): readonly Tag[] {
  return (tags ?? []).filter(({ key }) => key?.startsWith("aws:") !== true);
}

function withDefaults(definition: Partial<TaskDefinition>): Partial<TaskDefinition> {
  const networkMode = definition.networkMode ?? "bridge";
  return {
    ...definition,
    networkMode,
    ...(definition.cpu === undefined ? {} : { cpu: inUnits(definition.cpu, /^([\d.]+)\s*vcpu$/i) }),
    ...(definition.memory === undefined ? {} : { memory: inUnits(definition.memory, /^([\d.]+)\s*gb$/i) }),
    containerDefinitions: (definition.containerDefinitions ?? []).map((container) =>
      containerWithDefaults(container, networkMode),
    ),
  };
}

/** CPU units and MiB are both 1024 to the larger unit that people may write. */
function inUnits(text: string, larger: RegExp): string {
  const match = larger.exec(text.trim());
  return match?.[1] === undefined ? text.trim() : String(Math.round(Number(match[1]) * 1024));
}

function containerWithDefaults(container: ContainerDefinition, networkMode: string): ContainerDefinition {
  const { healthCheck } = container;
  return {
    ...container,
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    portMappings: (container.portMappings ?? []).map((mapping) => portWithDefaults(mapping, networkMode)),
    ...(healthCheck === undefined
      ? {}
      : {
          healthCheck: {
            ...healthCheck,
            interval: healthCheck.interval ?? 30,
            timeout: healthCheck.timeout ?? 5,
            retries: healthCheck.retries ?? 3,
          },
        }),
  };
}

function portWithDefaults(mapping: PortMapping, networkMode: string): PortMapping {
  const samePort = networkMode === "awsvpc" || networkMode === "host";
  const hostPort = mapping.hostPort ?? (samePort ? mapping.containerPort : 0);
  return { ...mapping, protocol: mapping.protocol ?? "tcp", ...(hostPort === undefined ? {} : { hostPort }) };
}
