import {
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type Service,
} from "@aws-sdk/client-ecs";

import { AwsCallError, RefusedError } from "../core/errors.ts";
import type { EcsPort } from "../core/ports.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import { inBatches } from "./batches.ts";
import { onceOnly, type ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** DescribeServices takes at most ten names. */
const servicesPerCall = 10;

/** Amazon ECS through the AWS SDK. */
export function ecsPort(settings: ClientSettings, observe: CallObserver): EcsPort {
  const client = paced(new ECSClient(settings));
  const writer = paced(new ECSClient(onceOnly(settings)));

  return {
    async describeServices(cluster, names) {
      const answers = await inBatches(names, servicesPerCall, async (services) => {
        try {
          return await call("ecs:DescribeServices", observe, () =>
            client.send(new DescribeServicesCommand({ cluster, services, include: ["TAGS"] })),
          );
        } catch (error) {
          if (!isAwsError(error, "ClusterNotFoundException")) throw error;
          throw new RefusedError(
            `Cluster ${cluster} does not exist in ${await client.config.region()}. Make it with npx cdktf deploy, or name another with --cluster, --env or --region.`,
            { cause: error },
          );
        }
      });
      return answers.flatMap(({ services }) => services ?? []);
    },

    async describeTaskDefinition(reference) {
      try {
        const { taskDefinition, tags } = await call("ecs:DescribeTaskDefinition", observe, () =>
          client.send(new DescribeTaskDefinitionCommand({ taskDefinition: reference, include: ["TAGS"] })),
        );
        return taskDefinition === undefined ? undefined : { taskDefinition, tags: tags ?? [] };
      } catch (error) {
        // AWS answers a family without an active revision with this very general error.
        if (isAwsError(error, "ClientException")) return undefined;
        throw error;
      }
    },

    async registerTaskDefinition(input) {
      const { taskDefinition } = await call("ecs:RegisterTaskDefinition", observe, () =>
        writer.send(new RegisterTaskDefinitionCommand(input)),
      );
      return present(taskDefinition, "ecs:RegisterTaskDefinition", "task definition");
    },

    // Its client token makes it safe to try again.
    async createService(input) {
      const { service } = await call("ecs:CreateService", observe, () =>
        client.send(new CreateServiceCommand(input)),
      );
      return present<Service>(service, "ecs:CreateService", "service");
    },

    async updateService(input) {
      const { service } = await call("ecs:UpdateService", observe, () =>
        writer.send(new UpdateServiceCommand(input)),
      );
      return present<Service>(service, "ecs:UpdateService", "service");
    },

    async stoppedTasks(cluster, deploymentId, limit) {
      const { taskArns = [] } = await call("ecs:ListTasks", observe, () =>
        client.send(
          new ListTasksCommand({
            cluster,
            startedBy: deploymentId,
            desiredStatus: "STOPPED",
            maxResults: limit,
          }),
        ),
      );
      if (taskArns.length === 0) return [];
      const { tasks = [] } = await call("ecs:DescribeTasks", observe, () =>
        client.send(new DescribeTasksCommand({ cluster, tasks: taskArns })),
      );
      return tasks.sort(
        (left, right) => (right.stoppedAt?.getTime() ?? 0) - (left.stoppedAt?.getTime() ?? 0),
      );
    },
  };
}

function present<Value>(value: Value | undefined, operation: string, what: string): Value {
  if (value === undefined)
    throw new AwsCallError("EmptyAnswer", `${operation}: AWS answered without a ${what}.`);
  return value;
}
