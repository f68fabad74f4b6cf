import type { ServiceDeployment, ServiceRevision } from "@aws-sdk/client-ecs";

import { revisionName } from "../deployment/task-definition.ts";
import { iso, stripped } from "../status/values.ts";
import { deploymentIdOf, isOpen, trafficOf, waitingHooks, type Traffic } from "./deployment.ts";

/** One of a service's deployments, as ECS remembers it; times are ISO 8601. */
export interface ListedDeployment {
  /** As in `ecs-svc/N`. */
  readonly id: string;
  readonly arn: string;
  /** `family:revision`. */
  readonly revision: string;
  readonly images: readonly string[];
  readonly strategy: string;
  /** In AWS's words. */
  readonly status: string;
  readonly reason?: string;
  /** Of one that is under way. */
  readonly stage?: string;
  readonly waitsForApproval?: true;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** The new revision's shares of the traffic, in per cent, while it is under way. */
  readonly traffic?: Traffic;
}

/** @param revisions those that the deployments bring, in any order */
export function listDeployments(
  deployments: readonly ServiceDeployment[],
  revisions: readonly ServiceRevision[],
): readonly ListedDeployment[] {
  const byArn = new Map(revisions.map((revision) => [revision.serviceRevisionArn, revision]));
  return deployments.map((one) => {
    const arn = one.targetServiceRevision?.arn;
    const revision = byArn.get(arn);
    const traffic = trafficOf(one);
    return stripped({
      id: arn === undefined ? "?" : deploymentIdOf(arn),
      arn: one.serviceDeploymentArn ?? "?",
      revision: revisionName(revision?.taskDefinition ?? "?"),
      images: (revision?.containerImages ?? []).flatMap(({ image }) => image ?? []),
      strategy: one.deploymentConfiguration?.strategy ?? "ROLLING",
      status: one.status ?? "UNKNOWN",
      reason: one.statusReason,
      stage: isOpen(one) ? one.lifecycleStage : undefined,
      waitsForApproval: waitingHooks(one).length > 0 ? (true as const) : undefined,
      startedAt: iso(one.startedAt ?? one.createdAt),
      finishedAt: iso(one.finishedAt),
      traffic: isOpen(one) && traffic.production !== undefined ? traffic : undefined,
    });
  });
}
