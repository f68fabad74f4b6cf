import { randomBytes } from "node:crypto";

import { ContainerServers } from "./containers/servers.ts";
import type { Clock } from "./clock.ts";
import type { Effect } from "./world/effects.ts";
import { emptyState, type State } from "./world/state.ts";
import { nextDue, step } from "./world/step.ts";
import { transact, type Transaction } from "./world/transaction.ts";

/** The shortest real pause between two steps, so that a high speed cannot spin. */
const shortestPauseMs = 5;
/** The longest delay a timer takes. */
const longestPauseMs = 2 ** 31 - 1;

/**
 * One region at run time: holds the state, moves it with the clock and carries out its effects. All that decides is
 * in the pure code below `world/`, `ecs/` and `elb/`.
 */
export class Region {
  readonly containers = new ContainerServers();
  readonly #clock: Clock;
  readonly #log: (message: string) => void;
  readonly #listeners: ((state: State) => void)[] = [];
  #state: State;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(name: string, account: string, clock: Clock, log: (message: string) => void) {
    this.#clock = clock;
    this.#log = log;
    this.#state = emptyState(name, account, randomBytes(8).toString("hex"));
  }

  /** The state as of the last step. It is frozen. */
  get state(): State {
    return this.#state;
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** Calls `listener` whenever the state has changed. */
  onChange(listener: (state: State) => void): void {
    this.#listeners.push(listener);
  }

  /** Runs pure code on the state as it is now. When it throws, nothing changed. */
  transact<Result>(work: (transaction: Transaction) => Result): Result {
    this.#advance();
    const committed = transact(this.#state, this.#clock.now(), work);
    this.#commit(committed.state, committed.effects);
    return committed.result;
  }

  /** Stops time and kills every container. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.containers.stopAll();
  }

  #advance(): void {
    const { state, effects } = step(this.#state, this.#clock.now());
    this.#commit(state, effects);
  }

  #commit(state: State, effects: readonly Effect[]): void {
    if (this.#closed) return;
    const changed = state !== this.#state;
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    if (changed) for (const listener of this.#listeners) listener(state);
    this.#schedule();
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case "start-container":
        this.containers.start(effect);
        break;
      case "stop-containers":
        this.containers.stop(effect.taskId, effect.kill);
        break;
      case "log":
        this.#log(effect.message);
        break;
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const due = nextDue(this.#state);
    if (due === Infinity || this.#closed) return;
    const pause = this.#clock.toReal(due - this.#clock.now());
    this.#timer = setTimeout(
      () => {
        this.#advance();
      },
      Math.min(longestPauseMs, Math.max(shortestPauseMs, pause)),
    );
  }
}
