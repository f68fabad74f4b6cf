import type { Service, UpdateServiceRequest } from "@aws-sdk/client-ecs";

import { primaryDeployment } from "../deployment/service-changes.ts";
import { RefusedError } from "../errors.ts";
import { isNative } from "./deployment.ts";

/**
 * A service goes from ROLLING to a strategy whose traffic ECS shifts, and back, by UpdateService: while no deployment
 * is under way, and, towards such a strategy, once a rolling deployment has brought `advancedConfiguration`.
 *
 * @throws RefusedError where AWS asks for another step first, with that step
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-rolling-to-bluegreen.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-bluegreen-to-rolling.html
 */
export function refuseStrategyChange(
  service: Service,
  { deploymentConfiguration }: UpdateServiceRequest,
): void {
  const from = service.deploymentConfiguration?.strategy ?? "ROLLING";
  const to = deploymentConfiguration?.strategy ?? from;
  if (isNative(service.deploymentConfiguration) === isNative({ strategy: to })) return;
  const name = service.serviceName ?? "?";
  const change = `The template changes the strategy of service ${name} from ${from} to ${to}`;
  if (primaryDeployment(service)?.rolloutState === "IN_PROGRESS") {
    throw new RefusedError(
      `${change}, which AWS allows only while no deployment is under way. Wait for the one that is (./deploy status ${name}), or ./deploy rollback ${name}; then run this again.`,
    );
  }
  const unprepared = (service.loadBalancers ?? []).some(
    ({ advancedConfiguration }) => advancedConfiguration === undefined,
  );
  if (to === "ROLLING" || !unprepared) return;
  throw new RefusedError(
    `${change}, for which AWS asks for two deployments: first a rolling one that brings loadBalancers[].advancedConfiguration, then the strategy. Set "strategy": "ROLLING" in the template, leave advancedConfiguration in, and ./deploy update ${name}; then set it to ${to} and update again.`,
  );
}
