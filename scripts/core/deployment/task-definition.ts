import type { RegisterTaskDefinitionRequest, Tag, TaskDefinition } from "@aws-sdk/client-ecs";

import { differences, type Difference } from "../diff/compare.ts";
import { comparableDefinition } from "../diff/definition-form.ts";

/** A revision as DescribeTaskDefinition gives it, with its tags beside it. */
export interface RegisteredRevision {
  readonly taskDefinition: TaskDefinition;
  readonly tags: readonly Tag[];
}

/**
 * What registering `wanted` would change against `registered`: AWS's defaults filled in on both sides, order ignored
 * where it has no meaning, `0.25 vCPU` equal to `256`, AWS's own tags and those of the trail left aside. A member that
 * `wanted` leaves out is a removal, since a revision keeps nothing of the one before it.
 *
 * @param registered absent where there is no revision, so that all of `wanted` is new
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export function definitionDifferences(
  wanted: RegisterTaskDefinitionRequest,
  registered: RegisteredRevision | undefined,
): readonly Difference[] {
  if (registered === undefined) return differences({}, wanted, "");
  return differences(
    comparableDefinition(registered.taskDefinition, registered.tags),
    comparableDefinition(wanted, wanted.tags),
    "",
  );
}

/** Whether registering `wanted` would give a revision that means the same as `registered`. */
export function isSameDefinition(
  wanted: RegisterTaskDefinitionRequest,
  registered: RegisteredRevision,
): boolean {
  return definitionDifferences(wanted, registered).length === 0;
}

/** `family:revision`, the short name that people use, from a task definition ARN. */
export function revisionName(taskDefinitionArn: string): string {
  return taskDefinitionArn.slice(taskDefinitionArn.lastIndexOf("/") + 1);
}

/** Whether a revision is an earlier one of the same family, by the ARNs of both. */
export function isEarlierRevision(arn: string, than: string): boolean {
  const [family, number] = revisionName(arn).split(":");
  const [otherFamily, otherNumber] = revisionName(than).split(":");
  return family === otherFamily && Number(number) < Number(otherNumber);
}

/** Images of a definition, in the order of its containers. */
export function imagesOf(definition: Pick<TaskDefinition, "containerDefinitions">): readonly string[] {
  return (definition.containerDefinitions ?? []).flatMap(({ image }) => (image === undefined ? [] : [image]));
}
