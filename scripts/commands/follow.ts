import type { Deployment, Service } from "@aws-sdk/client-ecs";

import { failureCauses, diedByThemselves } from "../core/deployment/failure-causes.ts";
import { primaryDeployment } from "../core/deployment/service-changes.ts";
import { revisionName } from "../core/deployment/task-definition.ts";
import { freshMemory, judge, type Verdict, type WatchMemory } from "../core/deployment/verdict.ts";
import { AwsCallError } from "../core/errors.ts";
import type { DeploymentEventBody, FailureCause, ServiceOutcome } from "../core/events.ts";
import type { Clock, EcsPort } from "../core/ports.ts";

/** A deployment that this run started, or found under way and takes up. */
export interface Watch {
  readonly service: string;
  readonly cluster: string;
  readonly deploymentId: string;
  readonly revision: string;
  readonly images: readonly string[];
  /** Ids of the service's events from before this run, which are not its story. */
  readonly earlierEvents: ReadonlySet<string>;
}

export interface FollowSettings {
  readonly timeoutMs: number;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

interface Followed {
  readonly watch: Watch;
  memory: WatchMemory;
  lastProgress: string;
  rollingBack: boolean;
  readonly seenEvents: Set<string>;
}

/** Between two looks: fast while something moves, slower when nothing has for a while. Both far below AWS's rates. */
const lookEveryMs = 1_000;
const lookWhenQuietEveryMs = 3_000;
const quietAfterMs = 30_000;

/** Stopped tasks read to explain a failure. */
const stoppedTasksToRead = 20;

/**
 * Watches deployments by their ids until each has ended, the time is up or the signal is aborted. Services of one
 * cluster share their DescribeServices calls.
 *
 * @returns one outcome a watch, in the order of `watches`
 * @throws AwsCallError when AWS can no longer be asked
 */
export async function follow(
  watches: readonly Watch[],
  { ecs, clock, emit }: { ecs: EcsPort; clock: Clock; emit: (event: DeploymentEventBody) => void },
  { timeoutMs, signal }: FollowSettings,
): Promise<readonly ServiceOutcome[]> {
  const startedAt = clock.now();
  const outcomes = new Map<string, ServiceOutcome>();
  const open = new Map<string, Followed>(
    watches.map((watch) => [
      keyOf(watch),
      {
        watch,
        memory: freshMemory,
        lastProgress: "",
        rollingBack: false,
        seenEvents: new Set(watch.earlierEvents),
      },
    ]),
  );
  let movedAt = startedAt;

  while (open.size > 0) {
    const services = await look(
      ecs,
      [...open.values()].map(({ watch }) => watch),
    );
    for (const [key, followed] of open) {
      const service = services.get(key);
      const { verdict, memory } = judge(service, followed.watch.deploymentId, followed.memory);
      followed.memory = memory;
      if (report(followed, service, verdict, emit)) movedAt = clock.now();
      const outcome = await outcomeOf(followed.watch, verdict, ecs, seconds(clock.now() - startedAt));
      if (outcome !== undefined) {
        outcomes.set(key, outcome);
        open.delete(key);
      }
    }
    if (open.size === 0) break;
    const elapsed = clock.now() - startedAt;
    if (signal.aborted || elapsed >= timeoutMs) {
      for (const [key, { watch }] of open)
        outcomes.set(key, unfinished(watch, signal.aborted, seconds(elapsed)));
      break;
    }
    const pause = clock.now() - movedAt > quietAfterMs ? lookWhenQuietEveryMs : lookEveryMs;
    await clock.sleep(Math.min(pause, timeoutMs - elapsed), signal);
  }
  return watches.flatMap((watch) => outcomes.get(keyOf(watch)) ?? []);
}

async function look(ecs: EcsPort, watches: readonly Watch[]): Promise<ReadonlyMap<string, Service>> {
  const clusters = [...new Set(watches.map(({ cluster }) => cluster))];
  const found = await Promise.all(
    clusters.map(async (cluster) => {
      const names = watches.filter((watch) => watch.cluster === cluster).map(({ service }) => service);
      const services = await ecs.describeServices(cluster, names);
      return services.map((service): [string, Service] => [
        keyOf({ cluster, service: service.serviceName ?? "" }),
        service,
      ]);
    }),
  );
  return new Map(found.flat());
}

/** Emits what is new; true when anything was. */
function report(
  followed: Followed,
  service: Service | undefined,
  verdict: Verdict,
  emit: (event: DeploymentEventBody) => void,
): boolean {
  const { watch } = followed;
  let moved = false;
  for (const { id, message } of [...(service?.events ?? [])].reverse()) {
    if (id === undefined || message === undefined || followed.seenEvents.has(id)) continue;
    followed.seenEvents.add(id);
    emit({ type: "serviceEvent", service: watch.service, message });
    moved = true;
  }
  const counts = countsOf(watch, service);
  const progress = JSON.stringify(counts);
  if (counts !== undefined && progress !== followed.lastProgress) {
    followed.lastProgress = progress;
    emit({ type: "progress", service: watch.service, ...counts });
    moved = true;
  }
  if (verdict.kind === "rollingBack" && !followed.rollingBack) {
    followed.rollingBack = true;
    emit({
      type: "rollingBack",
      service: watch.service,
      reason: verdict.reason,
      revision: revisionOf(verdict.to),
    });
    moved = true;
  }
  return moved;
}

function countsOf(
  watch: Watch,
  service: Service | undefined,
): Omit<Extract<DeploymentEventBody, { type: "progress" }>, "type" | "service"> | undefined {
  const deployments = service?.deployments ?? [];
  const ours = deployments.find(({ id }) => id === watch.deploymentId);
  const shown = ours ?? (service === undefined ? undefined : primaryDeployment(service));
  if (shown === undefined) return undefined;
  return {
    deploymentId: shown.id ?? watch.deploymentId,
    desired: shown.desiredCount ?? 0,
    running: shown.runningCount ?? 0,
    pending: shown.pendingCount ?? 0,
    failed: shown.failedTasks ?? 0,
    replacedRunning: deployments
      .filter(({ id }) => id !== shown.id)
      .reduce((sum, { runningCount }) => sum + (runningCount ?? 0), 0),
  };
}

async function outcomeOf(
  watch: Watch,
  verdict: Verdict,
  ecs: EcsPort,
  elapsedSeconds: number,
): Promise<ServiceOutcome | undefined> {
  const { service, cluster, deploymentId, revision, images } = watch;
  const base = { service, cluster, deploymentId };
  switch (verdict.kind) {
    case "inProgress":
    case "rollingBack":
      return undefined;
    case "completed":
      return { ...base, outcome: "completed", revision, images, seconds: elapsedSeconds };
    case "superseded":
      return { ...base, outcome: "superseded", by: verdict.by.id ?? "?", byRevision: revisionOf(verdict.by) };
    case "gone":
      return { ...base, outcome: "gone", status: verdict.status };
    case "failed": {
      const rolledBackTo = verdict.rolledBackTo === undefined ? undefined : revisionOf(verdict.rolledBackTo);
      return {
        ...base,
        outcome: "failed",
        reason: verdict.reason,
        failedRevision: revision,
        causes: await explain(watch, ecs),
        ...(rolledBackTo === undefined ? {} : { rolledBackTo, revision: rolledBackTo }),
      };
    }
  }
}

/** What can't be read for lack of permission is said, and is no reason to lose the verdict. */
async function explain({ cluster, deploymentId }: Watch, ecs: EcsPort): Promise<readonly FailureCause[]> {
  try {
    return failureCauses(diedByThemselves(await ecs.stoppedTasks(cluster, deploymentId, stoppedTasksToRead)));
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return [{ tasks: 0, cause: `The stopped tasks could not be read (${error.message})` }];
  }
}

function unfinished(watch: Watch, interrupted: boolean, elapsedSeconds: number): ServiceOutcome {
  const { service, cluster, deploymentId, revision } = watch;
  const base = { service, cluster, deploymentId, revision };
  return interrupted
    ? { ...base, outcome: "interrupted" }
    : { ...base, outcome: "timedOut", seconds: elapsedSeconds };
}

function revisionOf(deployment: Deployment): string {
  return deployment.taskDefinition === undefined
    ? "an unknown revision"
    : revisionName(deployment.taskDefinition);
}

function keyOf({ cluster, service }: { cluster: string; service: string }): string {
  return `${cluster}/${service}`;
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}
