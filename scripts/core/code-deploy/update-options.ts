import type { DeployOptions } from "../command-line/parse.ts";
import { RefusedError, UsageError } from "../errors.ts";
import type { KnownDeployment } from "./model.ts";

/**
 * Refuses what means nothing at the create of a service under CODE_DEPLOY: its first tasks come without a deployment
 * of CodeDeploy.
 *
 * @throws UsageError
 */
export function refuseCreateOptions(serviceName: string, { waitUntil }: DeployOptions): void {
  if (waitUntil === "stable") return;
  throw new UsageError(
    `--wait-until ${waitUntil} is for deployments that move traffic, and ./deploy create of service ${serviceName} begins none: CodeDeploy deploys from the first ./deploy update on. Leave it out. Nothing was changed.`,
  );
}

/**
 * Refuses another configuration than that of the deployment which is under way and would only be waited for.
 *
 * @throws RefusedError
 */
export function refuseOtherConfig(
  serviceName: string,
  wanted: string | undefined,
  { id, info: { deploymentConfigName: has } }: Pick<KnownDeployment, "id" | "info">,
): void {
  if (wanted === undefined || has === undefined || wanted === has) return;
  throw new RefusedError(
    `Deployment ${id} of just this version is under way for service ${serviceName} with deployment configuration ${has}, and CodeDeploy changes it to ${wanted} for none that has begun. Leave --deployment-config out to wait for it, or ./deploy rollback ${serviceName} and run this again.`,
  );
}
