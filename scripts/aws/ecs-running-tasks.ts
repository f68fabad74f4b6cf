import {
  DescribeContainerInstancesCommand,
  DescribeTasksCommand,
  ECSClient,
  ExecuteCommandCommand,
  ListTasksCommand,
  RunTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";

import type { EcsRunningTasksPort } from "../core/ports/ecs-running-tasks.ts";
import { inBatches } from "./batches.ts";
import { call, type CallObserver } from "./call.ts";
import { onceOnly, type ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** DescribeTasks and DescribeContainerInstances take at most a hundred. */
const describedPerCall = 100;

/** Tasks as they run, through the AWS SDK. */
export function ecsRunningTasksPort(settings: ClientSettings, observe: CallObserver): EcsRunningTasksPort {
  const client = paced(new ECSClient(settings));
  const writer = paced(new ECSClient(onceOnly(settings)));

  const describe = async (cluster: string, tasks: readonly string[]): Promise<readonly Task[]> => {
    const answers = await inBatches(tasks, describedPerCall, (batch) =>
      call("ecs:DescribeTasks", observe, () =>
        client.send(new DescribeTasksCommand({ cluster, tasks: batch, include: ["TAGS"] })),
      ),
    );
    return answers.flatMap((answer) => answer.tasks ?? []);
  };

  return {
    describe,

    async ofService(cluster, serviceName, desiredStatus) {
      const arns: string[] = [];
      let nextToken: string | undefined;
      do {
        const answer = await call("ecs:ListTasks", observe, () =>
          client.send(
            new ListTasksCommand({
              cluster,
              serviceName,
              desiredStatus,
              ...(nextToken === undefined ? {} : { nextToken }),
            }),
          ),
        );
        arns.push(...(answer.taskArns ?? []));
        nextToken = answer.nextToken;
      } while (nextToken !== undefined);
      return describe(cluster, arns);
    },

    async hosts(cluster, arns) {
      const answers = await inBatches(arns, describedPerCall, (containerInstances) =>
        call("ecs:DescribeContainerInstances", observe, () =>
          client.send(new DescribeContainerInstancesCommand({ cluster, containerInstances })),
        ),
      );
      return answers.flatMap(({ containerInstances = [] }) => containerInstances);
    },

    async run(input) {
      const { tasks = [], failures = [] } = await call("ecs:RunTask", observe, () =>
        (input.clientToken === undefined ? writer : client).send(new RunTaskCommand(input)),
      );
      return { tasks, failures };
    },

    // A session that nobody takes up ends by itself, but opening two is never wanted.
    execute(input) {
      return call("ecs:ExecuteCommand", observe, () => writer.send(new ExecuteCommandCommand(input)));
    },
  };
}
