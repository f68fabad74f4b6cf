import type {
  DescribeTasksCommandInput,
  Failure,
  ListTasksCommandInput,
  StopTaskCommandInput,
  Task,
} from "@aws-sdk/client-ecs";

import { requestStop } from "../lifecycle.ts";
import type { TaskRecord } from "../task-state.ts";
import { findCluster, nameOf, page, type Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";
import { presentTask } from "./present-task.ts";

function tasksOf(call: Call, cluster: string | undefined): TaskRecord[] {
  const { name } = findCluster(call, cluster);
  return Object.values(call.state.ecs.tasks).filter(({ clusterName }) => clusterName === name);
}

/** Lists ARNs of tasks by desired status (RUNNING unless asked), service, family, host, launch type, startedBy. */
export function listTasks(
  call: Call,
  input: ListTasksCommandInput,
): { taskArns: string[]; nextToken: string | undefined } {
  const status = input.desiredStatus ?? "RUNNING";
  const fits = (value: string | undefined, own: string | null) => value === undefined || value === own;
  const matching = tasksOf(call, input.cluster).filter(
    (task) =>
      task.desiredStatus === status &&
      fits(input.serviceName && `service:${nameOf(input.serviceName)}`, task.group) &&
      fits(input.startedBy, task.startedBy) &&
      fits(input.launchType, task.launchType) &&
      fits(input.containerInstance && nameOf(input.containerInstance), task.hostId) &&
      fits(input.family, nameOf(task.taskDefinition).split(":")[0] ?? ""),
  );
  const { items, nextToken } = page(matching, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 100,
  });
  return { taskArns: items.map(({ arn }) => arn), nextToken };
}

/** Describes up to 100 tasks; stopped ones for an hour. */
export function describeTasks(
  call: Call,
  input: DescribeTasksCommandInput,
): { tasks: Task[]; failures: Failure[] } {
  const ids = (input.tasks ?? []).map(nameOf);
  if (ids.length === 0) throw invalidParameter("Tasks cannot be empty.");
  if (ids.length > 100) throw invalidParameter("Members must have length less than or equal to 100");
  const cluster = findCluster(call, input.cluster);
  const { state } = call;
  const arnOf = (id: string) => `arn:aws:ecs:${state.region}:${state.account}:task/${cluster.name}/${id}`;
  const tags = input.include?.includes("TAGS") ?? false;
  const found = ids.map((id) => state.ecs.tasks[arnOf(id)]).filter((task) => task !== undefined);
  return {
    tasks: found.map((task) => presentTask(call, task, tags)),
    failures: ids
      .filter((id) => !state.ecs.tasks[arnOf(id)])
      .map((id) => ({ arn: arnOf(id), reason: "MISSING" })),
  };
}

/** Stops a task; the scheduler of its service starts another. */
export function stopTask(call: Call, input: StopTaskCommandInput): { task: Task } {
  const id = nameOf(input.task ?? "");
  const task = tasksOf(call, input.cluster).find((candidate) => candidate.id === id);
  if (!task) throw invalidParameter("The referenced task was not found.");
  requestStop(call, task, "UserInitiated", input.reason ?? "Task stopped by user");
  return { task: presentTask(call, task, false) };
}
