import type { TaskOverride } from "@aws-sdk/client-ecs";

import { askedBehaviour, withOverrides } from "../definitions.ts";
import type { TaskDefinitionRecord } from "../state.ts";
import { checkBehaviour } from "./behaviour-rules.ts";
import { clientException, invalidParameter } from "./errors.ts";
import { fitsFargate } from "./fargate-rules.ts";

/** AWS counts the characters of the overrides as JSON. */
const mostCharacters = 8192;

/**
 * Checks what RunTask and StartTask override.
 *
 * @throws AwsError for a container that is not there, a size that Fargate does not have, too long overrides
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html
 */
export function checkOverrides(
  overrides: TaskOverride | undefined,
  definition: TaskDefinitionRecord,
  fargate: boolean,
): void {
  if (!overrides) return;
  const names = new Set(definition.definition.containerDefinitions?.map(({ name }) => name));
  for (const { name } of overrides.containerOverrides ?? []) {
    if (!names.has(name)) {
      throw invalidParameter(
        `Override for container named ${name ?? ""} is not a container in the TaskDefinition.`,
      );
    }
  }
  if (JSON.stringify(overrides).length > mostCharacters) {
    throw invalidParameter(`Container Overrides length must be at most ${mostCharacters}`);
  }
  const { definition: whole } = withOverrides(definition, overrides);
  if (fargate && !fitsFargate(whole)) {
    throw clientException("No Fargate configuration exists for given values.");
  }
  for (const container of whole.containerDefinitions ?? []) {
    checkBehaviour(container.name ?? "", askedBehaviour(container), invalidParameter);
  }
}
