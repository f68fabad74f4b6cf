import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
} from "@aws-sdk/client-ecs";

import type { RegisteredRevision } from "../core/deployment/task-definition.ts";
import type { TaskDefinitionsPort } from "../core/ports/task-definitions.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** ListTaskDefinitions gives at most so many a page. */
const perPage = 100;

/** The revisions of a family through the AWS SDK. */
export function taskDefinitionsPort(settings: ClientSettings, observe: CallObserver): TaskDefinitionsPort {
  const client = paced(new ECSClient(settings));

  return {
    async active(family, limit = Infinity) {
      const found: string[] = [];
      let nextToken: string | undefined;
      do {
        const answer = await call("ecs:ListTaskDefinitions", observe, () =>
          client.send(
            new ListTaskDefinitionsCommand({
              familyPrefix: family,
              status: "ACTIVE",
              sort: "DESC",
              maxResults: Math.min(perPage, limit),
              ...(nextToken === undefined ? {} : { nextToken }),
            }),
          ),
        );
        // The prefix of a family is, in the API's words, the full family name; a longer one is another's.
        found.push(...(answer.taskDefinitionArns ?? []).filter((arn) => familyOf(arn) === family));
        nextToken = answer.nextToken;
      } while (nextToken !== undefined && found.length < limit);
      return found.slice(0, limit);
    },

    async describe(arns) {
      const found = await Promise.all(
        arns.map(async (taskDefinition): Promise<RegisteredRevision[]> => {
          try {
            const answer = await call("ecs:DescribeTaskDefinition", observe, () =>
              client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ["TAGS"] })),
            );
            const { tags = [] } = answer;
            return answer.taskDefinition === undefined
              ? []
              : [{ taskDefinition: answer.taskDefinition, tags }];
          } catch (error) {
            if (isAwsError(error, "ClientException")) return [];
            throw error;
          }
        }),
      );
      return found.flat();
    },

    async deregister(taskDefinition) {
      try {
        await call("ecs:DeregisterTaskDefinition", observe, () =>
          client.send(new DeregisterTaskDefinitionCommand({ taskDefinition })),
        );
      } catch (error) {
        // A second try, or somebody else's first, finds it inactive, which is what was wanted.
        if (!isAwsError(error, "ClientException") || !/inactive/i.test(error.message)) throw error;
      }
    },
  };
}

function familyOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1, arn.lastIndexOf(":"));
}
