import { entryText, type Link, type LockEntry } from "../../core/lock/record.ts";
import { expiresAfterMs } from "../../core/lock/timing.ts";
import type { Clock } from "../../core/ports.ts";
import type { LocksPort } from "../../core/ports/locks.ts";
import { stateOf, type LockState } from "./chain.ts";
import type { Machine } from "./this-machine.ts";

/** What taking locks needs of the run. */
export interface LockEdge {
  readonly locks: LocksPort;
  readonly machine: Pick<Machine, "isDead">;
  readonly wallClock: Clock;
  /** When this run first saw a version of a lock, by its own time. */
  readonly firstSeen: Map<string, number>;
}

/** A lock that somebody holds, alive or not. */
export type Held = Extract<LockState, { kind: "held" }>;

/** What a lock says now, and AWS's time. */
export async function look(
  name: string,
  locks: LocksPort,
): Promise<{ readonly state: LockState; readonly at: number | undefined }> {
  const { locks: found, at } = await locks.read([name]);
  return { state: await stateOf(name, found.get(name), locks), at };
}

/**
 * Whether the holder is gone for good. A lock that another one's renewal keeps alive is given up only once that one is
 * marked, so that its holder, should it come back, finds that it has lost it.
 */
export async function isAbandoned(
  name: string,
  state: Held,
  at: number | undefined,
  by: string,
  edge: LockEdge,
): Promise<boolean> {
  const { entry } = state;
  for (;;) {
    if (!(await seemsAbandoned(name, state, at, edge))) return false;
    if (entry === undefined || entry.heartbeat === name) return true;
    const heart = await beating(entry, edge.locks);
    if (heart === undefined) return true;
    const { tip } = heart.state;
    const marked = entryText({ ...heart.entry, endedBy: by, follows: tip });
    // When somebody else wrote meanwhile, the next look tells what.
    if ((await edge.locks.overwrite(entry.heartbeat, marked)) === tip.version + 1) return true;
  }
}

/** The lock by whose renewal a run keeps the given one, as long as the run holds that. */
async function beating(
  { heartbeat, run }: LockEntry,
  locks: LocksPort,
): Promise<{ readonly state: Held; readonly entry: LockEntry; readonly at: number | undefined } | undefined> {
  const { state, at } = await look(heartbeat, locks);
  if (state.kind !== "held" || state.entry?.run !== run || state.entry.endedBy !== undefined)
    return undefined;
  return { state, entry: state.entry, at };
}

/** The same without a write. */
export async function seemsAbandoned(
  name: string,
  { entry, tip, renewedAt }: Held,
  at: number | undefined,
  edge: LockEdge,
): Promise<boolean> {
  if (entry?.endedBy !== undefined) return true;
  if (entry?.process !== undefined && (await edge.machine.isDead(entry.process))) return true;
  if (!isExpired(name, tip, renewedAt, at, edge)) return false;
  if (entry === undefined || entry.heartbeat === name) return true;
  const heart = await beating(entry, edge.locks);
  return (
    heart === undefined || isExpired(entry.heartbeat, heart.state.tip, heart.state.renewedAt, heart.at, edge)
  );
}

/** By AWS's own time, or since this run has watched it for so long. */
function isExpired(
  name: string,
  tip: Link,
  renewedAt: number,
  at: number | undefined,
  { wallClock, firstSeen }: LockEdge,
): boolean {
  if (at !== undefined && at - renewedAt >= expiresAfterMs) return true;
  const key = `${name}:${tip.version}:${tip.digest}`;
  const seenAt = firstSeen.get(key) ?? wallClock.now();
  firstSeen.set(key, seenAt);
  return wallClock.now() - seenAt >= expiresAfterMs;
}
