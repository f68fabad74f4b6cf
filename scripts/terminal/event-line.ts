import type { DeploymentEvent, RolloutCounts } from "../core/events.ts";
import type { Paint } from "./paint.ts";

/** One line of progress for one event, for a terminal or a CI log; undefined where the result says it better. */
export function eventLine(event: DeploymentEvent, paint: Paint): string | undefined {
  switch (event.type) {
    case "note":
      return paint.faint(event.message);
    case "revisionRegistered":
      return line(event.service, `registered ${event.revision}`, paint);
    case "revisionReused":
      return line(event.service, `definition unchanged, ${event.revision} is used`, paint);
    case "deploymentStarted":
      return line(event.service, `rollout of ${event.revision} started (${event.deploymentId})`, paint);
    case "progress":
      return line(event.service, counts(event), paint);
    case "serviceEvent":
      return line(event.service, paint.faint(event.message), paint);
    case "rollingBack":
      return line(
        event.service,
        paint.warning(`the rollout failed: ${event.reason} ECS goes back to ${event.revision}`),
        paint,
      );
    case "ended":
      return undefined;
  }
}

function counts({ desired, running, pending, failed, replacedRunning }: RolloutCounts): string {
  const parts = [`${running} of ${desired} running`];
  if (pending > 0) parts.push(`${pending} starting`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (replacedRunning > 0) parts.push(`${replacedRunning} of the old version still running`);
  return parts.join(", ");
}

function line(service: string, text: string, paint: Paint): string {
  return `${paint.strong(service)}  ${text}`;
}
