import type { ContainerDefinition } from "@aws-sdk/client-ecs";

import { clientException } from "./errors.ts";

/**
 * What RegisterTaskDefinition refuses of `dependsOn`, in AWS's words.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export function checkDependencies(containers: readonly ContainerDefinition[]): void {
  const named = new Map(containers.map((container) => [container.name ?? "", container]));
  for (const { containerName = "", condition } of containers.flatMap(({ dependsOn }) => dependsOn ?? [])) {
    const target = named.get(containerName);
    if (!target) {
      throw clientException(`Cannot depend on container + '${containerName}' because it does not exist`);
    }
    if ((condition === "SUCCESS" || condition === "COMPLETE") && (target.essential ?? true)) {
      throw clientException(
        "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
      );
    }
    if (condition === "HEALTHY" && !target.healthCheck) {
      throw clientException(
        "A dependency container with HEALTHY condition must have health check configured",
      );
    }
  }
  if (hasCycle(named)) throw clientException("There is a cycle in the container dependencies.");
}

/** Takes away containers that wait for nobody who is left; a cycle is what can never be taken away. */
function hasCycle(named: ReadonlyMap<string, ContainerDefinition>): boolean {
  const left = new Map(named);
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [name, { dependsOn = [] }] of [...left]) {
      if (!dependsOn.some(({ containerName = "" }) => left.has(containerName))) left.delete(name);
    }
  }
  return left.size > 0;
}
