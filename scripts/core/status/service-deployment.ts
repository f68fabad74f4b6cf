import type { ServiceDeployment } from "@aws-sdk/client-ecs";

import { trafficOf } from "../native/deployment.ts";
import type { ServiceDeploymentStatus } from "./model.ts";
import { iso, stripped } from "./values.ts";

/** What ECS's own record tells of a deployment. */
export function serviceDeploymentStatus(one: ServiceDeployment): ServiceDeploymentStatus {
  const { deploymentCircuitBreaker: breaker, rollback, lifecycleHookDetails = [] } = one;
  return stripped({
    arn: one.serviceDeploymentArn ?? "?",
    status: one.status ?? "UNKNOWN",
    reason: one.statusReason,
    lifecycleStage: one.lifecycleStage,
    traffic: shiftsTraffic(one) ? trafficOf(one) : undefined,
    strategy: one.deploymentConfiguration?.strategy,
    startedAt: iso(one.startedAt),
    finishedAt: iso(one.finishedAt),
    rollback: rollback && stripped({ reason: rollback.reason, startedAt: iso(rollback.startedAt) }),
    awaiting: lifecycleHookDetails
      .filter(({ status }) => status === "AWAITING_ACTION")
      .map(({ hookId = "?", expiresAt }) => stripped({ hookId, expiresAt: iso(expiresAt) })),
    circuitBreaker: breaker && {
      status: breaker.status ?? "UNKNOWN",
      failures: breaker.failureCount ?? 0,
      threshold: breaker.threshold ?? 0,
    },
    triggeredAlarms: one.alarms?.triggeredAlarmNames ?? [],
  });
}

function shiftsTraffic({ targetServiceRevision }: ServiceDeployment): boolean {
  return targetServiceRevision?.requestedProductionTrafficWeight !== undefined;
}
