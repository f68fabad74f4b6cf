import type { Service } from "@aws-sdk/client-ecs";

import { historyIn, nextLookIn, type RolloutHistory } from "../../core/deployment/pace.ts";
import { judge, unseen, type Verdict, type WatchMemory } from "../../core/deployment/verdict.ts";
import type { DeploymentEventBody } from "../../core/events.ts";
import type { Clock, EcsPort } from "../../core/ports.ts";
import { report, storyOf, type Story } from "./story.ts";

/** A deployment that this run started, or found under way and takes up. */
export interface Watch {
  readonly service: string;
  readonly cluster: string;
  readonly deploymentId: string;
  /** When it was created, by AWS's time; for one that this run has just started. */
  readonly createdAt?: Date;
  /** The service before the deployment: what is in it is not this rollout's story. */
  readonly before?: Service;
  /** How long old targets drain at least, where the service's own log does not tell; milliseconds. */
  readonly drainsForMs?: number;
  readonly timeoutMs: number;
  /** That it goes back, this run has told already, which had it do so. */
  readonly rollbackTold?: true;
}

/** How watching ended, and the service as it was seen last. */
export interface Watched {
  readonly verdict:
    | Exclude<Verdict, { kind: "inProgress" | "rollingBack" | "completed" }>
    | {
        readonly kind: "completed";
        /** Where less than the end was to be waited for: what AWS still does. */
        readonly stillToDo?: string;
      }
    /** It waits for approval, which is what was to be waited for. */
    | { readonly kind: "paused"; readonly at: string }
    | {
        readonly kind: "timedOut";
        /** The deployment has failed; what had not ended is its rollback. */
        readonly failure?: string;
        /** Nobody has approved it yet at this stage. */
        readonly waitsForApprovalAt?: string;
      }
    | { readonly kind: "interrupted" };
  readonly seconds: number;
  readonly service?: Service;
}

/** What a watcher needs of the run. */
export interface WatcherEdge {
  readonly ecs: EcsPort;
  readonly clock: Clock;
  readonly emit: (event: DeploymentEventBody) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Somebody watches it live, for whom it looks more often. */
  readonly attended: boolean;
}

/** Watches the rollouts of all services of a run. */
export interface Watcher {
  /** @throws AwsCallError when AWS can no longer be asked */
  watch(watch: Watch): Promise<Watched>;
}

interface Open {
  readonly watch: Watch;
  readonly beganMs: number;
  readonly history: RolloutHistory;
  readonly earlierDeployments: ReadonlySet<string>;
  readonly earlierEvents: ReadonlySet<string>;
  readonly story: Story;
  memory: WatchMemory;
  lookAtMs: number;
  readonly end: (watched: Watched) => void;
  readonly fail: (error: unknown) => void;
}

/** DescribeServices takes so many names, at the price of one. */
const servicesPerCall = 10;

/** Services whose turn is soon come along in a call that is not full. */
const comesAlong = 0.5;

/** A deployment that has just been started has nothing to show yet. */
const firstLookAfterMs = 3_000;

/** One loop over all rollouts of a run, so that services of one cluster share their DescribeServices calls. */
export function createWatcher(edge: WatcherEdge): Watcher {
  const open = new Set<Open>();
  let wake = new AbortController();
  let running = false;

  const loop = async (): Promise<void> => {
    while (open.size > 0) {
      const now = edge.clock.now();
      const due = dueNow([...open], edge.signal.aborted ? Infinity : now);
      if (due.length > 0) await lookAt(due, open, edge);
      if (open.size === 0) break;
      const next = Math.min(...[...open].map(({ lookAtMs }) => lookAtMs));
      if (wake.signal.aborted) wake = new AbortController();
      const woken = AbortSignal.any([wake.signal, edge.signal]);
      if (next > edge.clock.now()) await edge.clock.sleep(next - edge.clock.now(), woken);
    }
    // In the same breath as the look at what is open: whoever comes next begins a loop of its own.
    running = false;
  };

  return {
    watch(watch) {
      return new Promise((resolve, reject) => {
        open.add(opened(watch, edge, resolve, reject));
        if (running) {
          wake.abort();
          return;
        }
        running = true;
        void loop();
      });
    },
  };
}

function opened(watch: Watch, { clock }: WatcherEdge, end: Open["end"], fail: Open["fail"]): Open {
  const { before, createdAt, deploymentId, drainsForMs } = watch;
  const now = clock.now();
  const learnt = before === undefined ? {} : historyIn(before, clock.timeOf);
  const ids = (before?.deployments ?? []).flatMap(({ id }) => id ?? []);
  return {
    watch,
    beganMs: now,
    history: drainsForMs === undefined ? learnt : { leastStoppingMs: drainsForMs, ...learnt },
    earlierDeployments: new Set(ids.filter((id) => id !== deploymentId)),
    earlierEvents: new Set((before?.events ?? []).flatMap(({ id }) => id ?? [])),
    story: storyOf(before),
    memory: unseen(now),
    lookAtMs: createdAt === undefined ? now : now + firstLookAfterMs,
    end,
    fail,
  };
}

/** Those whose turn it is, and in calls that are not full those whose turn is next. */
function dueNow(open: readonly Open[], nowMs: number): readonly Open[] {
  const clusters = [...new Set(open.map(({ watch }) => watch.cluster))];
  return clusters.flatMap((cluster) => {
    const inTurn = open
      .filter(({ watch }) => watch.cluster === cluster)
      .sort((left, right) => left.lookAtMs - right.lookAtMs);
    const due = inTurn.filter(({ lookAtMs }) => lookAtMs <= nowMs);
    if (due.length === 0) return [];
    const room = Math.ceil(due.length / servicesPerCall) * servicesPerCall - due.length;
    const soon = inTurn
      .slice(due.length)
      .filter(({ lookAtMs, beganMs }) => lookAtMs - nowMs < comesAlong * (lookAtMs - beganMs));
    return [...due, ...soon.slice(0, room)];
  });
}

async function lookAt(due: readonly Open[], open: Set<Open>, edge: WatcherEdge): Promise<void> {
  const clusters = [...new Set(due.map(({ watch }) => watch.cluster))];
  await Promise.all(
    clusters.map(async (cluster) => {
      const watched = due.filter(({ watch }) => watch.cluster === cluster);
      const names = [...new Set(watched.map(({ watch }) => watch.service))];
      try {
        const services = await edge.ecs.describeServices(cluster, names);
        const byName = new Map(services.map((service) => [service.serviceName ?? "", service]));
        for (const one of watched) {
          const watchedEnd = digest(one, byName.get(one.watch.service), edge);
          if (watchedEnd === undefined) continue;
          open.delete(one);
          one.end(watchedEnd);
        }
      } catch (error) {
        for (const one of watched) {
          open.delete(one);
          one.fail(error);
        }
      }
    }),
  );
}

/** Takes in one look: tells what is new, and says how it ended, or when to look again. */
function digest(one: Open, service: Service | undefined, edge: WatcherEdge): Watched | undefined {
  const { watch, beganMs, history, earlierDeployments, earlierEvents, story } = one;
  const { deploymentId } = watch;
  const nowMs = edge.clock.now();
  const subject = { deploymentId, earlierDeployments, earlierEvents };
  const { verdict, memory } = judge(service, subject, one.memory, nowMs);
  one.memory = memory;
  report(watch, service, verdict, story, edge.emit);
  const elapsed = nowMs - beganMs;
  const ended = (kind: Watched["verdict"]): Watched => ({
    verdict: kind,
    seconds: Math.round(elapsed / 100) / 10,
    ...(service === undefined ? {} : { service }),
  });
  if (verdict.kind !== "inProgress" && verdict.kind !== "rollingBack") return ended(verdict);
  if (edge.signal.aborted) return ended({ kind: "interrupted" });
  if (elapsed >= watch.timeoutMs) {
    const { failureReason } = memory;
    return ended({ kind: "timedOut", ...(failureReason === undefined ? {} : { failure: failureReason }) });
  }
  const pause = nextLookIn({
    service,
    deploymentId,
    nowMs,
    beganMs,
    timeOf: edge.clock.timeOf,
    history,
    attended: edge.attended,
    failing: verdict.kind === "rollingBack" || memory.failureReason !== undefined,
  });
  one.lookAtMs = nowMs + Math.min(pause, Math.max(1, watch.timeoutMs - elapsed));
  return undefined;
}
