import type { Service, ServiceDeployment } from "@aws-sdk/client-ecs";

import { AwsCallError } from "../../core/errors.ts";
import { askedWaitMs, waitingHooks } from "../../core/native/deployment.ts";
import { nextNativeLookIn } from "../../core/native/pace.ts";
import { judgeNative, type NativeVerdict, type WaitUntil } from "../../core/native/verdict.ts";
import type { ServiceDeploymentsPort } from "../../core/ports/service-deployments.ts";
import type { Watch, Watched, WatcherEdge } from "../rollout/watcher.ts";
import { arnOfDeployment } from "./find-deployment.ts";
import { nativeStoryOf, tell } from "./story.ts";

/** A deployment whose traffic ECS shifts, and how far it is to be watched. */
export interface NativeWatch extends Watch {
  readonly until: WaitUntil;
}

export interface NativeWatchEdge extends WatcherEdge {
  readonly deployments: ServiceDeploymentsPort;
}

/** A deployment that has just been started has nothing to show yet. */
const firstLookAfterMs = 3_000;

/** ECS may take so long to list a deployment that it has answered with. */
const listedWithinMs = 60_000;

/** Tasks that fail show in the service alone. */
const failuresToldWithinMs = 15_000;

/** So long it may answer of a service as it was before. */
const answeredWithinMs = 30_000;

/** What was seen last, to tell whether anything has changed. */
interface Seen {
  readonly deployment?: ServiceDeployment;
  readonly service?: Service;
  readonly serviceSeenMs?: number;
}

/**
 * Watches one deployment until it ends, or comes as far as was asked for. The limit of time is the run's, and besides
 * what the strategy itself asks to wait.
 *
 * @throws AwsCallError when AWS can no longer be asked, or never lists the deployment
 */
export async function watchNative(watch: NativeWatch, edge: NativeWatchEdge): Promise<Watched> {
  const { clock, emit, signal, attended } = edge;
  const { before, createdAt, deploymentId, timeoutMs, until } = watch;
  const beganMs = clock.now();
  const subject = { service: watch.service, deploymentId };
  const earlier = (before?.deployments ?? []).flatMap(({ id }) => id ?? []);
  const earlierDeployments = new Set(earlier.filter((id) => id !== deploymentId));
  const story = nativeStoryOf(before, watch.rollbackTold);
  let arn: string | undefined;
  let seen: Seen = {};
  let shape = "";
  let unchangedSinceMs = beganMs;
  if (createdAt !== undefined) await clock.sleep(firstLookAfterMs, signal);

  for (;;) {
    arn ??= await arnOfDeployment(watch, edge.deployments);
    seen = await look(watch, arn, seen, edge);
    const nowMs = clock.now();
    const ended = (verdict: Watched["verdict"]): Watched => ({
      verdict,
      seconds: Math.round((nowMs - beganMs) / 100) / 10,
      ...(seen.service === undefined ? {} : { service: seen.service }),
    });
    const { deployment, service } = seen;
    if (service !== undefined && isGone(service, nowMs - beganMs)) {
      return ended({ kind: "gone", status: service.status ?? "MISSING" });
    }
    let verdict: NativeVerdict = { kind: "inProgress" };
    if (deployment !== undefined) {
      verdict = judgeNative(deployment, service, { deploymentId, earlierDeployments, until });
      tell(subject, deployment, service, verdict, story, emit);
    } else if (nowMs - beganMs > listedWithinMs) throw neverListed(watch);
    if (verdict.kind !== "inProgress" && verdict.kind !== "rollingBack") return ended(verdict);
    if (signal.aborted) return ended({ kind: "interrupted" });
    const limitMs = timeoutMs + askedWaitMs(deployment?.deploymentConfiguration);
    const leftMs = limitMs - (nowMs - beganMs);
    if (leftMs <= 0) return ended(timedOut(deployment, verdict));
    const now = shapeOf(deployment);
    if (now !== shape) {
      shape = now;
      unchangedSinceMs = nowMs;
    }
    const pause = nextNativeLookIn({ deployment, nowMs, unchangedSinceMs, attended });
    await clock.sleep(Math.min(pause, leftMs), signal);
  }
}

/** One look: at the record, and at the service where it may tell more. */
async function look(
  { cluster, service: name }: NativeWatch,
  arn: string | undefined,
  last: Seen,
  { ecs, deployments, clock }: NativeWatchEdge,
): Promise<Seen> {
  const [deployment] = arn === undefined ? [] : await deployments.describe([arn]);
  if (deployment !== undefined && !serviceTellsMore(deployment, last, clock.now())) {
    return { ...last, deployment };
  }
  // After the record, so that it is not older than that.
  const [service] = await ecs.describeServices(cluster, [name]);
  return {
    ...(deployment === undefined ? {} : { deployment }),
    ...(service === undefined ? {} : { service }),
    serviceSeenMs: clock.now(),
  };
}

const scaled: ReadonlySet<string | undefined> = new Set([
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
  "BAKE_TIME",
]);

/** Once all tasks run the record says all there is, until something goes wrong or the old tasks leave. */
function serviceTellsMore(deployment: ServiceDeployment, last: Seen, nowMs: number): boolean {
  const { status, lifecycleStage } = deployment;
  if (status !== "IN_PROGRESS" || lifecycleStage !== last.deployment?.lifecycleStage) return true;
  if (scaled.has(lifecycleStage)) return false;
  const changed = shapeOf(deployment) !== shapeOf(last.deployment);
  return changed || nowMs - (last.serviceSeenMs ?? 0) >= failuresToldWithinMs;
}

/** A service that was just created may be answered as the deleted one of its name for a moment. */
function isGone({ status }: Service, sinceMs: number): boolean {
  return status === "DRAINING" || (status !== "ACTIVE" && sinceMs > answeredWithinMs);
}

function shapeOf(deployment: ServiceDeployment | undefined): string {
  const { status, lifecycleStage, targetServiceRevision, sourceServiceRevisions, lifecycleHookDetails } =
    deployment ?? {};
  return JSON.stringify([
    status,
    lifecycleStage,
    targetServiceRevision,
    sourceServiceRevisions,
    lifecycleHookDetails,
  ]);
}

function timedOut(deployment: ServiceDeployment | undefined, verdict: NativeVerdict): Watched["verdict"] {
  if (verdict.kind === "rollingBack") return { kind: "timedOut", failure: verdict.reason };
  const waits = deployment !== undefined && waitingHooks(deployment).length > 0;
  return {
    kind: "timedOut",
    ...(waits ? { waitsForApprovalAt: deployment.lifecycleStage ?? "a pause" } : {}),
  };
}

function neverListed({ service, deploymentId }: NativeWatch): AwsCallError {
  return new AwsCallError(
    "ServiceDeploymentNotFound",
    `AWS does not list deployment ${deploymentId} of service ${service} among its service deployments.`,
  );
}
