import { AwsCallError, RefusedError } from "../../core/errors.ts";
import type { LockRecord } from "../../core/lock/record.ts";
import { holdsForMs, releaseWithinMs, renewEveryMs, retryEveryMs } from "../../core/lock/timing.ts";
import { renew, restore, type Lease } from "./attempt.ts";
import { look, type LockEdge } from "./abandoned.ts";

/** Renews the first of some locks, by which all are kept, until it is told to end. */
export interface Keeper {
  /** Aborted once the locks are this run's no more, with a RefusedError as its reason; by the clock at each look. */
  readonly lost: AbortSignal;
  /** Further locks that the first keeps alive. */
  add(lease: Lease): void;
  /**
   * Changes the record of a lock.
   *
   * @throws RefusedError when the lock is lost, AwsCallError when it is not known whether it was written
   */
  note(name: string, patch: Partial<LockRecord>): Promise<void>;
  /**
   * Stops renewing and gives all locks back. Locks that were lost are left alone. Never throws what AWS answers.
   *
   * @param keep records of killed runs, by the lock's name, that are put back into their locks for the next run
   * @returns the names of locks that could not be given back, with why
   */
  release(
    keep?: ReadonlyMap<string, LockRecord>,
  ): Promise<readonly { readonly name: string; readonly why: string }[]>;
}

/** Begins to keep locks. */
export function keepLocks(first: Lease, edge: LockEdge): Keeper {
  const { wallClock } = edge;
  const leases = new Map([[first.name, first]]);
  const lost = new AbortController();
  const ended = new AbortController();

  const lose = (message: string): void => {
    if (!lost.signal.aborted) lost.abort(new RefusedError(message));
    ended.abort();
  };
  const loseToOther = (): void => {
    lose(
      "Another run has taken over the lock, since this one gave no sign of life for a minute; it changes nothing more.",
    );
  };
  const isOver = (): boolean => ended.signal.aborted;
  const checkTime = (): void => {
    if (isOver() || wallClock.now() - first.confirmedAt < holdsForMs) return;
    lose(
      "The lock could not be renewed for almost a minute, so another run may have taken it over; this one changes nothing more.",
    );
  };

  // One write at a time, each following the one before.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const keep = async (lease: Lease): Promise<boolean> => {
    const kept = await renew(lease, edge);
    if (!kept) loseToOther();
    return kept;
  };

  const renewing = (async () => {
    let pauseMs = renewEveryMs;
    while (!isOver()) {
      const leftMs = first.confirmedAt + holdsForMs - wallClock.now();
      await wallClock.sleep(Math.max(0, Math.min(pauseMs, leftMs)), ended.signal);
      checkTime();
      if (isOver()) return;
      try {
        await Promise.race([
          inTurn(async () => (isOver() ? false : keep(first))),
          wallClock.sleep(Math.max(0, first.confirmedAt + holdsForMs - wallClock.now()), ended.signal),
        ]);
        pauseMs = renewEveryMs;
      } catch (error) {
        if (!(error instanceof AwsCallError)) throw error;
        pauseMs = retryEveryMs;
      }
      checkTime();
    }
  })();

  return {
    get lost() {
      checkTime();
      return lost.signal;
    },
    add: (lease) => {
      leases.set(lease.name, lease);
    },
    note: (name, patch) =>
      inTurn(async () => {
        checkTime();
        const lease = leases.get(name);
        if (lease === undefined) throw new Error(`${name} is not held`);
        const before = lease.record;
        lease.record = { ...before, ...patch };
        if (lost.signal.aborted || !(await keep(lease))) throw lost.signal.reason;
      }),
    async release(kept = new Map()) {
      checkTime();
      ended.abort();
      await renewing;
      return inTurn(async () => {
        if (lost.signal.aborted) return [];
        if (wallClock.now() - first.confirmedAt > releaseWithinMs) {
          const ours = await keep(first).catch((error: unknown) => problem(error));
          if (ours === false) return [];
          if (ours !== true) return [{ name: first.name, why: ours }];
        }
        // The first goes last: as long as it is there, nobody takes the others over.
        const rest = [...leases.values()].filter((lease) => lease !== first);
        const left: { name: string; why: string }[] = [];
        for (const group of [rest, [first]]) left.push(...(await giveBack(group, kept, edge)));
        return left;
      });
    },
  };
}

async function giveBack(
  leases: readonly Lease[],
  kept: ReadonlyMap<string, LockRecord>,
  edge: LockEdge,
): Promise<{ name: string; why: string }[]> {
  const left: { name: string; why: string }[] = [];
  const deleted: string[] = [];
  for (const lease of leases) {
    const old = kept.get(lease.name);
    if (old === undefined) deleted.push(lease.name);
    else
      await restore(lease, old, edge).catch((error: unknown) =>
        left.push({ name: lease.name, why: problem(error) }),
      );
  }
  if (deleted.length === 0) return left;
  const run = leases[0]?.record.run;
  let names = deleted;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await edge.locks.delete(names);
      return left;
    } catch (error) {
      const why = problem(error);
      try {
        names = await stillOurs(names, run, edge);
      } catch (second) {
        return [...left, ...names.map((name) => ({ name, why: problem(second) }))];
      }
      if (names.length === 0) return left;
      if (attempt === deleteTries) return [...left, ...names.map((name) => ({ name, why }))];
    }
  }
}

const deleteTries = 5;

async function stillOurs(
  names: readonly string[],
  run: string | undefined,
  edge: LockEdge,
): Promise<string[]> {
  const states = await Promise.all(names.map(async (name) => ({ name, ...(await look(name, edge.locks)) })));
  return states.flatMap(({ name, state }) =>
    state.kind === "held" && state.entry?.run === run ? [name] : [],
  );
}

function problem(error: unknown): string {
  if (error instanceof AwsCallError) return error.message;
  throw error;
}
