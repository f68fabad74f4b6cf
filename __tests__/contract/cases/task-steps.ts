import {
  DescribeTasksCommand,
  ListContainerInstancesCommand,
  RunTaskCommand,
  StopTaskCommand,
  type RunTaskCommandInput,
  type Task,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import type { Context } from "../suite/context.ts";

export async function run(context: Context, over: Partial<RunTaskCommandInput> = {}): Promise<Task> {
  const cluster = await context.cluster();
  const { tasks, failures } = await context.ecs.send(
    new RunTaskCommand({ cluster, taskDefinition: await context.register(), ...over }),
  );
  expect(failures).toEqual([]);
  const task = given(tasks?.[0]);
  context.afterwards(() => context.ecs.send(new StopTaskCommand({ cluster, task: task.taskArn })));
  return task;
}

export async function taskUntil(context: Context, task: Task, lastStatus: string): Promise<Task> {
  const cluster = await context.cluster();
  const arn = given(task.taskArn);
  return context.until(
    async () =>
      given((await context.ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }))).tasks?.[0]),
    (found) => found.lastStatus === lastStatus,
  );
}

export async function hostArns(context: Context): Promise<string[]> {
  const cluster = await context.cluster();
  const answer = await context.ecs.send(new ListContainerInstancesCommand({ cluster }));
  return answer.containerInstanceArns ?? [];
}

export const hostsOfOthers = "on AWS it would change hosts that belong to somebody";
