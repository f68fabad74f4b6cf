import type { Deployment, Service } from "@aws-sdk/client-ecs";

import { primaryDeployment } from "../../core/deployment/service-changes.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import type { Verdict } from "../../core/deployment/verdict.ts";
import type { DeploymentEventBody, RolloutCounts } from "../../core/events.ts";

/** What has been told of a rollout, so that nothing is told twice. */
export interface Story {
  readonly seenEvents: Set<string>;
  lastProgress: string;
  rollingBack: boolean;
}

/** A story that begins after what `before` shows. */
export function storyOf(before: Service | undefined): Story {
  const seen = (before?.events ?? []).flatMap(({ id }) => id ?? []);
  return { seenEvents: new Set(seen), lastProgress: "", rollingBack: false };
}

interface Subject {
  readonly service: string;
  readonly deploymentId: string;
}

/** Tells what one look at a service shows that was not told yet. */
export function report(
  { service: name, deploymentId }: Subject,
  service: Service | undefined,
  verdict: Verdict,
  story: Story,
  emit: (event: DeploymentEventBody) => void,
): void {
  for (const { id, message } of [...(service?.events ?? [])].reverse()) {
    if (id === undefined || message === undefined || story.seenEvents.has(id)) continue;
    story.seenEvents.add(id);
    emit({ type: "serviceEvent", service: name, message });
  }
  const counts = service === undefined ? undefined : countsOf(service, deploymentId);
  const progress = JSON.stringify(counts);
  if (counts !== undefined && progress !== story.lastProgress) {
    story.lastProgress = progress;
    emit({ type: "progress", service: name, ...counts });
  }
  if (verdict.kind === "rollingBack" && !story.rollingBack) {
    story.rollingBack = true;
    const { reason, to } = verdict;
    emit({ type: "rollingBack", service: name, reason, revision: revisionOf(to), by: "ECS" });
  }
}

function countsOf(service: Service, deploymentId: string): RolloutCounts | undefined {
  const deployments = service.deployments ?? [];
  const shown = deployments.find(({ id }) => id === deploymentId) ?? primaryDeployment(service);
  if (shown === undefined) return undefined;
  return {
    deploymentId: shown.id ?? deploymentId,
    desired: shown.desiredCount ?? 0,
    running: shown.runningCount ?? 0,
    pending: shown.pendingCount ?? 0,
    failed: shown.failedTasks ?? 0,
    replacedRunning: deployments
      .filter(({ id }) => id !== shown.id)
      .reduce((sum, { runningCount }) => sum + (runningCount ?? 0), 0),
  };
}

/** `family:revision` of a deployment. */
export function revisionOf({ taskDefinition }: Deployment): string {
  return taskDefinition === undefined ? "an unknown revision" : revisionName(taskDefinition);
}
