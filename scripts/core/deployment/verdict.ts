import type { Deployment, Service } from "@aws-sdk/client-ecs";

import { primaryDeployment } from "./service-changes.ts";

/** What one look at a service says of the deployment that this run started. */
export type Verdict =
  | { readonly kind: "inProgress" }
  /** Ours failed and ECS is going back; the run waits for the end of that. */
  | { readonly kind: "rollingBack"; readonly reason: string; readonly to: Deployment }
  | { readonly kind: "completed" }
  | { readonly kind: "failed"; readonly reason: string; readonly rolledBackTo?: Deployment }
  | { readonly kind: "superseded"; readonly by: Deployment }
  /** The service was deleted under the rollout. */
  | { readonly kind: "gone"; readonly status: string };

/** What earlier looks have shown and AWS may no longer list. */
export interface WatchMemory {
  readonly failureReason?: string;
  /** Looks since the failure in which ECS has not begun to go back. */
  readonly looksWithoutRollback: number;
}

export const freshMemory: WatchMemory = { looksWithoutRollback: 0 };

/** ECS marks the failure first and starts the rollback a scheduler tick later: looks to allow for that. */
const looksForRollbackToStart = 30;

/**
 * Judges by the id of our own deployment, never by the service as a whole: a service is as steady after a rollback as
 * after a success.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function judge(
  service: Service | undefined,
  deploymentId: string,
  memory: WatchMemory,
): { verdict: Verdict; memory: WatchMemory } {
  if (service === undefined || service.status !== "ACTIVE") {
    return { verdict: { kind: "gone", status: service?.status ?? "MISSING" }, memory };
  }
  const ours = service.deployments?.find(({ id }) => id === deploymentId);
  const primary = primaryDeployment(service);
  const failureReason = memory.failureReason ?? failureOf(ours) ?? failureEvent(service, deploymentId);

  if (failureReason !== undefined) return judgeFailure(service, ours, primary, failureReason, memory);
  if (ours !== undefined && ours.id === primary?.id) {
    return { verdict: { kind: hasCompleted(service, ours) ? "completed" : "inProgress" }, memory };
  }
  // No primary is a moment between two answers of AWS, not a verdict.
  if (primary === undefined) return { verdict: { kind: "inProgress" }, memory };
  return { verdict: { kind: "superseded", by: primary }, memory };
}

function judgeFailure(
  service: Service,
  ours: Deployment | undefined,
  primary: Deployment | undefined,
  reason: string,
  memory: WatchMemory,
): { verdict: Verdict; memory: WatchMemory } {
  const failed = { ...memory, failureReason: reason };
  if (primary !== undefined && primary.id !== ours?.id) {
    const verdict: Verdict = hasCompleted(service, primary)
      ? { kind: "failed", reason, rolledBackTo: primary }
      : { kind: "rollingBack", reason, to: primary };
    return { verdict, memory: failed };
  }
  const willRollBack = service.deploymentConfiguration?.deploymentCircuitBreaker?.rollback === true;
  const hasEarlier = (service.deployments ?? []).some(({ id }) => id !== ours?.id);
  const looksWithoutRollback = memory.looksWithoutRollback + 1;
  const stillExpected = willRollBack && hasEarlier && looksWithoutRollback < looksForRollbackToStart;
  return {
    verdict: stillExpected ? { kind: "inProgress" } : { kind: "failed", reason },
    memory: { ...failed, looksWithoutRollback },
  };
}

function failureOf(deployment: Deployment | undefined): string | undefined {
  if (deployment?.rolloutState !== "FAILED") return undefined;
  return deployment.rolloutStateReason ?? "ECS gave no reason.";
}

/** A failed deployment may be gone from the list before we look; its event stays. */
function failureEvent(service: Service, deploymentId: string): string | undefined {
  const marker = `(deployment ${deploymentId}) deployment failed`;
  return service.events?.find(({ message }) => message?.includes(marker) === true)?.message;
}

/**
 * ECS says COMPLETED when the old tasks are gone; the counts guard against a desired count that has just been
 * changed on a deployment that had completed before.
 */
function hasCompleted(service: Service, deployment: Deployment): boolean {
  const running = deployment.runningCount ?? 0;
  const pending = deployment.pendingCount ?? 0;
  if (running !== (deployment.desiredCount ?? 0) || pending > 0) return false;
  if (deployment.rolloutState !== undefined) return deployment.rolloutState === "COMPLETED";
  return service.deployments?.length === 1;
}
