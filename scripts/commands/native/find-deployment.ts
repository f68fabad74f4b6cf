import type { ServiceDeployment } from "@aws-sdk/client-ecs";

import { isOf, openStatuses } from "../../core/native/deployment.ts";
import type { ServiceDeploymentsPort } from "../../core/ports/service-deployments.ts";
import type { RunContext } from "../run-context.ts";

/** ECS's record of deployments, for this run. */
export async function deploymentsPort({
  connect,
}: Pick<RunContext, "connect">): Promise<ServiceDeploymentsPort> {
  const { serviceDeploymentsPort } = await import("../../aws/service-deployments.ts");
  return connect(serviceDeploymentsPort);
}

/** Newer deployments than ours that may have come about by the time that we look. */
const lookBack = 20;

/**
 * ARN of the record of deployment `ecs-svc/N`; undefined where ECS does not list it, or not yet.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html
 */
export async function arnOfDeployment(
  { cluster, service, deploymentId }: { cluster: string; service: string; deploymentId: string },
  deployments: ServiceDeploymentsPort,
): Promise<string | undefined> {
  const listed = await deployments.list(cluster, service, { limit: lookBack });
  return listed.find(({ targetServiceRevisionArn }) => isOf(deploymentId, targetServiceRevisionArn))
    ?.serviceDeploymentArn;
}

/** The service's deployment that has not ended, in full; undefined where there is none. */
export async function openDeployment(
  cluster: string,
  service: string,
  deployments: ServiceDeploymentsPort,
): Promise<ServiceDeployment | undefined> {
  const [newest] = await deployments.list(cluster, service, { status: openStatuses, limit: 1 });
  const arn = newest?.serviceDeploymentArn;
  return arn === undefined ? undefined : (await deployments.describe([arn]))[0];
}
