import { digestOf, parseEntry, type Link, type LockEntry } from "../../core/lock/record.ts";
import type { LocksPort, StoredLock } from "../../core/ports/locks.ts";

/**
 * Who holds a lock. Parameter Store can't write on a condition, but numbers what is written: so each write names the
 * version that its writer saw, and counts only if it became the very next one. Of two runs that take the same lock
 * over, or of a takeover and a late renewal, exactly one counts, whichever came first; everybody who reads the versions
 * comes to the same answer.
 */
export type LockState =
  | { readonly kind: "free" }
  /** Nothing but writes that do not count. */
  | { readonly kind: "unheld"; readonly tip: Link }
  | {
      readonly kind: "held";
      /** The newest version, which the next write has to follow. */
      readonly tip: Link;
      /** The newest that counts; undefined where no run of this script wrote it. */
      readonly entry: LockEntry | undefined;
      /** When that was written, by AWS's time: milliseconds since 1970. */
      readonly renewedAt: number;
    };

/** Finds out who holds the lock whose newest version is given. Reads older versions where it must. */
export async function stateOf(
  name: string,
  newest: StoredLock | undefined,
  locks: LocksPort,
): Promise<LockState> {
  if (newest === undefined) return { kind: "free" };
  const tip = linkTo(newest);
  let stored = newest;
  for (;;) {
    const entry = parseEntry(stored.value);
    const held = { kind: "held", tip, entry, renewedAt: stored.modifiedAt } as const;
    if (entry === undefined) return held;
    if (stored.version <= 1) return entry.follows === undefined ? held : { kind: "unheld", tip };
    const before = await locks.readVersion(name, stored.version - 1);
    // What can't be looked up is trusted: then nobody takes the lock before it expires.
    if (before === undefined) return held;
    if (isSame(entry.follows, linkTo(before))) return held;
    stored = before;
  }
}

/** Names a version that was read. */
function linkTo({ value, version }: StoredLock): Link {
  return { version, digest: digestOf(value) };
}

/** Whether a write meant to follow just this version. */
export function isSame(left: Link | undefined, right: Link): boolean {
  return left?.version === right.version && left.digest === right.digest;
}
