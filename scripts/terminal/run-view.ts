import type { Diagnosis } from "../core/diagnosis.ts";
import type { DeploymentEvent, RolloutCounts, ServiceOutcome } from "../core/events.ts";
import type { LockHolder } from "../core/lock/holder.ts";
import { shiftText } from "./words.ts";

/** Where a service of the run stands. */
type Phase =
  "notBegun" | "waitingForLock" | "waitingForServices" | "preparing" | "rollingOut" | "rollingBack" | "ended";

/** All that a display knows of one service. Times are milliseconds since 1970. */
export interface ServiceView {
  readonly service: string;
  readonly cluster?: string;
  readonly phase: Phase;
  readonly revision?: string;
  readonly deploymentId?: string;
  readonly counts?: RolloutCounts;
  /** Tasks that ECS called unhealthy since the rollout began, and its last word on why. */
  readonly unhealthy?: { readonly tasks: readonly string[]; readonly reason: string };
  readonly holder?: LockHolder;
  readonly dependencies: readonly string[];
  readonly autoscalingSuspended: boolean;
  readonly rollback?: {
    readonly by: "ECS" | "CodeDeploy" | "Slipway";
    readonly revision: string;
    readonly reason: string;
  };
  readonly diagnoses: readonly Diagnosis[];
  /** Traffic that the run itself moves; in per cent. */
  readonly ownShift?: { readonly deploymentId: string; readonly percent: number };
  readonly lastEvent?: string;
  /** When the run first did something for it. */
  readonly begunAt?: number;
  readonly endedAt?: number;
  readonly outcome?: ServiceOutcome;
}

/** All that a display knows of a run. */
export interface RunView {
  readonly command?: string;
  readonly environment?: string;
  readonly region?: string;
  readonly startedAt?: number;
  /** In the order of the run. */
  readonly services: ReadonlyMap<string, ServiceView>;
}

export const emptyView: RunView = { services: new Map() };

/** The view after one more event. */
export function withEvent(view: RunView, event: DeploymentEvent): RunView {
  const at = Date.parse(event.at);
  const started: RunView = { ...view, startedAt: view.startedAt ?? at };
  if (event.type === "runStarted") {
    const { command, environment, region } = event;
    const services = new Map(view.services);
    for (const { service, cluster } of event.services) {
      const key = keyIn(services, service, cluster);
      services.set(key, { ...(services.get(key) ?? fresh(key)), cluster });
    }
    return { ...started, command, environment, region, services };
  }
  if (!("service" in event)) return started;
  const { service } = event;
  const key = event.type === "ended" ? keyIn(view.services, service, event.cluster) : service;
  const before = view.services.get(key) ?? fresh(key);
  return { ...started, services: new Map(view.services).set(key, afterEvent(before, event, at)) };
}

/** Of services of one name in several clusters each has its own end, which alone of their events names the cluster. */
function keyIn(services: RunView["services"], service: string, cluster: string): string {
  const known = services.get(service)?.cluster ?? cluster;
  return known === cluster ? service : `${cluster}/${service}`;
}

type ServiceEvent = Exclude<DeploymentEvent, { type: "note" | "runStarted" }>;

function afterEvent(view: ServiceView, event: ServiceEvent, at: number): ServiceView {
  const begun: ServiceView = { ...view, begunAt: view.begunAt ?? at };
  switch (event.type) {
    case "warning":
    case "resumed":
      return { ...begun, lastEvent: event.message };
    case "waitingForLock":
      return { ...begun, phase: "waitingForLock", holder: event.holder };
    case "lockTakenOver":
      return { ...begun, phase: "preparing", lastEvent: `took over the stale lock of ${event.holder.owner}` };
    case "checked":
      return event.check.status === "failed"
        ? { ...begun, phase: "preparing", lastEvent: `${event.check.name}: ${event.check.reason}` }
        : { ...begun, phase: "preparing" };
    case "waitingForServices":
      return { ...view, phase: "waitingForServices", dependencies: event.dependencies };
    case "revisionRegistered":
    case "revisionReused":
      return { ...begun, phase: "preparing", revision: event.revision };
    case "serviceChanged":
      return { ...begun, phase: rolling(view.phase) };
    case "autoscalingSuspended":
      return { ...begun, autoscalingSuspended: true };
    case "autoscalingResumed":
      return { ...begun, autoscalingSuspended: false };
    case "autoscalingSet":
    case "autoscalingRemoved":
      return begun;
    case "deploymentStarted": {
      const { deploymentId, revision } = event;
      return { ...begun, phase: rolling(view.phase), deploymentId, revision };
    }
    case "progress":
      return { ...begun, phase: rolling(view.phase), counts: countsOf(event) };
    case "lifecycle":
      return { ...begun, phase: rolling(view.phase), lastEvent: `${event.stage} ${event.status}` };
    case "trafficShifted":
      return {
        ...begun,
        phase: rolling(view.phase),
        lastEvent: shiftText(event),
        ...(event.by === undefined
          ? {}
          : { ownShift: { deploymentId: event.deploymentId, percent: event.percent } }),
      };
    case "waitingForApproval":
      return { ...begun, phase: rolling(view.phase), lastEvent: `waits for approval at ${event.stage}` };
    case "serviceEvent":
      return withServiceEvent({ ...begun, phase: rolling(view.phase) }, event.message);
    case "rollingBack": {
      const { by, revision, reason } = event;
      return { ...begun, phase: "rollingBack", rollback: { by, revision, reason }, lastEvent: reason };
    }
    case "explained":
      return { ...begun, diagnoses: event.diagnoses };
    case "revisionsPruned":
      return { ...begun, lastEvent: `deregistered ${event.revisions.join(", ")}` };
    case "ended":
      return ended(view, event, at);
  }
}

/** AWS may say a last word after the rollback has begun, or after the end. */
function rolling(phase: Phase): Phase {
  return phase === "rollingBack" || phase === "ended" ? phase : "rollingOut";
}

function ended(view: ServiceView, event: Extract<ServiceEvent, { type: "ended" }>, at: number): ServiceView {
  return {
    ...view,
    phase: "ended",
    cluster: event.cluster,
    endedAt: at,
    outcome: event,
    ...(event.revision === undefined ? {} : { revision: event.revision }),
    ...(event.outcome === "failed" && event.diagnoses.length > 0 ? { diagnoses: event.diagnoses } : {}),
  };
}

function countsOf({
  deploymentId,
  desired,
  running,
  pending,
  failed,
  replacedRunning,
}: RolloutCounts): RolloutCounts {
  return { deploymentId, desired, running, pending, failed, replacedRunning };
}

/** ECS's two sentences on a task that is not healthy: of a target group, and of a container's own check. */
const unhealthyTarget = /\(task ([^)]+)\).* is unhealthy in .* due to \(reason (.*)\)/;
const unhealthyContainer = /\(task ([^)]+)\) failed container health checks/;

function withServiceEvent(view: ServiceView, message: string): ServiceView {
  const lastEvent = withoutServiceName(message, view.service);
  const [, target, reason] = unhealthyTarget.exec(message) ?? [];
  const [, container] = unhealthyContainer.exec(message) ?? [];
  const task = target ?? container;
  if (task === undefined) return { ...view, lastEvent };
  const tasks = [...new Set([...(view.unhealthy?.tasks ?? []), task])];
  return { ...view, lastEvent, unhealthy: { tasks, reason: reason ?? "container health check" } };
}

/** ECS begins every sentence with the service, which every display names already. */
export function withoutServiceName(message: string, service: string): string {
  const prefix = `(service ${service})`;
  return message.startsWith(prefix) ? message.slice(prefix.length).trimStart() : message;
}

function fresh(service: string): ServiceView {
  return { service, phase: "notBegun", dependencies: [], autoscalingSuspended: false, diagnoses: [] };
}
