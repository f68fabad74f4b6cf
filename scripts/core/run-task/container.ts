import type { TaskDefinition } from "@aws-sdk/client-ecs";

import { InvalidInputError } from "../errors.ts";

/** The part of a definition that this asks about: registered, or about to be. */
type Definition = Pick<TaskDefinition, "containerDefinitions">;

/**
 * The container that a one-off task is about: whose command is replaced, and whose exit code decides. Undefined where
 * several are essential and none was named: then nothing may be replaced, and all of them decide.
 *
 * @param wanted the name that was asked for
 * @param needsOne something is to be replaced in it, so that there must be one
 * @throws InvalidInputError when there is none of that name, or none was named and several could be meant
 */
export function subjectOf(
  { containerDefinitions = [] }: Definition,
  wanted: string | undefined,
  needsOne: boolean,
): string | undefined {
  const names = containerDefinitions.flatMap(({ name }) => name ?? []);
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw new InvalidInputError(
      `The task has no container ${JSON.stringify(wanted)}. It has ${names.join(", ")}; choose with --container.`,
    );
  }
  const essential = essentialOf({ containerDefinitions });
  const [only, ...more] = names.length === 1 ? names : essential;
  if (only !== undefined && more.length === 0) return only;
  if (!needsOne) return undefined;
  throw new InvalidInputError(
    `Which container? The task has ${names.join(", ")}, of which ${essential.join(", ")} are essential; choose with --container.`,
  );
}

/** Containers whose end is the task's end. */
export function essentialOf({ containerDefinitions = [] }: Definition): readonly string[] {
  return containerDefinitions.flatMap(({ name, essential = true }) =>
    essential && name !== undefined ? [name] : [],
  );
}
