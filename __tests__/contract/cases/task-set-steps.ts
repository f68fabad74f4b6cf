import {
  CreateTaskSetCommand,
  type CreateTaskSetCommandInput,
  type Service,
  type TaskSet,
} from "@aws-sdk/client-ecs";

import { given } from "../suite/clients.ts";
import type { Context } from "../suite/context.ts";

/** A service as the operations on task sets name it. */
export const named = ({ clusterArn, serviceName }: Service) => ({
  cluster: clusterArn,
  service: serviceName,
});

/** Makes a task set of a service under controller EXTERNAL. */
export async function taskSet(
  context: Context,
  service: Service,
  over: Partial<CreateTaskSetCommandInput> = {},
): Promise<TaskSet> {
  const created = await context.ecs.send(
    new CreateTaskSetCommand({
      ...named(service),
      taskDefinition: over.taskDefinition ?? (await context.register()),
      launchType: "EC2",
      ...over,
    }),
  );
  return given(created.taskSet);
}
