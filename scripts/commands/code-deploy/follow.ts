import { revisionName } from "../../core/deployment/task-definition.ts";
import type { Diagnosis } from "../../core/diagnosis.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import type { CodeDeployPort } from "../../core/ports/code-deploy.ts";
import type { Planned } from "../rollout/job.ts";
import { prune } from "../rollout/lane.ts";
import type { Run } from "../rollout/run.ts";
import { keepTrailTrue } from "../rollout/service-trail.ts";
import { watchCodeDeploy, type CodeDeployEnd } from "./watch.ts";

/** A deployment to follow to its end, and the revision that it brings. */
export interface Followed {
  readonly deploymentId: string;
  readonly revisionArn?: string;
  /** `family:revision` that it replaces, where that is not the one that ran when the plan was made. */
  readonly replaces?: string;
}

/** Watches a deployment of CodeDeploy, and says what came of it. */
export async function followDeployment(
  planned: Planned,
  { deploymentId, revisionArn, replaces }: Followed,
  port: CodeDeployPort,
  run: Run,
): Promise<ServiceOutcome> {
  const { job, observed, plan } = planned;
  const { options, verb } = run.command;
  const revision = nameOf(revisionArn);
  const base = { service: job.serviceName, cluster: job.cluster, deploymentId, revision };
  if (!options.wait) return { ...base, images: job.images(observed), outcome: "started" };
  const stops = plan.steps.some(({ kind }) => kind === "stopCodeDeployment");
  const before = replaces ?? plan.previousRevisionArn;
  const previous = nameOf(before);
  // Whoever asks for a rollback has approved of it.
  const approvesAfterMs = verb === "rollback" ? 0 : options.autoApproveAfterMs;
  let diagnoses: readonly Diagnosis[] = [];
  let end: CodeDeployEnd;
  try {
    end = await watchCodeDeploy(
      {
        service: job.serviceName,
        cluster: job.cluster,
        deploymentId,
        previous: stops ? revision : previous,
        timeoutMs: options.timeoutMs,
        waitUntil: options.waitUntil,
        ...(approvesAfterMs === undefined ? {} : { autoApproveAfterMs: approvesAfterMs }),
        stopsHopeless: options.rollback && !stops,
        awaitsRollback: stops,
        ...(observed.service === undefined ? {} : { before: observed.service }),
      },
      {
        port,
        ecs: run.context.ecs,
        clock: run.edge.clock,
        emit: run.context.emit,
        signal: run.edge.signal,
        attended: run.edge.attended,
        mayWrite: () => {
          run.mayWrite();
        },
        onFailure: async (reason, taskSetId) => {
          if (!stops) diagnoses = await explained(planned, reason, taskSetId, revisionArn, run);
        },
      },
    );
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    const changed = [`deployment ${deploymentId} goes on`];
    return { ...base, outcome: "stopped", reason: error.message, changed };
  }
  const images = job.images(observed);
  const { seconds } = end;
  switch (end.kind) {
    case "succeeded":
      await prune(planned, run);
      return { ...base, images, outcome: "completed", seconds };
    case "shifted": {
      const until = end.until === undefined ? "" : ` until ${end.until.toISOString()}`;
      const stillToDo = `The old tasks stay${until}: till then ./deploy rollback ${job.serviceName} gives them the traffic back at once`;
      return { ...base, images, outcome: "completed", seconds, stillToDo };
    }
    case "paused":
      return { ...base, images, outcome: "paused", stage: "Ready" };
    case "interrupted":
      return { ...base, outcome: "interrupted" };
    case "timedOut": {
      if (end.failure === undefined) {
        const waits = end.waitsForApproval ? { waitsForApprovalAt: "Ready" } : {};
        return { ...base, outcome: "timedOut", seconds, ...waits };
      }
      const rollbackProblem = "The rollback had not completed when the time was up; it goes on.";
      return {
        ...base,
        outcome: "failed",
        reason: end.failure,
        failedRevision: revision,
        diagnoses,
        rollbackProblem,
      };
    }
    case "failed": {
      const { reason, rollbackId, problem } = end;
      if (stops && rollbackId !== undefined) {
        return { ...base, deploymentId: rollbackId, images, outcome: "completed", seconds };
      }
      await keepTrailTrue(planned, before, run);
      const failed = { ...base, outcome: "failed" as const, reason, failedRevision: revision, diagnoses };
      if (rollbackId !== undefined) return { ...failed, revision: previous, rolledBackTo: previous };
      const rollbackProblem = problem ?? notRolledBack(verb, options.rollback, job.serviceName);
      return { ...failed, rollbackProblem };
    }
  }
}

function notRolledBack(verb: string, wanted: boolean, service: string): string {
  if (verb === "rollback") return "It was a rollback itself";
  const why = wanted ? "CodeDeploy says nothing of a rollback" : "--no-rollback was given";
  return `${why}; ./deploy deployments ${service} shows which task set has the traffic`;
}

/** Why the new tasks did not come up, asked before they are gone. */
async function explained(
  { job }: Planned,
  reason: string,
  taskSetId: string | undefined,
  revisionArn: string | undefined,
  { context }: Run,
): Promise<readonly Diagnosis[]> {
  if (taskSetId === undefined) return [];
  const { explain } = await import("../facts/explain.ts");
  const diagnoses = await explain(
    {
      service: job.serviceName,
      cluster: job.cluster,
      deploymentId: taskSetId,
      since: new Date(0),
      reason,
      ...(revisionArn === undefined ? {} : { taskDefinitionArn: revisionArn }),
    },
    context,
  );
  if (diagnoses.length > 0) context.emit({ type: "explained", service: job.serviceName, diagnoses });
  return diagnoses;
}

function nameOf(arn: string | undefined): string {
  return arn === undefined ? "an unknown revision" : revisionName(arn);
}
