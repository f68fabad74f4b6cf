import type { PastDeployment } from "../../core/deployment/rollback.ts";
import type { RunContext } from "../run-context.ts";

/** Deployments looked back on; more than anybody goes back in one step. */
const lookBack = 50;

/**
 * The service's deployments, newest first, the one under way included, with the revision that each was to bring.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html
 */
export async function pastDeployments(
  cluster: string,
  service: string,
  { connect }: RunContext,
): Promise<readonly PastDeployment[]> {
  const { serviceDeploymentsPort } = await import("../../aws/service-deployments.ts");
  const port = connect(serviceDeploymentsPort);
  const deployments = await port.list(cluster, service, { limit: lookBack });
  const arns = deployments.flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? []);
  const revisions = await port.revisions([...new Set(arns)]);
  const byArn = new Map(
    revisions.map(({ serviceRevisionArn, taskDefinition }) => [serviceRevisionArn, taskDefinition]),
  );
  return deployments.flatMap(({ targetServiceRevisionArn, status }) => {
    const taskDefinitionArn = byArn.get(targetServiceRevisionArn);
    if (taskDefinitionArn === undefined) return [];
    const rolledBack = status === "ROLLBACK_SUCCESSFUL" ? { rolledBack: true as const } : {};
    return [{ taskDefinitionArn, succeeded: status === "SUCCESSFUL", ...rolledBack }];
  });
}
