import type { DeploymentEvent, ServiceOutcome } from "../core/events.ts";
import type { Paint } from "./paint.ts";
import { withoutServiceName } from "./run-view.ts";
import { causeText, countsText, outcomeWord, sentence, shiftText, tookText, toneOf } from "./words.ts";

/** What one event says to people, without its time and its service; undefined where it is for programs alone. */
export function eventText(event: DeploymentEvent, paint: Paint): string | undefined {
  switch (event.type) {
    case "note":
      return paint.faint(event.message);
    case "warning":
      return paint.warning(event.message);
    case "runStarted": {
      const { command, environment, region, services } = event;
      return services.length < 2
        ? undefined
        : `${command} of ${services.length} services in environment ${environment} (${region})`;
    }
    case "waitingForLock":
      return `waits for ${event.holder.owner}: ${event.holder.purpose}, since ${event.holder.since}`;
    case "lockTakenOver":
      return paint.warning(
        `took over the lock of ${event.holder.owner} (${event.holder.purpose}), who gave no sign of life`,
      );
    case "resumed":
      return event.message;
    case "checked":
      // What has failed is told by what follows: the refusal, or the warning of a run that goes on by --force.
      return undefined;
    case "waitingForServices":
      return `waits for ${event.dependencies.join(", ")}`;
    case "autoscalingSuspended":
      return "autoscaling is suspended during the rollout";
    case "autoscalingResumed":
      return "autoscaling is resumed";
    case "autoscalingSet":
      return "autoscaling is as the template says";
    case "autoscalingRemoved":
      return "autoscaling is taken away";
    case "revisionsPruned":
      return `deregistered ${event.revisions.join(", ")}`;
    case "explained":
      return event.diagnoses.map((diagnosis) => paint.bad(causeText(diagnosis))).join("\n");
    case "revisionRegistered":
      return `registered ${event.revision}`;
    case "revisionReused":
      return `definition unchanged, ${event.revision} is used`;
    case "serviceChanged":
      return `changed ${event.members.join(", ")}; no new deployment is needed for that`;
    case "deploymentStarted":
      return `rollout of ${event.revision} started (${event.deploymentId})`;
    case "progress":
      return countsText(event);
    case "lifecycle":
      return `${event.stage} ${event.status}`;
    case "trafficShifted":
      return shiftText(event);
    case "waitingForApproval":
      return paint.warning(
        `waits for approval at ${event.stage}${event.until === undefined ? "" : `, until ${event.until}`}: ./deploy activate ${event.service}`,
      );
    case "serviceEvent":
      return paint.faint(`ECS: ${withoutServiceName(event.message, event.service)}`);
    case "rollingBack":
      return paint.warning(
        `the rollout failed: ${sentence(event.reason)} ${event.by} goes back to ${event.revision}`,
      );
    case "ended":
      return endedText(event, paint);
  }
}

/** The outcome in one line; the result says the rest of it. */
function endedText(outcome: ServiceOutcome, paint: Paint): string | undefined {
  const word = paint[toneOf(outcome)](outcomeWord(outcome));
  switch (outcome.outcome) {
    case "planned":
    case "nothingToDo":
    case "started":
      return undefined;
    case "completed":
      return `${word} in ${tookText(outcome.seconds)}`;
    case "paused":
      return `${word} at ${outcome.stage}`;
    case "failed":
      return outcome.rolledBackTo === undefined
        ? `${word}, and was not rolled back`
        : `${word}, and was rolled back to ${outcome.rolledBackTo}`;
    case "putBack":
      return outcome.rolledBackTo === undefined ? word : `${word} to ${outcome.rolledBackTo}`;
    case "superseded":
      return `${word} by ${outcome.by} (${outcome.byRevision})`;
    case "gone":
      return `${word}: the service is ${outcome.status}`;
    case "timedOut":
      return `${word} after ${tookText(outcome.seconds)}; the rollout goes on`;
    case "interrupted":
      return word;
    case "skipped":
      return `${word}, since ${outcome.because}`;
    case "stopped":
      return `${word}: ${outcome.reason}`;
  }
}

/** How many services came to what, worst first: `1 failed, 2 not begun, 3 completed`. */
export function outcomesText(outcomes: readonly ServiceOutcome[]): string {
  const ranked = [...outcomes].sort((left, right) => rank(left) - rank(right));
  const words = [...new Set(ranked.map(outcomeWord))];
  return words
    .map((word) => `${outcomes.filter((outcome) => outcomeWord(outcome) === word).length} ${word}`)
    .join(", ");
}

function rank(outcome: ServiceOutcome): number {
  return ["bad", "warning", "good"].indexOf(toneOf(outcome));
}
