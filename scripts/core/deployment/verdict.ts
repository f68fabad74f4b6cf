import type { Deployment, Service } from "@aws-sdk/client-ecs";

import { primaryDeployment } from "./service-changes.ts";

/** What one look at a service says of the deployment that this run started. */
export type Verdict =
  | { readonly kind: "inProgress" }
  /** Ours failed and ECS is going back; the run waits for the end of that. */
  | { readonly kind: "rollingBack"; readonly reason: string; readonly to: Deployment }
  | { readonly kind: "completed" }
  | { readonly kind: "failed"; readonly reason: string; readonly rolledBackTo?: Deployment }
  /** ECS has no circuit breaker to call it a failure and would try for ever. */
  | { readonly kind: "hopeless"; readonly reason: string }
  | { readonly kind: "superseded"; readonly by: Deployment }
  /** The service was deleted under the rollout. */
  | { readonly kind: "gone"; readonly status: string };

/** What earlier looks have shown and AWS may no longer list. */
export interface WatchMemory {
  readonly failureReason?: string;
  /** When the failure was first seen; milliseconds of the run's clock. */
  readonly failedSinceMs?: number;
  /** Since when no look has shown our deployment: AWS's reads lag behind its writes. */
  readonly unseenSinceMs?: number;
}

const freshMemory: WatchMemory = {};

/** The memory of a watch over a deployment that AWS has just been told to start. */
export function unseen(nowMs: number): WatchMemory {
  return { unseenSinceMs: nowMs };
}

/** What is watched: our deployment, and those that were there before it. */
export interface Watched {
  readonly deploymentId: string;
  /** Ids of the deployments that the service had when ours began: going back to one is no other run's doing. */
  readonly earlierDeployments: ReadonlySet<string>;
  /** Ids of the events that its log had then. */
  readonly earlierEvents: ReadonlySet<string>;
}

/** ECS marks the failure first and starts the rollback a scheduler tick later: time to allow for that. */
const rollbackStartsWithinMs = 60_000;

/** A deployment that AWS has just answered with may be missing from its lists for so long. */
const listedWithinMs = 30_000;

/**
 * Judges by the id of our own deployment, never by the service as a whole: a service is as steady after a rollback as
 * after a success.
 *
 * @param nowMs of the run's clock
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function judge(
  service: Service | undefined,
  watched: Watched,
  memory: WatchMemory,
  nowMs: number,
): { verdict: Verdict; memory: WatchMemory } {
  const { deploymentId, earlierDeployments } = watched;
  const mayLag = (sinceMs: number | undefined): boolean =>
    sinceMs !== undefined && nowMs - sinceMs < listedWithinMs;
  if (service === undefined || service.status !== "ACTIVE") {
    const status = service?.status ?? "MISSING";
    // A service that was just created may be answered as it was before: not at all, or as the deleted one of its name.
    const isNew = status !== "DRAINING" && mayLag(memory.unseenSinceMs);
    return { verdict: isNew ? { kind: "inProgress" } : { kind: "gone", status }, memory };
  }
  const ours = service.deployments?.find(({ id }) => id === deploymentId);
  const primary = primaryDeployment(service);
  const wentBack =
    primary?.id !== undefined && primary.id !== deploymentId && earlierDeployments.has(primary.id);
  const knownReason = memory.failureReason ?? failureOf(ours) ?? failureEvent(service, deploymentId);
  const hadCompleted = completedEvent(service, watched);
  if (ours === undefined && knownReason === undefined && !hadCompleted) {
    // One look may be older than the one before it; going back would show as a rollout of the old deployment.
    const firstNow = wentBack && primary.rolloutState !== "IN_PROGRESS" ? nowMs : undefined;
    const unseenSinceMs = memory.unseenSinceMs ?? firstNow;
    if (unseenSinceMs !== undefined && mayLag(unseenSinceMs)) {
      return { verdict: { kind: "inProgress" }, memory: { ...memory, unseenSinceMs } };
    }
  }
  const reason = knownReason ?? (wentBack ? "ECS went back to the deployment before it." : undefined);

  if (reason !== undefined) return judgeFailure(service, ours, primary, reason, memory, nowMs);
  if (ours !== undefined && ours.id === primary?.id) {
    if (hasCompleted(service, ours)) return { verdict: { kind: "completed" }, memory: freshMemory };
    const hopeless = failsWithoutBreaker(service, ours);
    const verdict: Verdict =
      hopeless === undefined ? { kind: "inProgress" } : { kind: "hopeless", reason: hopeless };
    return { verdict, memory: freshMemory };
  }
  // No primary is a moment between two answers of AWS, not a verdict.
  if (primary === undefined) return { verdict: { kind: "inProgress" }, memory };
  // It was over before the other one began, between two looks.
  if (hadCompleted) return { verdict: { kind: "completed" }, memory };
  return { verdict: { kind: "superseded", by: primary }, memory };
}

function judgeFailure(
  service: Service,
  ours: Deployment | undefined,
  primary: Deployment | undefined,
  reason: string,
  memory: WatchMemory,
  nowMs: number,
): { verdict: Verdict; memory: WatchMemory } {
  const failedSinceMs = memory.failedSinceMs ?? nowMs;
  const failed = { failureReason: reason, failedSinceMs };
  if (primary !== undefined && primary.id !== ours?.id) {
    const verdict: Verdict = hasCompleted(service, primary)
      ? { kind: "failed", reason, rolledBackTo: primary }
      : { kind: "rollingBack", reason, to: primary };
    return { verdict, memory: failed };
  }
  const { deploymentCircuitBreaker, alarms } = service.deploymentConfiguration ?? {};
  const willRollBack = deploymentCircuitBreaker?.rollback === true || alarms?.rollback === true;
  const hasEarlier = (service.deployments ?? []).some(({ id }) => id !== ours?.id);
  const stillExpected = willRollBack && hasEarlier && nowMs - failedSinceMs < rollbackStartsWithinMs;
  return { verdict: stillExpected ? { kind: "inProgress" } : { kind: "failed", reason }, memory: failed };
}

/** The circuit breaker's own threshold: half of the desired count, from 3 to 200. */
function failureThreshold(desired: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desired / 2)));
}

/** ECS counts a deployment's failed tasks in a row also where nobody has it act on them. */
export function failsWithoutBreaker(service: Service, ours: Deployment): string | undefined {
  if (service.deploymentConfiguration?.deploymentCircuitBreaker?.enable === true) return undefined;
  const failed = ours.failedTasks ?? 0;
  if (failed < failureThreshold(ours.desiredCount ?? 0)) return undefined;
  return `${failed} tasks in a row failed to start or to get healthy, and without a circuit breaker ECS would go on trying.`;
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

/** An event from before the watch tells of an earlier completion, as of a deployment whose desired count was changed. */
function completedEvent(service: Service, { deploymentId, earlierEvents }: Watched): boolean {
  const marker = `(deployment ${deploymentId}) deployment completed`;
  const found = service.events?.find(({ message }) => message?.includes(marker) === true);
  return found !== undefined && !(found.id !== undefined && earlierEvents.has(found.id));
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
