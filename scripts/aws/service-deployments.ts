import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  type ServiceDeploymentBrief,
} from "@aws-sdk/client-ecs";

import type { ServiceDeploymentsPort } from "../core/ports/service-deployments.ts";
import { inBatches } from "./batches.ts";
import { call, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** ListServiceDeployments gives at most so many a page. */
const perPage = 100;

/** DescribeServiceDeployments and DescribeServiceRevisions take at most so many ARNs. */
const describedPerCall = 20;

/** ECS's record of deployments through the AWS SDK. */
export function serviceDeploymentsPort(
  settings: ClientSettings,
  observe: CallObserver,
): ServiceDeploymentsPort {
  const client = paced(new ECSClient(settings));

  return {
    async list(cluster, service, { status, createdAfter, createdBefore, limit = Infinity } = {}) {
      const found: ServiceDeploymentBrief[] = [];
      let nextToken: string | undefined;
      const createdAt = {
        ...(createdAfter === undefined ? {} : { after: createdAfter }),
        ...(createdBefore === undefined ? {} : { before: createdBefore }),
      };
      do {
        const answer = await call("ecs:ListServiceDeployments", observe, () =>
          client.send(
            new ListServiceDeploymentsCommand({
              cluster,
              service,
              maxResults: Math.min(perPage, limit),
              ...(status === undefined ? {} : { status: [...status] }),
              ...(Object.keys(createdAt).length === 0 ? {} : { createdAt }),
              ...(nextToken === undefined ? {} : { nextToken }),
            }),
          ),
        );
        found.push(...(answer.serviceDeployments ?? []));
        nextToken = answer.nextToken;
      } while (nextToken !== undefined && found.length < limit);
      return found
        .sort((left, right) => (right.createdAt?.getTime() ?? 0) - (left.createdAt?.getTime() ?? 0))
        .slice(0, limit);
    },

    async describe(arns) {
      const answers = await inBatches(arns, describedPerCall, (serviceDeploymentArns) =>
        call("ecs:DescribeServiceDeployments", observe, () =>
          client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns })),
        ),
      );
      const found = answers.flatMap(({ serviceDeployments = [] }) => serviceDeployments);
      return arns.flatMap((arn) => found.find((one) => one.serviceDeploymentArn === arn) ?? []);
    },

    async stop(serviceDeploymentArn) {
      await call("ecs:StopServiceDeployment", observe, () =>
        client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" })),
      );
    },

    async continue(serviceDeploymentArn, hookId) {
      await call("ecs:ContinueServiceDeployment", observe, () =>
        client.send(
          new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action: "CONTINUE" }),
        ),
      );
    },

    async revisions(arns) {
      const answers = await inBatches(arns, describedPerCall, (serviceRevisionArns) =>
        call("ecs:DescribeServiceRevisions", observe, () =>
          client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns })),
        ),
      );
      const found = answers.flatMap(({ serviceRevisions = [] }) => serviceRevisions);
      return arns.flatMap((arn) => found.find((one) => one.serviceRevisionArn === arn) ?? []);
    },
  };
}
