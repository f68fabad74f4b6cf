import type { Service } from "@aws-sdk/client-ecs";

import { isSteady, primaryTaskSet } from "../../core/code-deploy/task-sets.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import type { Planned } from "../rollout/job.ts";
import { prune } from "../rollout/lane.ts";
import type { Run } from "../rollout/run.ts";
import { failedTasks } from "./hopeless.ts";

const firstPauseMs = 3_000;
const longestPauseMs = 10_000;
const slowerBy = 1.3;
/** A service that was just created may be missing from AWS's answers for so long. */
const listedWithinMs = 30_000;

/**
 * Waits until the primary task set of a service under CODE_DEPLOY is steady, after a create or a change of its
 * settings: no deployment of CodeDeploy tells of those.
 */
export async function awaitSteady(
  planned: Planned,
  revisionArn: string | undefined,
  run: Run,
): Promise<ServiceOutcome> {
  const { job, observed } = planned;
  const { context, edge, command } = run;
  const { clock, signal } = edge;
  const revision = revisionArn === undefined ? {} : { revision: revisionName(revisionArn) };
  const name = { service: job.serviceName, cluster: job.cluster, images: job.images(observed), ...revision };
  const beganMs = clock.now();
  const seen = new Set((observed.service?.events ?? []).flatMap(({ id }) => id ?? []));
  let pauseMs = firstPauseMs;
  let counts = "";
  for (;;) {
    let service: Service | undefined;
    try {
      [service] = await context.ecs.describeServices(job.cluster, [job.serviceName]);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      return { ...name, outcome: "stopped", reason: error.message, changed: ["the service was changed"] };
    }
    const primary = service === undefined ? undefined : primaryTaskSet(service);
    const deploymentId = primary?.id ?? "?";
    if (!command.options.wait) return { ...name, deploymentId, outcome: "started" };
    const now = clock.now();
    if (service?.status !== "ACTIVE" && now - beganMs > listedWithinMs) {
      return { ...name, deploymentId, outcome: "gone", status: service?.status ?? "MISSING" };
    }
    for (const { id, message } of [...(service?.events ?? [])].reverse()) {
      if (id === undefined || message === undefined || seen.has(id)) continue;
      seen.add(id);
      context.emit({ type: "serviceEvent", service: job.serviceName, message });
    }
    const progress = {
      desired: primary?.computedDesiredCount ?? 0,
      running: primary?.runningCount ?? 0,
      pending: primary?.pendingCount ?? 0,
      failed: 0,
      replacedRunning: 0,
    };
    if (primary !== undefined && JSON.stringify(progress) !== counts) {
      counts = JSON.stringify(progress);
      pauseMs = firstPauseMs;
      context.emit({ type: "progress", service: job.serviceName, deploymentId, ...progress });
    }
    const seconds = Math.round((now - beganMs) / 100) / 10;
    if (service !== undefined && isSteady(service)) {
      await prune(planned, run);
      return { ...name, deploymentId, outcome: "completed", seconds };
    }
    const failed =
      primary?.id === undefined || progress.running >= progress.desired
        ? undefined
        : await failedTasks(job.cluster, primary.id, progress.desired, context.ecs);
    if (failed !== undefined && command.verb === "create") {
      const reason = `${failed} tasks failed to start or to get healthy, and ECS would go on trying.`;
      const diagnoses = await diagnosed(reason, deploymentId, revisionArn, job, run);
      const failedRevision = revisionArn === undefined ? "an unknown revision" : revisionName(revisionArn);
      return { ...name, deploymentId, outcome: "failed", reason, failedRevision, diagnoses };
    }
    if (signal.aborted) return { ...name, deploymentId, outcome: "interrupted" };
    const leftMs = command.options.timeoutMs - (now - beganMs);
    if (leftMs <= 0) {
      const diagnoses = await diagnosed(undefined, deploymentId, revisionArn, job, run);
      return { ...name, deploymentId, outcome: "timedOut", seconds, diagnoses };
    }
    await clock.sleep(Math.min(pauseMs, leftMs), signal);
    pauseMs = Math.min(longestPauseMs, pauseMs * slowerBy);
  }
}

async function diagnosed(
  reason: string | undefined,
  deploymentId: string,
  taskDefinitionArn: string | undefined,
  { serviceName, cluster }: Planned["job"],
  { context }: Run,
) {
  const { explain } = await import("../facts/explain.ts");
  const diagnoses = await explain(
    {
      service: serviceName,
      cluster,
      deploymentId,
      since: new Date(0),
      ...(reason === undefined ? {} : { reason }),
      ...(taskDefinitionArn === undefined ? {} : { taskDefinitionArn }),
    },
    context,
  );
  if (diagnoses.length > 0) context.emit({ type: "explained", service: serviceName, diagnoses });
  return diagnoses;
}
