import type { ContainerDefinition, Service, TaskDefinition } from "@aws-sdk/client-ecs";

import { parseImageReference } from "../image-reference.ts";

/** The containers whose image a deployment changes; none where that can't be told. */
export interface DeployedImage {
  readonly image: string;
  /** Every container that runs this image: they go together. */
  readonly containers: readonly string[];
}

/**
 * Which image of a definition is the one that deployments bring: that of the only container, else of the only
 * essential one, else of the only one behind the load balancer, else of the one that is called like the service or
 * the family. Undefined where none of these points at one container, or at an image that can't be one.
 */
export function deployedImage(definition: TaskDefinition, service: Service): DeployedImage | undefined {
  const containers = definition.containerDefinitions ?? [];
  const behind = new Set((service.loadBalancers ?? []).map(({ containerName }) => containerName));
  const named = new Set([service.serviceName, definition.family]);
  const choices: readonly ((container: ContainerDefinition) => boolean)[] = [
    () => true,
    ({ essential }) => essential !== false,
    ({ name }) => behind.has(name),
    ({ name }) => named.has(name),
  ];
  for (const isChosen of choices) {
    const chosen = containers.filter(isChosen);
    const image = chosen[0]?.image;
    // Several containers of one image are one choice.
    if (image === undefined || chosen.some((other) => other.image !== image)) continue;
    if (!parseImageReference(image).ok) return undefined;
    const same = containers.filter((container) => container.image === image);
    return { image, containers: same.map(({ name }) => name ?? "?") };
  }
  return undefined;
}
