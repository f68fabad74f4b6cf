import type { Deployment, Service, ServiceDeployment } from "@aws-sdk/client-ecs";

import { primaryDeployment } from "../deployment/service-changes.ts";
import { failsWithoutBreaker } from "../deployment/verdict.ts";
import { deploymentIdOf, isGoingBack, waitingHooks } from "./deployment.ts";

/** What a run waits for: the end, all production traffic moved, or a pause. */
export type WaitUntil = "stable" | "deployed" | "paused";

/** What one look at a deployment whose traffic ECS shifts says of it. */
export type NativeVerdict =
  | { readonly kind: "inProgress" }
  | { readonly kind: "rollingBack"; readonly reason: string; readonly to: Deployment }
  | {
      readonly kind: "completed";
      /** Where less than the end was to be waited for: what ECS still does. */
      readonly stillToDo?: string;
    }
  | { readonly kind: "paused"; readonly at: string }
  | { readonly kind: "failed"; readonly reason: string; readonly rolledBackTo?: Deployment }
  /** ECS has no circuit breaker to call it a failure and would try for ever. */
  | { readonly kind: "hopeless"; readonly reason: string }
  | { readonly kind: "superseded"; readonly by: Deployment };

/** What is watched, and for what. */
export interface Subject {
  readonly deploymentId: string;
  /** Ids of the deployments that the service had when ours began. */
  readonly earlierDeployments: ReadonlySet<string>;
  readonly until: WaitUntil;
}

const moved: ReadonlySet<string | undefined> = new Set([
  "POST_PRODUCTION_TRAFFIC_SHIFT",
  "BAKE_TIME",
  "CLEAN_UP",
]);

/**
 * Judges by ECS's record of our own deployment. The service is asked for what the record does not tell: who replaced
 * it, which deployment runs again, and how many tasks failed.
 *
 * @param service as it was seen last, not before the deployment was
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
export function judgeNative(
  deployment: ServiceDeployment,
  service: Service | undefined,
  subject: Subject,
): NativeVerdict {
  const reason = deployment.statusReason ?? deployment.rollback?.reason ?? reasonIn(service, subject);
  switch (deployment.status) {
    case "SUCCESSFUL":
      return { kind: "completed" };
    case "ROLLBACK_SUCCESSFUL":
      return { kind: "failed", reason, rolledBackTo: wentBackTo(deployment, service, subject) };
    case "ROLLBACK_FAILED":
      return { kind: "failed", reason };
    case "STOPPED":
      return stopped(service, subject, reason);
    case "STOP_REQUESTED":
    case "ROLLBACK_REQUESTED":
    case "ROLLBACK_IN_PROGRESS":
      return isGoingBack(deployment) && deployment.rollback !== undefined
        ? { kind: "rollingBack", reason, to: wentBackTo(deployment, service, subject) }
        : { kind: "inProgress" };
    case "PENDING":
    case "IN_PROGRESS":
    case undefined:
      return underWay(deployment, service, subject);
  }
}

function underWay(
  deployment: ServiceDeployment,
  service: Service | undefined,
  { deploymentId, until }: Subject,
): NativeVerdict {
  const [hook] = waitingHooks(deployment);
  const stage = deployment.lifecycleStage;
  if (until === "paused" && hook !== undefined) return { kind: "paused", at: stage ?? "a pause" };
  if (until === "deployed" && moved.has(stage)) {
    return { kind: "completed", stillToDo: stillToDo(deployment) };
  }
  const ours = service?.deployments?.find(({ id }) => id === deploymentId);
  const hopeless = service && ours && failsWithoutBreaker(service, ours);
  return hopeless === undefined ? { kind: "inProgress" } : { kind: "hopeless", reason: hopeless };
}

function stillToDo({ lifecycleStage, deploymentConfiguration }: ServiceDeployment): string {
  const minutes = deploymentConfiguration?.bakeTimeInMinutes ?? 0;
  const bakes = lifecycleStage !== "CLEAN_UP" && minutes > 0;
  return bakes
    ? `ECS still watches it for a bake time of ${minutes} min, then stops the old tasks; until then it may go back by itself`
    : "ECS still stops the old tasks";
}

/** A newer deployment stops the one under way; one that failed with nobody to roll it back stops as well. */
function stopped(service: Service | undefined, subject: Subject, reason: string): NativeVerdict {
  const { deploymentId, earlierDeployments } = subject;
  const primary = service && primaryDeployment(service);
  if (primary?.id === undefined) return { kind: "inProgress" };
  if (primary.id === deploymentId) {
    // The service may be answered as it was a moment before.
    return primary.rolloutState === "IN_PROGRESS" ? { kind: "inProgress" } : { kind: "failed", reason };
  }
  return earlierDeployments.has(primary.id)
    ? { kind: "failed", reason, rolledBackTo: primary }
    : { kind: "superseded", by: primary };
}

/** The deployment that runs again, as the service lists it; else as far as the record names it. */
function wentBackTo(
  { rollback }: ServiceDeployment,
  service: Service | undefined,
  { deploymentId }: Subject,
): Deployment {
  const arn = rollback?.serviceRevisionArn;
  const id = arn === undefined ? undefined : deploymentIdOf(arn);
  const listed = service?.deployments ?? [];
  const primary = service && primaryDeployment(service);
  const named = listed.find((one) => one.id === id);
  return named ?? (primary?.id === deploymentId ? undefined : primary) ?? (id === undefined ? {} : { id });
}

function reasonIn(service: Service | undefined, { deploymentId }: Subject): string {
  const ours = service?.deployments?.find(({ id }) => id === deploymentId);
  return ours?.rolloutState === "FAILED" && ours.rolloutStateReason !== undefined
    ? ours.rolloutStateReason
    : "ECS gave no reason.";
}
