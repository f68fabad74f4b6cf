import type { RunView, ServiceView } from "./run-view.ts";
import { countsText } from "./words.ts";

/** Services that are named one by one. */
const named = 5;

/**
 * What the first Ctrl-C is answered with: what is going on, what goes on without us, and how to take it up again.
 *
 * @param resumable whether the same command finds what this one began, and does not begin anew
 */
export function interruptText({ services }: RunView, resumable: boolean): string {
  const open = [...services.values()].filter(({ phase }) => phase !== "ended");
  const rolling = open.filter(({ phase }) => phase === "rollingOut" || phase === "rollingBack");
  const waiting = open.length - rolling.length;
  const lines = rolling.slice(0, named).map(rollingText);
  if (rolling.length > named) lines.push(`${rolling.length - named} more rollouts go on in ECS as well.`);
  if (waiting > 0)
    lines.push(`No rollout was started yet for ${waitingText(open, rolling)}; this run starts none.`);
  return [
    "Interrupted: the call under way is finished, then this run says how things stand and ends.",
    ...lines,
    ...(open.length > 0 ? [howToGoOn(resumable)] : []),
    "Ctrl-C again leaves at once.",
  ].join("\n");
}

function howToGoOn(resumable: boolean): string {
  return resumable
    ? "The same command takes it up again."
    : "The same command would start a rollout of its own; ./deploy status tells how this one goes on.";
}

function waitingText(open: readonly ServiceView[], rolling: readonly ServiceView[]): string {
  const waiting = open.filter((view) => !rolling.includes(view)).map(({ service }) => service);
  const more = waiting.length - named;
  return `${waiting.slice(0, named).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** What the second one is answered with. */
export function leavingText({ services }: RunView): string {
  const suspended = [...services.values()].filter(({ autoscalingSuspended }) => autoscalingSuspended);
  const names = suspended.map(({ service }) => service).join(", ");
  return [
    "Left at once. What runs in ECS goes on; a lock of this run gives way by itself within a minute.",
    ...(suspended.length > 0
      ? [`Autoscaling of ${names} is still suspended: the same command, run to its end, resumes it.`]
      : []),
  ].join("\n");
}

function rollingText(view: ServiceView): string {
  const { service, deploymentId, revision, counts, rollback, phase, ownShift } = view;
  if (ownShift !== undefined) return ownShiftText(service, ownShift);
  const stand = counts === undefined ? "" : ` (${countsText(counts)})`;
  if (phase === "rollingBack" && rollback !== undefined) {
    return `${service} is being rolled back to ${rollback.revision} by ${rollback.by}${stand}; that goes on in ECS without us.`;
  }
  const what = `${deploymentId === undefined ? "its deployment" : `deployment ${deploymentId}`}${revision === undefined ? "" : ` of ${revision}`}`;
  return `${service}: ${what}${stand} goes on in ECS without us.`;
}

/** Traffic that a run moves itself is left with one version. */
function ownShiftText(
  service: string,
  { deploymentId, percent }: NonNullable<ServiceView["ownShift"]>,
): string {
  return percent === 100
    ? `${service}: deployment ${deploymentId} has all of the traffic, and keeps it.`
    : `${service}: the ${percent} % of the traffic that deployment ${deploymentId} has is put back now.`;
}
