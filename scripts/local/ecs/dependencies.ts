/**
 * The order in which the containers of a task start, and in which they stop.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
import type { ContainerDefinition, ContainerDependency } from "@aws-sdk/client-ecs";

import type { ContainerRecord, TaskRecord } from "./task-state.ts";

/** Whether a container can start: now, later (and no later than `until`), or never. */
export type Readiness =
  | { readonly type: "ready" }
  | { readonly type: "waits"; readonly until: number }
  | { readonly type: "never"; readonly reason: string };

type Definitions = ReadonlyMap<string, ContainerDefinition>;

/** Whether a container that has not started can start by now. */
export function readiness(
  task: TaskRecord,
  container: ContainerRecord,
  definitions: Definitions,
  now: number,
): Readiness {
  let until = Infinity;
  let waits = false;
  for (const dependency of definitions.get(container.name)?.dependsOn ?? []) {
    const other = task.containers.find(({ name }) => name === dependency.containerName);
    if (!other || isMet(dependency, other)) continue;
    const edge = `[${other.name}] for target [${container.name}]`;
    if (dependency.condition === "SUCCESS" && other.lastStatus === "STOPPED") {
      const why = "as dependency did not exit successfully.";
      return {
        type: "never",
        reason: `dependency graph: failed to resolve container ordering dependency ${edge} ${why}`,
      };
    }
    const timeout = definitions.get(other.name)?.startTimeout;
    const deadline =
      timeout === undefined || other.startedAt === null ? Infinity : other.startedAt + timeout * 1000;
    if (deadline <= now) {
      return {
        type: "never",
        reason: `dependency graph: container ordering dependency ${edge} has timed out.`,
      };
    }
    waits = true;
    until = Math.min(until, deadline);
  }
  return waits ? { type: "waits", until } : { type: "ready" };
}

function isMet({ condition }: ContainerDependency, other: ContainerRecord): boolean {
  switch (condition) {
    case "COMPLETE":
      return other.lastStatus === "STOPPED";
    case "SUCCESS":
      return other.lastStatus === "STOPPED" && other.exitCode === 0;
    case "HEALTHY":
      return other.lastStatus === "RUNNING" && other.healthStatus === "HEALTHY";
    case "START":
    case undefined:
      return other.startedAt !== null;
  }
}

/** Whether something that runs depends on a container, which is why it may not stop yet. */
export function isNeeded(task: TaskRecord, container: ContainerRecord, definitions: Definitions): boolean {
  return task.containers.some(
    ({ name, lastStatus }) =>
      lastStatus === "RUNNING" &&
      definitions.get(name)?.dependsOn?.some(({ containerName }) => containerName === container.name),
  );
}
