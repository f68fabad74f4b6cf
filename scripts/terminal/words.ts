import prettyMilliseconds from "pretty-ms";

import type { Diagnosis } from "../core/diagnosis.ts";
import type { DeploymentEvent, RolloutCounts, ServiceOutcome } from "../core/events.ts";

/** How an outcome is called in one or two words. */
export function outcomeWord(ended: ServiceOutcome): string {
  const { outcome, autoscaling } = ended;
  if (autoscaling?.result === "notSet") return `${plainWord(ended)}, autoscaling not set`;
  if (outcome !== "nothingToDo" || autoscaling === undefined || autoscaling.result === "left")
    return plainWord(ended);
  return autoscaling.result === "removed" ? "autoscaling removed" : "autoscaling set";
}

function plainWord({ outcome }: ServiceOutcome): string {
  switch (outcome) {
    case "planned":
    case "started":
    case "completed":
    case "paused":
    case "failed":
    case "superseded":
    case "gone":
    case "interrupted":
    case "stopped":
      return outcome;
    case "nothingToDo":
      return "nothing to do";
    case "putBack":
      return "put back";
    case "timedOut":
      return "timed out";
    case "skipped":
      return "not begun";
  }
}

/** How much an outcome should alarm: nothing, somewhat, or at once. */
export function toneOf({ outcome, autoscaling }: ServiceOutcome): "good" | "warning" | "bad" {
  if (autoscaling?.result === "notSet") return "bad";
  switch (outcome) {
    case "planned":
    case "started":
    case "completed":
    case "paused":
    case "nothingToDo":
      return "good";
    case "timedOut":
    case "interrupted":
    case "skipped":
      return "warning";
    case "failed":
    case "putBack":
    case "superseded":
    case "gone":
    case "stopped":
      return "bad";
  }
}

/** `2 of 4 running, 1 starting, 1 failed, 3 old still running`. */
export function countsText(counts: RolloutCounts, old = "old still running"): string {
  const { desired, running, pending, failed, replacedRunning } = counts;
  const parts = [`${running} of ${desired} running`];
  if (pending > 0) parts.push(`${pending} starting`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (replacedRunning > 0) parts.push(`${replacedRunning} ${old}`);
  return parts.join(", ");
}

/** `2/4 +1 1 failed 3 old`, where there is little room. */
export function shortCountsText({
  desired,
  running,
  pending,
  failed,
  replacedRunning,
}: RolloutCounts): string {
  const parts = [`${running}/${desired}`];
  if (pending > 0) parts.push(`+${pending}`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (replacedRunning > 0) parts.push(`${replacedRunning} old`);
  return parts.join(" ");
}

/** `3 tasks: The container nginx exited with code 1.` */
export function causeText({ tasks, cause }: Diagnosis): string {
  return tasks === 0 ? cause : `${counted(tasks, "task")}: ${cause}`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `41s`, `1m 12s`: whole seconds, for waiting that is going on. */
export function elapsedText(milliseconds: number): string {
  return milliseconds < 1_000 ? "0s" : prettyMilliseconds(Math.floor(milliseconds / 1_000) * 1_000);
}

/** `41.3s`, `1m 12s`: how long something took. */
export function tookText(seconds: number): string {
  return seconds < 60 ? prettyMilliseconds(Math.max(0, seconds) * 1_000) : elapsedText(seconds * 1_000);
}

/** A sentence's end where AWS's words have none. */
export function sentence(text: string): string {
  return /[.!?:…]$/.test(text) || text === "" ? text : `${text}.`;
}

/** Who has the traffic now. What a run moves itself may go back, so that it names the deployment. */
export function shiftText({
  percent,
  of,
  by,
  deploymentId,
}: Extract<DeploymentEvent, { type: "trafficShifted" }>): string {
  return `${percent} % of the ${of} traffic goes to ${by === undefined ? "the new version" : `deployment ${deploymentId}`}`;
}
