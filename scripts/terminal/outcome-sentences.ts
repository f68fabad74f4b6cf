import type { ServiceOutcome } from "../core/events.ts";
import { sentence, tookText } from "./words.ts";

/** What happened to a service and what runs now, in sentences: the first belongs to the headline. */
export function outcomeSentences(outcome: ServiceOutcome): readonly string[] {
  return [...rolloutSentences(outcome), ...scalingSentences(outcome)];
}

function scalingSentences({ autoscaling }: ServiceOutcome): readonly string[] {
  switch (autoscaling?.result) {
    case undefined:
      return [];
    case "set":
      return ["Its autoscaling is as the template says."];
    case "removed":
      return ["Nothing scales it any more, as the template says."];
    case "left":
      return ["Its autoscaling was left as it was: it follows a rollout that completes."];
    case "notSet":
      return [`Its autoscaling could not be set: ${sentence(autoscaling.problem ?? "")}`];
  }
}

function rolloutSentences(outcome: ServiceOutcome): readonly string[] {
  const { cluster } = outcome;
  const revision = `${outcome.revision ?? "an unknown revision"}${imagesText(outcome)}`;
  switch (outcome.outcome) {
    case "planned":
      return [`The plan for cluster ${cluster} has ${outcome.steps.length} steps. Nothing was changed.`];
    case "nothingToDo":
      return [
        `Cluster ${cluster} already runs ${revision}.`,
        ...(outcome.because === undefined ? [] : [outcome.because]),
      ];
    case "started":
      return [
        `Deployment ${outcome.deploymentId} brings ${revision} to cluster ${cluster}; it was not waited for.`,
      ];
    case "completed":
      return [
        `Cluster ${cluster} runs ${revision}. Deployment ${outcome.deploymentId} took ${tookText(outcome.seconds)}.`,
        ...(outcome.stillToDo === undefined ? [] : [sentence(outcome.stillToDo)]),
      ];
    case "paused":
      return [`Deployment ${outcome.deploymentId} of ${revision} waits for approval at ${outcome.stage}.`];
    case "failed":
      return [
        `Deployment ${outcome.deploymentId} of ${outcome.failedRevision}: ${sentence(outcome.reason)}`,
        ...afterFailure(outcome),
      ];
    case "putBack":
      return [
        outcome.rolledBackTo === undefined
          ? `It had completed, and had to be put back, since ${sentence(outcome.because)}`
          : `It had completed, and was put back to ${outcome.rolledBackTo}, since ${sentence(outcome.because)}`,
        ...(outcome.problem === undefined
          ? []
          : [`Putting it back did not come about: ${sentence(outcome.problem)}`]),
      ];
    case "superseded":
      return [
        `Deployment ${outcome.deploymentId} of this run was replaced by ${outcome.by} (${outcome.byRevision}), which somebody else started.`,
      ];
    case "gone":
      return [
        `The service is ${outcome.status} in cluster ${cluster}: it was deleted while deployment ${outcome.deploymentId} rolled out.`,
      ];
    case "timedOut":
      return [
        `Waited for ${tookText(outcome.seconds)}. Deployment ${outcome.deploymentId} of ${revision} goes on.`,
        ...(outcome.waitsForApprovalAt === undefined
          ? []
          : [`It waits for approval at ${outcome.waitsForApprovalAt}.`]),
      ];
    case "interrupted":
      return [
        outcome.deploymentId === undefined
          ? "No rollout was started."
          : `Deployment ${outcome.deploymentId} of ${revision} goes on without us.`,
      ];
    case "skipped":
      return [`Nothing was changed, since ${sentence(outcome.because)}`];
    case "stopped":
      return [sentence(outcome.reason), changedText(outcome.changed)];
  }
}

function afterFailure({
  cluster,
  failedRevision,
  rolledBackTo,
  rollbackProblem,
}: Extract<ServiceOutcome, { outcome: "failed" }>): readonly string[] {
  const back =
    rolledBackTo === undefined ? [] : [`It was rolled back: cluster ${cluster} runs ${rolledBackTo} again.`];
  if (rollbackProblem !== undefined) {
    return [
      ...back,
      `The rollback had a problem: ${sentence(rollbackProblem)}`,
      ...(rolledBackTo === undefined ? [`The service still points at ${failedRevision}.`] : []),
    ];
  }
  return rolledBackTo === undefined
    ? [`Nothing was rolled back: the service still points at ${failedRevision}.`]
    : back;
}

function changedText(changed: readonly string[]): string {
  return changed.length === 0 ? "Nothing was changed." : `Changed before that: ${changed.join(", ")}.`;
}

function imagesText({ images }: ServiceOutcome): string {
  return images === undefined || images.length === 0 ? "" : ` (${images.join(", ")})`;
}
