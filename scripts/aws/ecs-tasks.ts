import {
  DescribeContainerInstancesCommand,
  DescribeServiceDeploymentsCommand,
  DescribeTasksCommand,
  ECSClient,
  ListContainerInstancesCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type DesiredStatus,
} from "@aws-sdk/client-ecs";

import type { EcsTasksPort } from "../core/ports/ecs-tasks.ts";
import { inBatches } from "./batches.ts";
import { call, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** DescribeTasks and DescribeContainerInstances take at most a hundred. */
const describedPerCall = 100;

/** Tasks, hosts and service deployments through the AWS SDK. */
export function ecsTasksPort(settings: ClientSettings, observe: CallObserver): EcsTasksPort {
  const client = paced(new ECSClient(settings));

  const taskArns = (
    cluster: string,
    startedBy: string,
    desiredStatus: DesiredStatus,
    limit: number,
  ): Promise<string[]> =>
    allPages(limit, async (nextToken) => {
      const answer = await call("ecs:ListTasks", observe, () =>
        client.send(new ListTasksCommand({ cluster, startedBy, desiredStatus, ...nextToken })),
      );
      return { items: answer.taskArns ?? [], next: answer.nextToken };
    });

  return {
    async tasksOf(cluster, deploymentId, limit) {
      const arns = await Promise.all([
        taskArns(cluster, deploymentId, "RUNNING", limit),
        taskArns(cluster, deploymentId, "STOPPED", limit),
      ]);
      const answers = await inBatches(arns.flat(), describedPerCall, (tasks) =>
        call("ecs:DescribeTasks", observe, () => client.send(new DescribeTasksCommand({ cluster, tasks }))),
      );
      return answers.flatMap(({ tasks = [] }) => tasks);
    },

    async hosts(cluster, limit) {
      const arns = await allPages(limit, async (nextToken) => {
        const answer = await call("ecs:ListContainerInstances", observe, () =>
          client.send(new ListContainerInstancesCommand({ cluster, ...nextToken })),
        );
        return { items: answer.containerInstanceArns ?? [], next: answer.nextToken };
      });
      const answers = await inBatches(arns, describedPerCall, (containerInstances) =>
        call("ecs:DescribeContainerInstances", observe, () =>
          client.send(new DescribeContainerInstancesCommand({ cluster, containerInstances })),
        ),
      );
      return answers.flatMap(({ containerInstances = [] }) => containerInstances);
    },

    async serviceDeployment(cluster, service, deploymentId) {
      const { serviceDeployments = [] } = await call("ecs:ListServiceDeployments", observe, () =>
        client.send(new ListServiceDeploymentsCommand({ cluster, service, maxResults: 20 })),
      );
      // A deployment `ecs-svc/N` brings the service revision `…/SERVICE/N`.
      const number = deploymentId.slice(deploymentId.lastIndexOf("/"));
      const arn = serviceDeployments.find(({ targetServiceRevisionArn }) =>
        targetServiceRevisionArn?.endsWith(number),
      )?.serviceDeploymentArn;
      if (arn === undefined) return undefined;
      const described = await call("ecs:DescribeServiceDeployments", observe, () =>
        client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] })),
      );
      return described.serviceDeployments?.[0];
    },
  };
}

/** The first `limit` items of a list, page after page. */
async function allPages(
  limit: number,
  ask: (nextToken: { nextToken?: string }) => Promise<{ items: readonly string[]; next: string | undefined }>,
): Promise<string[]> {
  const items: string[] = [];
  let nextToken: { nextToken?: string } | undefined = {};
  while (nextToken !== undefined && items.length < limit) {
    const page = await ask(nextToken);
    items.push(...page.items);
    nextToken = page.next === undefined ? undefined : { nextToken: page.next };
  }
  return items.slice(0, limit);
}
