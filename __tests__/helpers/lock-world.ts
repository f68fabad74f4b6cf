import { AwsCallError } from "../../scripts/core/errors.ts";
import type { Clock } from "../../scripts/core/ports.ts";
import type { LocksPort, StoredLock } from "../../scripts/core/ports/locks.ts";

/** A Parameter Store in memory, with the API's rules on versions. */
export class MemoryParameters {
  readonly #parameters = new Map<string, StoredLock[]>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  names(): string[] {
    return [...this.#parameters.keys()];
  }

  newest(name: string): StoredLock | undefined {
    return this.#parameters.get(name)?.at(-1);
  }

  version(name: string, version: number): StoredLock | undefined {
    return this.#parameters.get(name)?.find((one) => one.version === version);
  }

  put(name: string, value: string): number {
    const versions = this.#parameters.get(name) ?? [];
    const version = (versions.at(-1)?.version ?? 0) + 1;
    this.#parameters.set(name, [...versions, { value, version, modifiedAt: this.#now() }].slice(-100));
    return version;
  }

  delete(name: string): void {
    this.#parameters.delete(name);
  }
}

/** What becomes of one call, besides being carried out. */
export type Mishap = "none" | "lost before" | "lost after" | "sent twice";

interface Pending {
  readonly actor: string;
  readonly go: () => void;
}

interface Timer extends Pending {
  readonly at: number;
}

const mostIdleRounds = 2_000;

/**
 * Some runs, one Parameter Store and one time, in which nothing happens by itself: each step lets one call take effect,
 * one answer arrive, or time pass to the next moment that somebody waits for.
 */
export class LockWorld {
  time = 1_000_000_000_000;
  readonly parameters = new MemoryParameters(() => this.time);
  readonly #calls: Pending[] = [];
  #timers: Timer[] = [];
  readonly #stoppedUntil = new Map<string, number>();
  readonly #dead = new Set<string>();

  /** A port whose calls wait for their turn, as seen by one run. */
  port(actor: string, mishap: (operation: string) => Mishap): LocksPort {
    const carryOut = async <Answer>(operation: string, effect: () => Answer): Promise<Answer> => {
      const happens = mishap(operation);
      await this.#turn(actor);
      if (happens === "lost before") throw lostAnswer(operation);
      let answer = effect();
      if (happens === "sent twice" && operation !== "delete") {
        await this.#turn(actor);
        answer = effect();
      }
      await this.#turn(actor);
      if (happens === "lost after") throw lostAnswer(operation);
      return answer;
    };
    const store = this.parameters;
    return {
      create: (name, value) =>
        carryOut("create", () => (store.newest(name) === undefined ? store.put(name, value) : undefined)),
      overwrite: (name, value) => carryOut("overwrite", () => store.put(name, value)),
      read: (names) =>
        carryOut("read", () => ({
          locks: new Map(
            names.flatMap((name): [string, StoredLock][] => {
              const found = store.newest(name);
              return found === undefined ? [] : [[name, found]];
            }),
          ),
          at: Math.floor(this.time / 1_000) * 1_000,
        })),
      readVersion: (name, version) => carryOut("readVersion", () => store.version(name, version)),
      delete: (names) =>
        // Never sent twice; see LocksPort.
        carryOut("delete", () => {
          for (const name of names) store.delete(name);
        }),
    };
  }

  /** The clock of one run, which may go wrong by `skewMs`. */
  clock(actor: string, skewMs: number): Clock {
    return {
      now: () => this.time + skewMs,
      sleep: (milliseconds, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) {
            resolve();
            return;
          }
          // An aborted sleep ends at once, but its run has to be running to notice.
          const onAbort = (): void => {
            this.#calls.push({ actor, go: resolve });
          };
          signal.addEventListener("abort", onAbort, { once: true });
          const go = (): void => {
            signal.removeEventListener("abort", onAbort);
            resolve();
          };
          this.#timers.push({ actor, at: this.time + milliseconds, go });
        }),
      timeOf: (date) => date.getTime(),
    };
  }

  /** As SIGSTOP: nothing reaches the run until then. */
  stop(actor: string, forMs: number): void {
    this.#stoppedUntil.set(actor, this.time + forMs);
  }

  /** As SIGKILL: nothing reaches the run any more. */
  kill(actor: string): void {
    this.#dead.add(actor);
  }

  isDead(actor: string): boolean {
    return this.#dead.has(actor);
  }

  /** One thing happens, of those that can: `choice` says which. False when there is nothing left to happen. */
  async step(choice: number): Promise<boolean> {
    const runs = (actor: string): boolean =>
      !this.#dead.has(actor) && (this.#stoppedUntil.get(actor) ?? 0) <= this.time;
    const ready: Pending[] = [
      ...this.#calls.filter(({ actor }) => runs(actor)),
      ...this.#timers.filter(({ actor, at }) => runs(actor) && at <= this.time),
    ];
    const next = ready[choice % Math.max(1, ready.length)];
    if (next === undefined) return this.#pass();
    // A little time passes with all that happens.
    this.time += 20;
    this.#drop(next);
    next.go();
    await settled();
    return true;
  }

  /** Lets things happen, the oldest first, until the work is done. */
  async until<Answer>(work: Promise<Answer>): Promise<Answer> {
    const ended = new AbortController();
    const end = (): void => {
      ended.abort();
    };
    work.then(end, end);
    await settled();
    for (let idle = 0; !ended.signal.aborted && idle < mostIdleRounds;) {
      // What takes its time outside of this world, such as loading a module, is waited for.
      if (await this.step(0)) idle = 0;
      else idle += 1;
      if (idle > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (!ended.signal.aborted) throw new Error("nothing happens any more, and the work is not done");
    return work;
  }

  /** Lets a time pass with all that happens in it. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.time + milliseconds;
    const controller = new AbortController();
    await this.until(this.clock("bystander", 0).sleep(until - this.time, controller.signal));
  }

  #drop(one: Pending): void {
    const index = this.#calls.indexOf(one);
    if (index >= 0) this.#calls.splice(index, 1);
    this.#timers = this.#timers.filter((timer) => timer !== one);
  }

  #pass(): boolean {
    const moments = [
      ...this.#timers.filter(({ actor }) => !this.#dead.has(actor)).map(({ at }) => at),
      ...[...this.#stoppedUntil].filter(([actor]) => !this.#dead.has(actor)).map(([, until]) => until),
    ].filter((at) => at > this.time);
    if (moments.length === 0) return false;
    this.time = Math.min(...moments);
    return true;
  }

  #turn(actor: string): Promise<void> {
    return new Promise((resolve) => {
      this.#calls.push({ actor, go: resolve });
    });
  }
}

/** All that follows from what has happened, up to the next wait. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function lostAnswer(operation: string): AwsCallError {
  return new AwsCallError("TimeoutError", `ssm:${operation}: no answer`, { effectUnknown: true });
}
