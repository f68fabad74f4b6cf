import type { ServiceOutcome } from "../core/events.ts";
import type { RunReport } from "../core/report.ts";
import type { Paint } from "./paint.ts";
import { planText } from "./plan-text.ts";

/** The result of a run as text for standard output: a paragraph a service. */
export function reportText(report: RunReport, paint: Paint): string {
  return report.services.map((outcome) => `${outcomeText(outcome, report, paint)}\n`).join("");
}

function outcomeText(outcome: ServiceOutcome, report: RunReport, paint: Paint): string {
  const { service, cluster } = outcome;
  const runs = `${outcome.revision ?? "an unknown revision"}${images(outcome)}`;
  const again = `./deploy ${report.command} ${service}`;
  switch (outcome.outcome) {
    case "planned":
      return planText(outcome, paint);
    case "nothingToDo":
      return `${paint.good(`${service}: nothing to do.`)} Cluster ${cluster} already runs ${runs}.`;
    case "started":
      return `${paint.good(`${service}: started.`)} Deployment ${outcome.deploymentId} brings ${runs} to cluster ${cluster}; not waited for.`;
    case "completed":
      return `${paint.good(`${service}: completed`)} in ${outcome.seconds} s. Cluster ${cluster} runs ${runs}, deployment ${outcome.deploymentId}.`;
    case "failed":
      return failureText(outcome, paint);
    case "superseded":
      return `${paint.bad(`${service}: superseded.`)} Deployment ${outcome.deploymentId} of this run was replaced by ${outcome.by} (${outcome.byRevision}), which somebody else started.`;
    case "gone":
      return `${paint.bad(`${service}: gone.`)} The service is ${outcome.status} in cluster ${cluster}: it was deleted while deployment ${outcome.deploymentId} rolled out.`;
    case "timedOut":
      return `${paint.warning(`${service}: timed out`)} after ${outcome.seconds} s of waiting. Deployment ${outcome.deploymentId} of ${runs} goes on. To wait on: ${again} --timeout <longer>`;
    case "interrupted":
      return outcome.deploymentId === undefined
        ? `${paint.warning(`${service}: interrupted`)} before anything was changed.`
        : `${paint.warning(`${service}: interrupted.`)} Deployment ${outcome.deploymentId} of ${runs} goes on without us. To wait on: ${again}`;
    case "stopped":
      return `${paint.bad(`${service}: stopped.`)} ${outcome.reason}\n  ${changedText(outcome.changed)}`;
  }
}

function failureText(outcome: Extract<ServiceOutcome, { outcome: "failed" }>, paint: Paint): string {
  const { service, cluster, deploymentId, failedRevision, reason, rolledBackTo, causes } = outcome;
  const after =
    rolledBackTo === undefined
      ? `Nothing was rolled back: the service still points at ${failedRevision}.`
      : `It was rolled back: cluster ${cluster} runs ${rolledBackTo} again.`;
  const why = causes.map(({ tasks, cause }) => `\n  ${tasks === 0 ? "" : `${tasks} × `}${cause}`).join("");
  return `${paint.bad(`${service}: failed.`)} Deployment ${deploymentId} of ${failedRevision}: ${reason}\n  ${after}${why}`;
}

function changedText(changed: readonly string[]): string {
  return changed.length === 0 ? "Nothing was changed." : `Changed before that: ${changed.join(", ")}.`;
}

function images(outcome: ServiceOutcome): string {
  return outcome.images === undefined || outcome.images.length === 0 ? "" : ` (${outcome.images.join(", ")})`;
}
