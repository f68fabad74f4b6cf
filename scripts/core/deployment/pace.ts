import type { Service } from "@aws-sdk/client-ecs";

/**
 * When to look at a rollout again. Most of a rollout is waiting for things whose length is known: how long old
 * targets drain, and how long this service's last rollout took to get there. Those are slept through; what may end
 * at any moment is looked at every second or two. All of it comes from the answers that are there anyway.
 */

/** How earlier rollouts of this service went, from its own event log. */
export interface RolloutHistory {
  /** From the first start of a new task to the first stop of an old one. */
  readonly startingMs?: number;
  /** From the last stop of an old task, which then drains, to the end of the deployment. */
  readonly stoppingMs?: number;
  /** How long that takes at least, where no rollout has shown it yet: the deregistration delay. */
  readonly leastStoppingMs?: number;
}

/** What one look has shown, for the choice of the next. */
export interface Look {
  readonly service: Service | undefined;
  readonly deploymentId: string;
  /** Of the run's clock. */
  readonly nowMs: number;
  /** When the deployment began, by the run's clock. */
  readonly beganMs: number;
  /** AWS's time in the run's clock. */
  readonly timeOf: (date: Date) => number;
  readonly history: RolloutHistory;
  /** Somebody watches it live. */
  readonly attended: boolean;
  /** It failed, and what comes of that is awaited. */
  readonly failing: boolean;
}

const denseMs = 1_500;
const attendedMs = 2_500;
const movingMs = 3_000;
const startingMs = 5_000;
const longestMs = 60_000;

/** The first look comes early, so that what fails at once is told at once. */
const firstLookMs = 5_000;

/** While nothing can be over yet, and a failure is all that there is to see. */
const unhurriedMs = 15_000;

/** From the end of the drain to the end of the deployment, as rollouts of others have shown. */
const tailMs = { least: 35_000, most: 80_000 };

/** Predictions are from history: looking begins so much before. */
const marginMs = 3_000;

/** After a prediction has passed without the end by so much, looks get rarer by and by. */
const overdueMs = 30_000;

/** Milliseconds to sleep before the next look. */
export function nextLookIn(look: Look): number {
  const { service, deploymentId, nowMs, beganMs, attended, failing } = look;
  const pause = failing ? movingMs : unattendedPause(look, service, deploymentId, nowMs - beganMs);
  return Math.min(attended ? Math.min(pause, attendedMs) : pause, longestMs);
}

function unattendedPause(
  { nowMs, timeOf, history }: Look,
  service: Service | undefined,
  deploymentId: string,
  sinceMs: number,
): number {
  const ours = service?.deployments?.find(({ id }) => id === deploymentId);
  if (service === undefined || ours === undefined) return movingMs;
  const others = (service.deployments ?? []).filter(({ id }) => id !== deploymentId);
  const desired = ours.desiredCount ?? 0;
  const allRun = (ours.runningCount ?? 0) >= desired && (ours.pendingCount ?? 0) === 0;
  if ((ours.failedTasks ?? 0) > 0) return movingMs;

  const stopped = newestStop(service);
  if (allRun && stopped !== undefined && history.stoppingMs !== undefined) {
    return towards(timeOf(stopped) + history.stoppingMs - nowMs);
  }
  if (allRun && stopped !== undefined && history.leastStoppingMs !== undefined) {
    return pastTheDrain(nowMs - timeOf(stopped) - history.leastStoppingMs);
  }
  if (allRun && others.every(({ runningCount }) => (runningCount ?? 0) === 0)) return denseMs;
  if (others.length > 0 && (history.stoppingMs ?? history.leastStoppingMs) !== undefined) {
    if (sinceMs < firstLookMs) return firstLookMs;
    // Until old tasks are stopped nothing can be over; that event then says when to be there.
    return Math.max((history.startingMs ?? 0) + marginMs - sinceMs, unhurriedMs);
  }
  return allRun ? denseMs : startingMs;
}

/** The drain is over, or nearly; what comes after takes a while, nobody has seen here how long. */
function pastTheDrain(pastMs: number): number {
  if (pastMs < -marginMs) return -pastMs;
  if (pastMs < tailMs.least) return startingMs;
  return pastMs < tailMs.most ? denseMs : overdue(pastMs - tailMs.most);
}

/** Far from it: most of the way. Near: every second or two. Long past it: rarer. */
function towards(leftMs: number): number {
  if (leftMs > marginMs) return leftMs - marginMs;
  return leftMs > -overdueMs ? denseMs : overdue(-leftMs - overdueMs);
}

function overdue(byMs: number): number {
  return Math.min(movingMs + byMs / 10, unhurriedMs);
}

const stops = /has stopped \d+ running tasks/;
const started = "has started";
const completed = "deployment completed";

/**
 * Learns from the newest rollout that completed and stopped old tasks; empty where the log has none. A rollout that
 * is under way is not counted.
 *
 * @param timeOf AWS's time in the run's clock
 */
export function historyIn(service: Service, timeOf: (date: Date) => number): RolloutHistory {
  const events = (service.events ?? []).flatMap(({ message = "", createdAt }) =>
    createdAt === undefined ? [] : [{ message, at: timeOf(createdAt) }],
  );
  const ends = events.flatMap(({ message }, index) => (message.includes(completed) ? [index] : []));
  for (const [nth, end] of ends.entries()) {
    // Newest first: the end of the rollout, then what came before it down to the end of the one before.
    const own = events.slice(end + 1, ends[nth + 1]);
    const stopped = own.filter(({ message }) => stops.test(message)).map(({ at }) => at);
    const starts = own.filter(({ message }) => message.includes(started)).map(({ at }) => at);
    const ended = events[end]?.at;
    if (stopped.length === 0 || ended === undefined) continue;
    return {
      stoppingMs: ended - Math.max(...stopped),
      ...(starts.length === 0 ? {} : { startingMs: Math.max(0, Math.min(...stopped) - Math.min(...starts)) }),
    };
  }
  return {};
}

/** When the rollout that is under way last stopped old tasks, in AWS's time. */
function newestStop(service: Service): Date | undefined {
  for (const { message = "", createdAt } of service.events ?? []) {
    if (message.includes(completed)) return undefined;
    if (stops.test(message)) return createdAt;
  }
  return undefined;
}
