import { randomBytes } from "node:crypto";

import type { ContainerOptions, ContainerRunner } from "./containers/runner.ts";
import { catalogueContainers } from "./containers/servers.ts";
import type { Clock } from "./clock.ts";
import type { Effect } from "./world/effects.ts";
import { detailsOf } from "./error-details.ts";
import { emptyState, type State } from "./world/state.ts";
import { nextDue, step } from "./world/step.ts";
import { transact, type Transaction } from "./world/transaction.ts";

/** What carries out one kind of effect. Work that takes a while is given back, so that a stepped clock can wait for it. */
type EffectHandler<Type extends Effect["type"]> = (
  effect: Extract<Effect, { type: Type }>,
) => Promise<unknown> | undefined;

/**
 * One region at run time: holds the state, moves it with the clock and carries out its effects. All that decides is
 * in the pure code below `world/`, `ecs/` and `elb/`.
 */
export class Region {
  readonly containers: ContainerRunner;
  readonly #clock: Clock;
  readonly #log: (message: string) => void;
  readonly #handlers = new Map<Effect["type"], (effect: Effect) => Promise<unknown> | undefined>();
  readonly #listeners: ((state: State, before: State) => void)[] = [];
  #state: State;
  #callOff: () => void = () => undefined;
  #closed = false;

  constructor(
    name: string,
    account: string,
    clock: Clock,
    log: (message: string) => void,
    containers: ContainerOptions = catalogueContainers,
  ) {
    this.#clock = clock;
    this.#log = log;
    this.containers = containers.runner(clock);
    this.handle("log", ({ message }) => {
      log(message);
      return undefined;
    });
    this.#state = {
      ...emptyState(name, account, randomBytes(8).toString("hex")),
      images: containers.images,
    };
  }

  /** The state as of the last step. It is frozen. */
  get state(): State {
    return this.#state;
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** Says how effects of a type are carried out. The last word on a type counts. */
  handle<Type extends Effect["type"]>(type: Type, handler: EffectHandler<Type>): void {
    // The map's key is the effect's type, so the handler gets no other.
    this.#handlers.set(type, handler as (effect: Effect) => Promise<unknown> | undefined);
  }

  /** Calls `listener` whenever the state has changed, with what it was before. */
  onChange(listener: (state: State, before: State) => void): void {
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
    this.#callOff();
    void this.containers.close();
  }

  #advance(): void {
    const { state, effects } = step(this.#state, this.#clock.now());
    this.#commit(state, effects);
  }

  #commit(state: State, effects: readonly Effect[]): void {
    if (this.#closed) return;
    const before = this.#state;
    this.#state = state;
    for (const effect of effects) {
      const work = this.#guarded(effect.type, () => this.#handlers.get(effect.type)?.(effect));
      if (work) this.#clock.track(work.catch((error: unknown) => this.#failed(effect.type, error)));
    }
    if (before !== state) {
      for (const listener of this.#listeners) this.#guarded("listener", () => listener(state, before));
    }
    this.#schedule();
  }

  /** What is carried out for a state that has come about can no longer make the call fail that brought it about. */
  #guarded<Result>(what: string, work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.#failed(what, error);
      return undefined;
    }
  }

  #failed(what: string, error: unknown): void {
    if (!this.#closed) this.#log(`error ${what}: ${detailsOf(error)}`);
  }

  #schedule(): void {
    this.#callOff();
    const due = nextDue(this.#state);
    if (due === Infinity || this.#closed) return;
    this.#callOff = this.#clock.at(due, () => {
      this.#advance();
    });
  }
}
