/**
 * The tags that a task gets as it starts.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
 */
import type { Tag } from "@aws-sdk/client-ecs";

import type { State } from "../world/state.ts";
import type { TaskRecord } from "./task-state.ts";

/** Which tags a task is to have. */
export interface TagRequest {
  readonly tags: readonly Tag[];
  readonly propagateTags: "TASK_DEFINITION" | "SERVICE" | "NONE";
  readonly enableECSManagedTags: boolean;
}

/** Tags a task that starts: with its own tags, those of its definition or service, and the managed ones. */
export function tagTask(state: State, task: TaskRecord, request: TagRequest | undefined): void {
  const service = state.ecs.services[task.service ?? ""];
  const { tags, propagateTags, enableECSManagedTags } = request ?? {
    tags: [],
    propagateTags: service?.propagateTags ?? "NONE",
    enableECSManagedTags: service?.enableECSManagedTags ?? false,
  };
  const from = propagateTags === "TASK_DEFINITION" ? task.taskDefinition : (service?.arn ?? "");
  const propagated = propagateTags === "NONE" ? [] : (state.ecs.tags[from] ?? []);
  const managed = enableECSManagedTags
    ? [
        { key: "aws:ecs:clusterName", value: task.clusterName },
        ...(service ? [{ key: "aws:ecs:serviceName", value: service.name }] : []),
      ]
    : [];
  const own = new Set(tags.map(({ key }) => key));
  const all = [...propagated.filter(({ key }) => !own.has(key)), ...tags, ...managed];
  if (all.length > 0) state.ecs.tags[task.arn] = all.map((tag) => ({ ...tag }));
}
