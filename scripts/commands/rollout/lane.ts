import type { Deployment } from "@aws-sdk/client-ecs";

import { revisionName } from "../../core/deployment/task-definition.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import type { Applied } from "./apply.ts";
import type { Planned } from "./job.ts";
import type { Run } from "./run.ts";
import { revisionOf } from "./story.ts";
import { canPutBack, putBack } from "./put-back.ts";
import { keepTrailTrue } from "./service-trail.ts";
import type { Watched } from "./watcher.ts";
import { writePlan } from "./write-plan.ts";

/**
 * Brings one service: the writes of its plan, the watch over its rollout, and what follows from how that ends. Never
 * throws what AWS answers; that is an outcome.
 */
export async function bring(planned: Planned, run: Run): Promise<ServiceOutcome> {
  const { job, observed, plan } = planned;
  const name = { service: job.serviceName, cluster: job.cluster };
  const images = job.images(observed);
  if (run.edge.signal.aborted) return { ...name, outcome: "interrupted" };

  const written = await writePlan(planned, run, observed.service?.taskDefinition);
  if (written.kind === "ended") return written.outcome;
  const { applied } = written;
  const { deploymentId, revisionArn } = applied;
  const revision = revisionArn === undefined ? {} : { revision: revisionName(revisionArn) };
  if (deploymentId === undefined) {
    const { nothingBecause: because } = plan;
    return {
      ...name,
      ...revision,
      images,
      outcome: "nothingToDo",
      ...(because === undefined ? {} : { because }),
    };
  }
  const watchable = { ...applied, deploymentId };
  return run.command.options.wait
    ? bringWatched(planned, watchable, run)
    : startedOutcome(planned, watchable);
}

type Watchable = Applied & { readonly deploymentId: string };

/** The outcome of `--no-wait`. */
export function startedOutcome(
  { job, observed }: Planned,
  { deploymentId, revisionArn }: Watchable,
): ServiceOutcome {
  return {
    service: job.serviceName,
    cluster: job.cluster,
    ...(revisionArn === undefined ? {} : { revision: revisionName(revisionArn) }),
    deploymentId,
    images: job.images(observed),
    outcome: "started",
  };
}

/** Watches a deployment of the service to its end, and does what follows from that. */
export async function bringWatched(planned: Planned, applied: Watchable, run: Run): Promise<ServiceOutcome> {
  const { job, observed } = planned;
  const { deploymentId, revisionArn } = applied;
  const base = { service: job.serviceName, cluster: job.cluster, deploymentId };
  const revision = revisionArn === undefined ? "an unknown revision" : revisionName(revisionArn);
  try {
    const watched = await run.watch(planned, applied, run.command.options.waitUntil);
    const { verdict, seconds } = watched;
    switch (verdict.kind) {
      case "completed": {
        const { stillToDo } = verdict;
        if (stillToDo === undefined) await prune(planned, run);
        const left = stillToDo === undefined ? {} : { stillToDo };
        return { ...base, revision, images: job.images(observed), outcome: "completed", seconds, ...left };
      }
      case "paused":
        return { ...base, revision, images: job.images(observed), outcome: "paused", stage: verdict.at };
      case "superseded":
        return {
          ...base,
          outcome: "superseded",
          by: verdict.by.id ?? "?",
          byRevision: revisionOf(verdict.by),
        };
      case "gone":
        return { ...base, outcome: "gone", status: verdict.status };
      case "timedOut": {
        const { waitsForApprovalAt } = verdict;
        if (waitsForApprovalAt !== undefined) {
          return { ...base, revision, outcome: "timedOut", seconds, waitsForApprovalAt };
        }
        const diagnoses = await run.explainTo(planned, watched, applied);
        if (verdict.failure === undefined)
          return { ...base, revision, outcome: "timedOut", seconds, diagnoses };
        const rollbackProblem = "The rollback had not completed when the time was up; it goes on.";
        const failedRevision = revision;
        const reason = verdict.failure;
        return { ...base, revision, outcome: "failed", reason, failedRevision, diagnoses, rollbackProblem };
      }
      case "interrupted":
        return { ...base, revision, outcome: "interrupted" };
      case "hopeless":
        return await failed(planned, applied, watched, verdict, run);
      case "failed":
        return (
          rolledBackAsAsked(planned, applied, watched) ??
          (await failed(planned, applied, watched, verdict, run))
        );
    }
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    const changed = [`deployment ${deploymentId} was started and goes on`];
    return { ...base, revision, outcome: "stopped", reason: error.message, changed };
  }
}

/** Verbs that bring nothing which a rollback by the run itself could take back. */
const leftAsTheyAre: ReadonlySet<string> = new Set(["activate", "rollback", "restart", "scale"]);

/** The rollback of a deployment that was under way, which is what this run was to bring about. */
function rolledBackAsAsked(
  { job, plan }: Planned,
  { deploymentId }: Watchable,
  { verdict, seconds }: Watched,
): ServiceOutcome | undefined {
  const asked = plan.steps.some(({ kind }) => kind === "waitForRollback");
  if (!asked || verdict.kind !== "failed" || verdict.rolledBackTo === undefined) return undefined;
  const { rolledBackTo: back } = verdict;
  return {
    service: job.serviceName,
    cluster: job.cluster,
    deploymentId,
    outcome: "completed",
    revision: revisionOf(back),
    seconds,
  };
}

/** Explains first: what a rollback stops can no longer be asked. */
async function failed(
  planned: Planned,
  applied: Watchable,
  watched: Watched,
  { reason, rolledBackTo: back }: { readonly reason: string; readonly rolledBackTo?: Deployment },
  run: Run,
): Promise<ServiceOutcome> {
  const { job } = planned;
  const failedRevision =
    applied.revisionArn === undefined ? "an unknown revision" : revisionName(applied.revisionArn);
  const outcome = {
    service: job.serviceName,
    cluster: job.cluster,
    deploymentId: applied.deploymentId,
    outcome: "failed" as const,
    revision: failedRevision,
    reason,
    failedRevision,
    diagnoses: await run.explainTo(planned, watched, applied),
  };
  if (back !== undefined) {
    await keepTrailTrue(planned, back.taskDefinition, run);
    return { ...outcome, rolledBackTo: revisionOf(back), revision: revisionOf(back) };
  }
  const { verb, options } = run.command;
  if (!options.rollback || leftAsTheyAre.has(verb) || !canPutBack(planned)) return outcome;
  const { revision, problem } = await putBack(planned, failedRevision, reason, watched.service, run);
  if (problem !== undefined) return { ...outcome, rollbackProblem: problem };
  return revision === undefined ? outcome : { ...outcome, rolledBackTo: revision, revision };
}

/** `--keep-revisions`: what can't be pruned is told, and no reason to call a good deployment a failure. */
export async function prune({ job, observed }: Planned, { command, context }: Run): Promise<void> {
  const keep = command.options.keepRevisions;
  const family = job.family ?? observed.currentRevision?.taskDefinition.family;
  if (keep === undefined || family === undefined) return;
  const { pruneRevisions } = await import("../prune-revisions.ts");
  await pruneRevisions({ family, keep, service: job.serviceName, cluster: job.cluster }, context);
}
