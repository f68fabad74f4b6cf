import type { ContainerDefinition, ContainerOverride, TaskOverride } from "@aws-sdk/client-ecs";

import { behaviourVariable } from "../containers/catalogue.ts";
import type { State } from "../world/state.ts";
import { taskDefinition } from "./queries.ts";
import type { TaskDefinitionRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

/** A revision with what RunTask overrides of it. */
export function withOverrides(
  record: TaskDefinitionRecord,
  overrides: TaskOverride | null,
): TaskDefinitionRecord {
  if (!overrides) return record;
  const { containerOverrides, ...given } = overrides;
  const containers = record.definition.containerDefinitions?.map((definition) => {
    const override = containerOverrides?.find(({ name }) => name === definition.name);
    return override ? overridden(definition, override) : definition;
  });
  return { ...record, definition: { ...record.definition, ...given, containerDefinitions: containers } };
}

/** The definition of each container of a task, by its name, with the task's overrides put in. */
export function containerDefinitions(
  state: State,
  { taskDefinition: arn, overrides }: Pick<TaskRecord, "taskDefinition" | "overrides">,
): ReadonlyMap<string, ContainerDefinition> {
  const record = taskDefinition(state, arn);
  const definitions = record ? withOverrides(record, overrides).definition.containerDefinitions : [];
  return new Map(definitions?.map((definition) => [definition.name ?? "", definition]));
}

/**
 * A container's definition with what RunTask overrides of it: a variable of the same name is replaced, new ones are
 * added.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerOverride.html
 */
function overridden(definition: ContainerDefinition, override: ContainerOverride): ContainerDefinition {
  const { name: _name, environment = [], environmentFiles, resourceRequirements, ...given } = override;
  const kept = (definition.environment ?? []).filter(
    ({ name }) => !environment.some((variable) => variable.name === name),
  );
  return {
    ...definition,
    ...given,
    environment: [...kept, ...environment],
    ...(environmentFiles && {
      environmentFiles: [...(definition.environmentFiles ?? []), ...environmentFiles],
    }),
    ...(resourceRequirements && { resourceRequirements }),
  };
}

/** What a container's environment asks of its behaviour; empty for nothing. */
export function askedBehaviour({ environment = [] }: ContainerDefinition): string {
  return environment.find(({ name }) => name === behaviourVariable)?.value ?? "";
}
