/**
 * What has to be fetched for a task before its images are pulled: secrets, and the log streams of its containers.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 */
import type { ContainerDefinition } from "@aws-sdk/client-ecs";

import type { State } from "../world/state.ts";
import { containerDefinitions } from "./definitions.ts";
import { taskDefinition } from "./queries.ts";
import type { TaskRecord } from "./task-state.ts";

/** A reference to a Parameter Store parameter or a Secrets Manager secret. */
export interface SecretReference {
  readonly container: string;
  /** The environment variable that gets the value; null for one that only has to be readable. */
  readonly name: string | null;
  readonly valueFrom: string;
}

/** A log stream of the awslogs driver. */
export interface LogStreamReference {
  readonly container: string;
  readonly group: string;
  readonly stream: string;
  /** Null for the task's own Region. */
  readonly region: string | null;
  readonly createsGroup: boolean;
}

/** Everything to be fetched for a task. */
export interface TaskNeeds {
  readonly taskId: string;
  readonly launchType: TaskRecord["launchType"];
  readonly executionRoleArn: string | null;
  readonly secrets: readonly SecretReference[];
  readonly logs: readonly LogStreamReference[];
  /** The images to be pulled, by container; empty where containers do not run their real images. */
  readonly images: readonly { readonly container: string; readonly image: string }[];
}

/** What came of fetching them. */
export type Preparation =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly reason: string; readonly container?: string }
  /** The images can be pulled, but this container not started. */
  | { readonly type: "cannot-start"; readonly reason: string; readonly container: string };

/** What has to be fetched for a task; undefined when nothing has. */
export function needsOf(state: State, task: TaskRecord): TaskNeeds | undefined {
  const containers = [...containerDefinitions(state, task)];
  const secrets = containers.flatMap(([container, definition]) => secretsOf(container, definition));
  const logs = containers.flatMap(([container, definition]) => logStreamOf(task, container, definition));
  const images = state.images.real
    ? task.containers.map(({ name, image }) => ({ container: name, image }))
    : [];
  if (secrets.length + logs.length + images.length === 0) return undefined;
  const executionRoleArn =
    task.overrides?.executionRoleArn ??
    taskDefinition(state, task.taskDefinition)?.definition.executionRoleArn ??
    null;
  return { taskId: task.id, launchType: task.launchType, executionRoleArn, secrets, logs, images };
}

function secretsOf(container: string, definition: ContainerDefinition): SecretReference[] {
  const { secrets = [], logConfiguration, repositoryCredentials } = definition;
  const registry = repositoryCredentials?.credentialsParameter;
  return [
    ...secrets.map(({ name, valueFrom }) => ({ container, name: name ?? null, valueFrom: valueFrom ?? "" })),
    ...(logConfiguration?.secretOptions ?? []).map(({ valueFrom }) => ({
      container,
      name: null,
      valueFrom: valueFrom ?? "",
    })),
    ...(registry === undefined ? [] : [{ container, name: null, valueFrom: registry }]),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html */
function logStreamOf(
  task: TaskRecord,
  container: string,
  { logConfiguration }: ContainerDefinition,
): LogStreamReference[] {
  const { logDriver, options = {} } = logConfiguration ?? {};
  const group = options["awslogs-group"];
  if (logDriver !== "awslogs" || group === undefined) return [];
  const prefix = options["awslogs-stream-prefix"];
  const runtimeId = task.containers.find(({ name }) => name === container)?.runtimeId ?? task.id;
  return [
    {
      container,
      group,
      stream: prefix === undefined ? runtimeId : `${prefix}/${container}/${task.id}`,
      region: options["awslogs-region"] ?? null,
      createsGroup: options["awslogs-create-group"] === "true",
    },
  ];
}
