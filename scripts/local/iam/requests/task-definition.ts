import type { EcsState, TaskDefinitionRecord } from "../../ecs/state.ts";

/** The revision that a call means by an ARN, `family:revision`, or a family; null when there is none such. */
export function latestRevision(
  { taskDefinitions, latestRevisions }: EcsState,
  named: string,
): TaskDefinitionRecord | null {
  const name = named.slice(named.lastIndexOf("/") + 1);
  if (name.includes(":")) return taskDefinitions[name] ?? null;
  for (let revision = latestRevisions[name] ?? 0; revision > 0; revision -= 1) {
    const found = taskDefinitions[`${name}:${revision}`];
    if (found?.status === "ACTIVE") return found;
  }
  return null;
}
