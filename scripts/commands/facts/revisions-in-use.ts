import type { Service } from "@aws-sdk/client-ecs";

import { goBackTo } from "../../core/deployment/rollback.ts";
import { revisionsOf } from "../../core/logs/places.ts";
import { pastDeployments } from "../rollout/last-deployed.ts";
import type { RunContext } from "../run-context.ts";

/** Revisions of a family that must stay. */
export interface RevisionsInUse {
  /** Names of services by the ARN of a revision that one of their deployments uses. */
  readonly usedBy: ReadonlyMap<string, readonly string[]>;
  /** Where a rollback would go, by the name of the service. */
  readonly rollbackTargets: ReadonlyMap<string, string>;
}

/**
 * Looks at every service of a cluster: which revisions of the family their deployments and task sets use, and where a
 * rollback of each of these would go.
 *
 * @throws AwsCallError when it cannot be told, so that nothing is taken for unused
 */
export async function revisionsInUse(
  cluster: string,
  family: string,
  context: RunContext,
): Promise<RevisionsInUse> {
  const { ecsServicesPort } = await import("../../aws/ecs-services.ts");
  const names = await context.connect(ecsServicesPort).list(cluster);
  const services = await context.ecs.describeServices(cluster, names);
  const usedBy = new Map<string, string[]>();
  const users: Service[] = [];
  for (const service of services) {
    const own = revisionsOf(service).filter((arn) => familyOf(arn) === family);
    if (own.length > 0) users.push(service);
    for (const arn of own) usedBy.set(arn, [...(usedBy.get(arn) ?? []), service.serviceName ?? ""]);
  }
  const targets = await Promise.all(
    users.map(async (service): Promise<readonly (readonly [string, string])[]> => {
      const { serviceName = "", taskDefinition, deploymentController } = service;
      if (deploymentController?.type === "CODE_DEPLOY") {
        const { wouldGoBackTo } = await import("../code-deploy/went-before.ts");
        const arn = await wouldGoBackTo(service, { serviceName, cluster }, context);
        return arn === undefined ? [] : [[serviceName, arn]];
      }
      // Under an external controller the task sets are all that there is to go back to.
      if (taskDefinition === undefined || (deploymentController?.type ?? "ECS") !== "ECS") return [];
      const back = goBackTo(taskDefinition, await pastDeployments(cluster, serviceName, context));
      return back.kind === "revision" ? [[serviceName, back.arn]] : [];
    }),
  );
  return { usedBy, rollbackTargets: new Map(targets.flat()) };
}

export function familyOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1, arn.lastIndexOf(":"));
}
