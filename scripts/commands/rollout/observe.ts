import type { Service } from "@aws-sdk/client-ecs";

import type { Observed } from "../../core/deployment/plan.ts";
import type { EcsPort } from "../../core/ports.ts";

/** What a plan needs to know of one service before it is made. */
export type ObservedService = Observed;

interface Target {
  readonly serviceName: string;
  readonly cluster: string;
  readonly family?: string;
}

/**
 * Looks at the services and the families that a run is about: one DescribeServices a cluster and ten services, and
 * the running and the newest revision of each.
 *
 * @returns in the order of `targets`
 */
export async function observe(ecs: EcsPort, targets: readonly Target[]): Promise<readonly ObservedService[]> {
  const clusters = [...new Set(targets.map(({ cluster }) => cluster))];
  const services = new Map<string, Service>();
  await Promise.all(
    clusters.map(async (cluster) => {
      const names = targets
        .filter((target) => target.cluster === cluster)
        .map(({ serviceName }) => serviceName);
      for (const service of await ecs.describeServices(cluster, names)) {
        services.set(`${cluster}/${service.serviceName ?? ""}`, service);
      }
    }),
  );
  return Promise.all(
    targets.map((target) => observeOne(ecs, target, services.get(`${target.cluster}/${target.serviceName}`))),
  );
}

async function observeOne(
  ecs: EcsPort,
  { family }: Target,
  service: Service | undefined,
): Promise<ObservedService> {
  const currentArn = service?.taskDefinition;
  const latestRevision = family === undefined ? undefined : await ecs.describeTaskDefinition(family);
  const currentIsLatest = latestRevision?.taskDefinition.taskDefinitionArn === currentArn;
  const currentRevision =
    currentArn === undefined || currentIsLatest
      ? latestRevision
      : await ecs.describeTaskDefinition(currentArn);
  return {
    ...(service === undefined ? {} : { service }),
    ...(currentArn === undefined || currentRevision === undefined ? {} : { currentRevision }),
    ...(latestRevision === undefined ? {} : { latestRevision }),
  };
}
