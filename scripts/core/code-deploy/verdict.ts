import type { DeploymentInfo, DeploymentTarget, LifecycleEvent } from "@aws-sdk/client-codedeploy";

import { approvalMinutes } from "./model.ts";

/** What one look at a CodeDeploy deployment says of it. */
export type CodeDeployVerdict =
  | { readonly kind: "inProgress" }
  /** Nothing goes on until somebody approves. */
  | { readonly kind: "waitsForApproval"; readonly since?: Date; readonly until?: Date }
  /** All of the traffic has moved, and the old tasks wait for their end. */
  | { readonly kind: "shifted"; readonly until?: Date }
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed"; readonly reason: string; readonly rollback: Rollback };

/** What CodeDeploy does about a failure. */
type Rollback =
  | { readonly kind: "deployment"; readonly id: string }
  /** It should begin one, and has not said so yet. */
  | { readonly kind: "expected" }
  | { readonly kind: "none" };

const minuteMs = 60_000;

/**
 * Judges a deployment by its own status.
 *
 * @param target absent before it has begun
 * @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
 */
export function judgeCodeDeploy(
  info: DeploymentInfo,
  target: DeploymentTarget | undefined,
): CodeDeployVerdict {
  const events = target?.ecsTarget?.lifecycleEvents ?? [];
  switch (info.status) {
    case "Succeeded":
      return { kind: "succeeded" };
    case "Failed":
    case "Stopped":
      return { kind: "failed", reason: reasonOf(info, events), rollback: rollbackOf(info) };
    case "Ready":
      return waits(info, events);
    case "Created":
    case "Queued":
    case "InProgress":
    case "Baking":
    case undefined:
      return hasShifted(info, events)
        ? { kind: "shifted", ...terminationAt(info, events) }
        : { kind: "inProgress" };
  }
}

/** Whether its production traffic has all moved, and the checks after that are over. */
function hasShifted(
  { instanceTerminationWaitTimeStarted }: DeploymentInfo,
  events: readonly LifecycleEvent[],
): boolean {
  if (instanceTerminationWaitTimeStarted === true) return true;
  const last = events.find(({ lifecycleEventName }) => lifecycleEventName === "AfterAllowTraffic");
  return last?.status === "Succeeded";
}

function waits(info: DeploymentInfo, events: readonly LifecycleEvent[]): CodeDeployVerdict {
  const since = lastEnd(events);
  const minutes = approvalMinutes(info);
  if (since === undefined) return { kind: "waitsForApproval" };
  return {
    kind: "waitsForApproval",
    since,
    ...(minutes === undefined ? {} : { until: new Date(since.getTime() + minutes * minuteMs) }),
  };
}

function terminationAt(info: DeploymentInfo, events: readonly LifecycleEvent[]): { readonly until?: Date } {
  const { action, terminationWaitTimeInMinutes } =
    info.blueGreenDeploymentConfiguration?.terminateBlueInstancesOnDeploymentSuccess ?? {};
  const since = lastEnd(events);
  if (action === "KEEP_ALIVE" || since === undefined || terminationWaitTimeInMinutes === undefined) return {};
  return { until: new Date(since.getTime() + terminationWaitTimeInMinutes * minuteMs) };
}

function lastEnd(events: readonly LifecycleEvent[]): Date | undefined {
  const ends = events.flatMap(({ endTime }) => endTime?.getTime() ?? []);
  return ends.length === 0 ? undefined : new Date(Math.max(...ends));
}

/** AWS's words for the failure, and those of the event that failed where they say more. */
function reasonOf({ errorInformation, status }: DeploymentInfo, events: readonly LifecycleEvent[]): string {
  const { code, message } = errorInformation ?? {};
  const failed = events.find((event) => event.status === "Failed");
  const detail = failed?.diagnostics?.message;
  const words = message ?? `CodeDeploy says ${status ?? "nothing"} and gives no reason`;
  const at = failed?.lifecycleEventName === undefined ? "" : ` at ${failed.lifecycleEventName}`;
  const more = detail === undefined || detail === "" || detail === message ? "" : ` ${detail}`;
  return `${words}${more}${code === undefined ? at : ` (${code}${at})`}`;
}

function rollbackOf({
  rollbackInfo,
  autoRollbackConfiguration,
  errorInformation,
  status,
}: DeploymentInfo): Rollback {
  const id = rollbackInfo?.rollbackDeploymentId;
  if (id !== undefined) return { kind: "deployment", id };
  if (rollbackInfo?.rollbackMessage !== undefined) return { kind: "none" };
  const events = autoRollbackConfiguration?.enabled === true ? (autoRollbackConfiguration.events ?? []) : [];
  const on =
    errorInformation?.code === "ALARM_ACTIVE"
      ? "DEPLOYMENT_STOP_ON_ALARM"
      : errorInformation?.code === "MANUAL_STOP" && status === "Stopped"
        ? "DEPLOYMENT_STOP_ON_REQUEST"
        : "DEPLOYMENT_FAILURE";
  return { kind: events.includes(on) ? "expected" : "none" };
}
