import { DeleteServiceCommand, ECSClient, ListServicesCommand } from "@aws-sdk/client-ecs";

import type { EcsServicesPort } from "../core/ports/ecs-services.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** ListServices gives ten a page unless it is asked for more; this is the most. */
const perPage = 100;

/** The services of a cluster through the AWS SDK. */
export function ecsServicesPort(settings: ClientSettings, observe: CallObserver): EcsServicesPort {
  const client = paced(new ECSClient(settings));

  return {
    async list(cluster) {
      const arns: string[] = [];
      let nextToken: string | undefined;
      do {
        const answer = await call("ecs:ListServices", observe, () =>
          client.send(
            new ListServicesCommand({
              cluster,
              maxResults: perPage,
              ...(nextToken === undefined ? {} : { nextToken }),
            }),
          ),
        );
        arns.push(...(answer.serviceArns ?? []));
        nextToken = answer.nextToken;
      } while (nextToken !== undefined);
      return arns.map((arn) => arn.slice(arn.lastIndexOf("/") + 1)).sort();
    },

    // Deleting what is being deleted does nothing, so it may be tried again.
    async delete(cluster, service) {
      try {
        const answer = await call("ecs:DeleteService", observe, () =>
          client.send(new DeleteServiceCommand({ cluster, service, force: true })),
        );
        return answer.service;
      } catch (error) {
        if (isAwsError(error, "ServiceNotFoundException") || isAwsError(error, "ServiceNotActiveException")) {
          return undefined;
        }
        throw error;
      }
    },
  };
}
