import type { LockHolder } from "../../core/lock/holder.ts";
import { digestOf, entryText, type Link, type LockEntry, type LockRecord } from "../../core/lock/record.ts";
import { deletionShowsWithinMs, retryEveryMs } from "../../core/lock/timing.ts";
import type { StoredLock } from "../../core/ports/locks.ts";
import { isAbandoned, look, seemsAbandoned, type LockEdge } from "./abandoned.ts";
import { isSame, stateOf } from "./chain.ts";

/** A lock that this run holds. */
export interface Lease {
  readonly name: string;
  record: LockRecord;
  serial: number;
  tip: Link;
  /** When the write that confirmed it was sent, by this machine's time. */
  confirmedAt: number;
}

/** Who holds a lock that this run wants. */
export interface OtherHolder extends LockHolder {
  readonly runUrl?: string;
}

/** What trying to take a lock came to. */
export type Attempt =
  | { readonly kind: "taken"; readonly lease: Lease; readonly takenOver?: LockRecord }
  | { readonly kind: "held"; readonly holder: OtherHolder };

/**
 * Takes a lock that is free or whose holder gives no sign of life. Where the answer to a write got lost, what the lock
 * says counts.
 *
 * @throws AwsCallError
 */
export async function tryToTake(name: string, record: LockRecord, edge: LockEdge): Promise<Attempt> {
  const { locks, wallClock } = edge;
  const began = wallClock.now();
  const lease: Lease = { name, record, serial: 0, tip: { version: 0, digest: "" }, confirmedAt: began };
  const claimed: { readonly tip: Link; readonly entry: LockEntry | undefined }[] = [];
  const takenFrom = (entry: LockEntry | undefined): Attempt => {
    lease.record = inherit(record, entry);
    return { kind: "taken", lease, ...(entry === undefined ? {} : { takenOver: entry }) };
  };
  for (let looks = 0; ; looks += 1) {
    if (await create(lease, edge)) return { kind: "taken", lease };
    const { state, at } = await look(name, locks);
    if (state.kind === "free") {
      if (wallClock.now() - began > deletionShowsWithinMs) return { kind: "held", holder: unknownHolder };
      if (looks > 0) await wallClock.sleep(retryEveryMs, never);
      continue;
    }
    if (state.kind === "unheld") {
      if (await claim(lease, state.tip, edge)) return { kind: "taken", lease };
      continue;
    }
    const { entry, tip } = state;
    if (entry?.run === record.run && entry.endedBy === undefined) {
      // A write of ours whose answer got lost.
      lease.tip = tip;
      const from = claimed.find((one) => isSame(entry.follows, one.tip))?.entry;
      lease.record = inherit(record, from);
      if (await renew(lease, edge)) return takenFrom(from);
      continue;
    }
    if (!(await isAbandoned(name, state, at, record.run, edge))) {
      return { kind: "held", holder: entry ?? unknownHolder };
    }
    claimed.push({ tip, entry });
    lease.record = inherit(record, entry);
    if (await claim(lease, tip, edge)) return takenFrom(entry);
    lease.record = record;
  }
}

/** Gives a lock back that was taken over from a killed run, with its record, so that the next can take that up. */
export async function restore(lease: Lease, old: LockRecord, edge: LockEdge): Promise<void> {
  const endedBy = lease.record.run;
  lease.record = old;
  await write(lease, lease.tip, edge, { endedBy });
}

/** Whether somebody holds a lock alive; without a write. */
export async function holderOf(
  name: string,
  newest: StoredLock | undefined,
  at: number | undefined,
  run: string,
  edge: LockEdge,
): Promise<OtherHolder | undefined> {
  const state = await stateOf(name, newest, edge.locks);
  if (state.kind !== "held" || state.entry?.run === run) return undefined;
  if (await seemsAbandoned(name, state, at, edge)) return undefined;
  return state.entry ?? unknownHolder;
}

/**
 * Writes the lease's record again and so keeps the lock; false when it is another run's by now.
 *
 * @throws AwsCallError where it is not known whether it is kept
 */
export async function renew(lease: Lease, edge: LockEdge): Promise<boolean> {
  for (;;) {
    const sentAt = edge.wallClock.now();
    if (await write(lease, lease.tip, edge)) {
      lease.confirmedAt = sentAt;
      return true;
    }
    const { state } = await look(lease.name, edge.locks);
    if (state.kind !== "held" || state.entry?.run !== lease.record.run || state.entry.endedBy !== undefined) {
      return false;
    }
    lease.tip = state.tip;
  }
}

async function create(lease: Lease, { locks, wallClock }: LockEdge): Promise<boolean> {
  const sentAt = wallClock.now();
  const text = nextText(lease);
  const version = await locks.create(lease.name, text);
  if (version === undefined) return false;
  lease.tip = { version, digest: digestOf(text) };
  lease.confirmedAt = sentAt;
  return true;
}

/** Takes a lock that nobody holds any more; false when somebody was faster. */
async function claim(lease: Lease, tip: Link, edge: LockEdge): Promise<boolean> {
  const sentAt = edge.wallClock.now();
  if (!(await write(lease, tip, edge))) return false;
  // The lock may have been given back and made anew meanwhile, with versions counted from 1 again.
  const before = await edge.locks.readVersion(lease.name, tip.version);
  if (before === undefined || digestOf(before.value) !== tip.digest) return false;
  lease.confirmedAt = sentAt;
  return true;
}

/** Writes the version after `tip`; false when another came between, and then this one does not count. */
async function write(
  lease: Lease,
  tip: Link,
  { locks }: LockEdge,
  end: Pick<LockEntry, "endedBy"> = {},
): Promise<boolean> {
  const text = nextText(lease, tip, end);
  const version = await locks.overwrite(lease.name, text);
  lease.tip = { version, digest: digestOf(text) };
  return version === tip.version + 1;
}

function nextText(lease: Lease, follows?: Link, end: Pick<LockEntry, "endedBy"> = {}): string {
  lease.serial += 1;
  const link = follows === undefined ? {} : { follows };
  return entryText({ ...lease.record, serial: lease.serial, ...link, ...end });
}

/** What is to be kept of a record that is taken over, should this run be killed as well. */
function inherit(record: LockRecord, old: LockEntry | undefined): LockRecord {
  if (old === undefined) return record;
  const earlierRuns = old.purpose === record.purpose ? [old.run, ...(old.earlierRuns ?? [])] : undefined;
  return {
    ...record,
    ...(old.suspendedAutoscaling === undefined ? {} : { suspendedAutoscaling: old.suspendedAutoscaling }),
    ...(earlierRuns === undefined ? {} : { earlierRuns }),
  };
}

const unknownHolder: OtherHolder = {
  run: "unknown",
  owner: "somebody",
  purpose: "something that this script did not write",
  since: "an unknown time",
};

const never = new AbortController().signal;
