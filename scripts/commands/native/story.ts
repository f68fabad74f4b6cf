import type { Service, ServiceDeployment } from "@aws-sdk/client-ecs";

import type { DeploymentEventBody } from "../../core/events.ts";
import { trafficOf, waitingHooks } from "../../core/native/deployment.ts";
import type { NativeVerdict } from "../../core/native/verdict.ts";
import { report, storyOf, type Story } from "../rollout/story.ts";

/** What has been told of a deployment whose traffic ECS shifts, so that nothing is told twice. */
export interface NativeStory {
  readonly ofService: Story;
  readonly hooks: Set<string>;
  stage: string;
  production: number;
  test: number;
}

/**
 * A story that begins after what `before` shows.
 *
 * @param rollbackTold whether it was told already that the deployment goes back
 */
export function nativeStoryOf(before: Service | undefined, rollbackTold = false): NativeStory {
  const ofService = { ...storyOf(before), rollingBack: rollbackTold };
  return { ofService, hooks: new Set(), stage: "", production: 0, test: 0 };
}

interface Subject {
  readonly service: string;
  readonly deploymentId: string;
}

/** Tells what one look shows that was not told yet. */
export function tell(
  subject: Subject,
  deployment: ServiceDeployment,
  service: Service | undefined,
  verdict: NativeVerdict,
  story: NativeStory,
  emit: (event: DeploymentEventBody) => void,
): void {
  const going = verdict.kind === "rollingBack" ? verdict : ({ kind: "inProgress" } as const);
  if (service !== undefined) report(subject, service, going, story.ofService, emit);
  const { lifecycleStage: stage, status = "" } = deployment;
  if (stage !== undefined && story.stage !== `${stage} ${status}`) {
    story.stage = `${stage} ${status}`;
    emit({ type: "lifecycle", ...subject, stage, status });
  }
  const traffic = trafficOf(deployment);
  for (const kind of ["test", "production"] as const) {
    const percent = traffic[kind] ?? 0;
    if (percent === story[kind]) continue;
    story[kind] = percent;
    emit({ type: "trafficShifted", ...subject, of: kind, percent });
  }
  for (const { hookId = "", expiresAt } of waitingHooks(deployment)) {
    if (story.hooks.has(hookId)) continue;
    story.hooks.add(hookId);
    const until = expiresAt === undefined ? {} : { until: expiresAt.toISOString() };
    emit({ type: "waitingForApproval", ...subject, stage: stage ?? "a pause", ...until });
  }
}
