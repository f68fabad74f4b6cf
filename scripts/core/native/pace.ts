import type { ServiceDeployment } from "@aws-sdk/client-ecs";

import { isGoingBack, stepBakeMinutes, trafficOf, waitingHooks } from "./deployment.ts";

/**
 * When to look again at a deployment whose traffic ECS shifts. Most of it is waiting: for a bake time whose length is
 * known, or for somebody's approval. So looks get rarer while nothing changes, and denser where a wait is to end.
 */

/** What one look has shown, for the choice of the next. */
export interface NativeLook {
  readonly deployment: ServiceDeployment | undefined;
  readonly nowMs: number;
  /** Since when nothing of it has changed, as far as looks have shown. */
  readonly unchangedSinceMs: number;
  /** Somebody watches it live. */
  readonly attended: boolean;
}

const listingMs = 2_000;
const shortestMs = 4_000;
const movingMs = 12_000;
const waitingMs = 30_000;
/** Whoever approves, or an alarm that rings, is told of within a minute also after an hour. */
const longMs = 60_000;
const longAfterMs = 1_800_000;
const attendedMs = 10_000;
const endingMs = 1_500;
const endsWithinMs = 60_000;

/** The next look comes after this share of the time in which nothing has changed. */
const shareOfUnchanged = 1 / 8;

/** Milliseconds to sleep before the next look. */
export function nextNativeLookIn({ deployment, nowMs, unchangedSinceMs, attended }: NativeLook): number {
  if (deployment === undefined) return listingMs;
  const unchangedMs = nowMs - unchangedSinceMs;
  if (isEnding(deployment) && unchangedMs < endsWithinMs) return endingMs;
  const waits = isWaiting(deployment);
  const most = !waits ? movingMs : unchangedMs > longAfterMs ? longMs : waitingMs;
  const pause = between(shortestMs, unchangedMs * shareOfUnchanged, attended ? attendedMs : most);
  const leftMs = endOfWaitMs(deployment) - unchangedMs;
  return leftMs > 0 ? Math.min(pause, Math.max(shortestMs, leftMs)) : pause;
}

/** The last of the old tasks, or of a rollback's new ones, is gone: the end is a moment away. */
function isEnding(deployment: ServiceDeployment): boolean {
  if (deployment.lifecycleStage !== "CLEAN_UP") return false;
  const { targetServiceRevision, sourceServiceRevisions = [] } = deployment;
  const leaving = isGoingBack(deployment)
    ? targetServiceRevision === undefined
      ? []
      : [targetServiceRevision]
    : sourceServiceRevisions;
  return leaving.every(
    ({ runningTaskCount = 0, pendingTaskCount = 0 }) => runningTaskCount + pendingTaskCount === 0,
  );
}

/** Nothing happens until a time is over, or somebody decides. */
function isWaiting(deployment: ServiceDeployment): boolean {
  return waitingHooks(deployment).length > 0 || endOfWaitMs(deployment) > 0;
}

/** How long the wait of this stage takes in all; 0 where it is none, or nobody knows. */
function endOfWaitMs(deployment: ServiceDeployment): number {
  const { lifecycleStage, deploymentConfiguration = {}, status } = deployment;
  if (status !== "IN_PROGRESS") return 0;
  const minutes =
    lifecycleStage === "BAKE_TIME"
      ? (deploymentConfiguration.bakeTimeInMinutes ?? 0)
      : lifecycleStage === "PRODUCTION_TRAFFIC_SHIFT" && (trafficOf(deployment).production ?? 0) < 100
        ? stepBakeMinutes(deploymentConfiguration)
        : 0;
  return minutes * 60_000;
}

function between(least: number, wanted: number, most: number): number {
  return Math.min(most, Math.max(least, wanted));
}
