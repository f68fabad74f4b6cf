import { isUnderWay } from "../../core/code-deploy/model.ts";
import { codeDeployStatus, type CodeDeployStatus } from "../../core/code-deploy/status.ts";
import type { RunContext } from "../run-context.ts";
import { codeDeployOf, findGroup, newest, type ServiceInCluster } from "./facts.ts";

/** The newest, and where that is a rollback, the one that it rolls back. */
const looksAt = 2;

/**
 * What CodeDeploy does with a service now, or did last; undefined where no group deploys it, or none ever did.
 *
 * @throws AwsCallError
 */
export async function statusByCodeDeploy(
  service: ServiceInCluster,
  context: RunContext,
): Promise<CodeDeployStatus | undefined> {
  const port = await codeDeployOf(context);
  const found = await findGroup(service, port, context);
  if (found === undefined) return undefined;
  const deployments = await newest(found, port, { limit: looksAt });
  const [last] = deployments;
  const target = last !== undefined && isUnderWay(last.info) ? await port.target(last.id) : undefined;
  return codeDeployStatus(found, deployments, target);
}
