import {
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeTasksCommand,
  ECSClient,
  ListContainerInstancesCommand,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";

import type { EcsCapacityPort } from "../core/ports/ecs-capacity.ts";
import { inBatches } from "./batches.ts";
import { call, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** DescribeTasks and DescribeCapacityProviders take at most a hundred. */
const describedPerCall = 100;

/** Where tasks may run, through the AWS SDK. */
export function ecsCapacityPort(settings: ClientSettings, observe: CallObserver): EcsCapacityPort {
  const client = paced(new ECSClient(settings));

  return {
    async cluster(name) {
      const { clusters = [] } = await call("ecs:DescribeClusters", observe, () =>
        client.send(new DescribeClustersCommand({ clusters: [name] })),
      );
      return clusters[0];
    },

    async capacityProviders(names) {
      const answers = await inBatches(names, describedPerCall, (capacityProviders) =>
        call("ecs:DescribeCapacityProviders", observe, () =>
          client.send(new DescribeCapacityProvidersCommand({ capacityProviders })),
        ),
      );
      return answers.flatMap(({ capacityProviders = [] }) => capacityProviders);
    },

    hostsMatching(cluster, expression) {
      return allPages(async (nextToken) => {
        const answer = await call("ecs:ListContainerInstances", observe, () =>
          client.send(new ListContainerInstancesCommand({ cluster, filter: expression, ...nextToken })),
        );
        return { items: answer.containerInstanceArns ?? [], next: answer.nextToken };
      });
    },

    async tasksOnHosts(cluster) {
      const arns = await allPages(async (nextToken) => {
        const answer = await call("ecs:ListTasks", observe, () =>
          client.send(
            new ListTasksCommand({ cluster, launchType: "EC2", desiredStatus: "RUNNING", ...nextToken }),
          ),
        );
        return { items: answer.taskArns ?? [], next: answer.nextToken };
      });
      const answers = await inBatches(arns, describedPerCall, (tasks) =>
        call("ecs:DescribeTasks", observe, () => client.send(new DescribeTasksCommand({ cluster, tasks }))),
      );
      return answers.flatMap(({ tasks = [] }) => tasks);
    },
  };
}

async function allPages(
  ask: (nextToken: { nextToken?: string }) => Promise<{ items: readonly string[]; next: string | undefined }>,
): Promise<readonly string[]> {
  const items: string[] = [];
  let nextToken: { nextToken?: string } | undefined = {};
  while (nextToken !== undefined) {
    const page = await ask(nextToken);
    items.push(...page.items);
    nextToken = page.next === undefined ? undefined : { nextToken: page.next };
  }
  return items;
}
