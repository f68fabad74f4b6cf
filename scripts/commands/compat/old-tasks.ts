import type { Service } from "@aws-sdk/client-ecs";

import { primaryDeployment } from "../../core/deployment/service-changes.ts";
import type { EcsPort } from "../../core/ports.ts";

/**
 * ECS as `--skip-deployments-check` wants it looked at: the deployment that this run starts counts as completed once
 * all of its tasks run, while the old ones may still drain.
 */
export function withoutOldTasks(ecs: EcsPort): EcsPort {
  const started = new Set<string>();
  return {
    ...ecs,
    async updateService(input) {
      const service = await ecs.updateService(input);
      const id = primaryDeployment(service)?.id;
      const begins = input.taskDefinition !== undefined || input.forceNewDeployment === true;
      if (id !== undefined && begins) started.add(id);
      return service;
    },
    async describeServices(cluster, names) {
      const services = await ecs.describeServices(cluster, names);
      return services.map((service) => asCompleted(service, started));
    },
  };
}

function asCompleted(service: Service, started: ReadonlySet<string>): Service {
  const deployments = service.deployments?.map((deployment) => {
    const {
      id = "",
      status,
      rolloutState,
      desiredCount = 0,
      runningCount = 0,
      pendingCount = 0,
    } = deployment;
    const ours = started.has(id) && status === "PRIMARY" && rolloutState === "IN_PROGRESS";
    const runs = desiredCount === service.desiredCount && runningCount >= desiredCount && pendingCount === 0;
    return ours && runs ? { ...deployment, rolloutState: "COMPLETED" as const } : deployment;
  });
  return deployments === undefined ? service : { ...service, deployments };
}
