import type { Service } from "@aws-sdk/client-ecs";

import type { DeployOptions } from "../command-line/parse.ts";
import { UsageError } from "../errors.ts";

/**
 * Refuses `--rollback` and `--no-rollback` where ECS itself deploys the service: a restart brings no other revision, so
 * that the run has nothing to put back.
 *
 * @throws UsageError
 */
export function refuseRestartOptions(
  { serviceName = "?", deploymentController }: Service,
  { rollbackGiven }: DeployOptions,
): void {
  if (rollbackGiven === undefined || deploymentController?.type === "CODE_DEPLOY") return;
  throw new UsageError(
    `--${rollbackGiven} of ./deploy restart is for services that CodeDeploy deploys, and ${serviceName} is none: the revision stays the same, so a restart that fails is left as it stands, unless the service's own circuit breaker or alarms have ECS roll it back. Leave it out. Nothing was changed.`,
  );
}
