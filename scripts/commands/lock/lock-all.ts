import type { LockRecord } from "../../core/lock/record.ts";
import type { HeldService } from "../../core/lock/words.ts";
import { resumeLeftBehind } from "../rollout/autoscaling.ts";
import { keyOf } from "../rollout/job.ts";
import type { LockEdge } from "./abandoned.ts";
import { holderOf, tryToTake } from "./attempt.ts";
import { keepLocks, type Keeper } from "./keeper.ts";
import type { RunContext } from "../run-context.ts";

/** What locks need of the run's surroundings. */
export type LockContext = Pick<RunContext, "connect" | "emit" | "region">;

/** A service that is locked, and for what. */
export interface Lockable {
  readonly serviceName: string;
  readonly cluster: string;
  /** As in `update nginx to nginx:1.27`; the same for the same command run again. */
  readonly purpose: string;
}

/** The locks of a run's services. */
export interface HeldLocks {
  /** Records of killed runs whose locks this one took over, by `cluster/service`. */
  readonly takenOver: ReadonlyMap<string, LockRecord>;
  /**
   * Adds facts to a service's record, before the write that somebody else would have to undo.
   *
   * @param key `cluster/service`
   * @throws RefusedError when the lock is lost, AwsCallError when it could not be written
   */
  note(key: string, patch: Pick<LockRecord, "suspendedAutoscaling">): Promise<void>;
  /** Aborted once another run may have the locks; its reason is a RefusedError that says so. */
  readonly lost: AbortSignal;
  /** Gives the locks back. Never throws what AWS answers: it warns. */
  release(): Promise<void>;
}

/** One lock to take, with the record to write. */
export interface Wanted extends Lockable {
  readonly name: string;
  readonly record: Omit<LockRecord, "since">;
}

/** All of the locks, or who holds some of them. */
export async function takeAll(
  wanted: readonly Wanted[],
  context: LockContext,
  signal: AbortSignal,
  edge: LockEdge,
): Promise<HeldLocks | readonly HeldService[]> {
  const holders = wanted.length > 1 ? await holdersOf(wanted, edge) : [];
  if (holders.length > 0) return holders;
  const takenOver = new Map<string, LockRecord>();
  const records = new Map<string, LockRecord>();
  let keeper: Keeper | undefined;
  try {
    for (const { name, record: undated, ...service } of wanted) {
      const record = { ...undated, since: new Date(edge.wallClock.now()).toISOString() };
      if (signal.aborted) {
        await keeper?.release(records);
        return [];
      }
      keeper?.lost.throwIfAborted();
      const attempt = await tryToTake(name, record, edge);
      if (attempt.kind === "held") {
        await keeper?.release(records);
        return [{ service: service.serviceName, holder: attempt.holder }];
      }
      if (keeper === undefined) keeper = keepLocks(attempt.lease, edge);
      else keeper.add(attempt.lease);
      if (attempt.takenOver === undefined) continue;
      records.set(name, attempt.takenOver);
      const purpose =
        attempt.takenOver.purpose === record.purpose ? service.purpose : attempt.takenOver.purpose;
      takenOver.set(keyOf(service), { ...attempt.takenOver, purpose });
      const { run, owner, since } = attempt.takenOver;
      context.emit({
        type: "lockTakenOver",
        service: service.serviceName,
        holder: { run, owner, purpose, since },
      });
    }
    if (keeper === undefined) throw new Error("no lock was wanted");
    await resumeLeftBehind(
      wanted.flatMap((service) => {
        const { suspendedAutoscaling } = records.get(service.name) ?? {};
        return suspendedAutoscaling === undefined ? [] : [{ ...service, suspension: suspendedAutoscaling }];
      }),
      context,
    );
    return heldLocks(wanted, keeper, takenOver, context);
  } catch (error) {
    await keeper?.release(records);
    throw error;
  }
}

/** Who holds some of the locks alive: a look before the first is taken, ten locks a call. */
async function holdersOf(wanted: readonly Wanted[], edge: LockEdge): Promise<readonly HeldService[]> {
  const { locks, at } = await edge.locks.read(wanted.map(({ name }) => name));
  const found = await Promise.all(
    wanted.map(async ({ name, serviceName, record }) => {
      const holder = await holderOf(name, locks.get(name), at, record.run, edge);
      return holder === undefined ? [] : [{ service: serviceName, holder }];
    }),
  );
  return found.flat();
}

function heldLocks(
  wanted: readonly Wanted[],
  keeper: Keeper,
  takenOver: HeldLocks["takenOver"],
  context: LockContext,
): HeldLocks {
  const nameOf = (key: string): string => {
    const found = wanted.find((service) => keyOf(service) === key);
    if (found === undefined) throw new Error(`${key} is not a service of this run`);
    return found.name;
  };
  return {
    takenOver,
    note: (key, patch) => keeper.note(nameOf(key), patch),
    get lost() {
      return keeper.lost;
    },
    async release() {
      const left = await keeper.release();
      for (const { name, why } of left) {
        const message = `The lock ${name} could not be given back; it lapses within a minute by itself. ${why}`;
        context.emit({ type: "warning", message });
      }
    },
  };
}
