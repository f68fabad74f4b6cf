import { produce } from "immer";

import type { Effect } from "./effects.ts";
import type { State } from "./state.ts";

/** What the pure code works on: a draft of the state, the instant, and the effects it asks for. */
export interface Transaction {
  readonly state: State;
  /** Milliseconds on the scaled clock. */
  readonly now: number;
  readonly effects: Effect[];
}

/** What came of a transaction; `state` is a new value, the old one is untouched. */
export interface Committed<Result> {
  readonly state: State;
  readonly effects: readonly Effect[];
  readonly result: Result;
}

/**
 * Runs `work` on a draft of `state` at the instant `now`. When it throws, nothing has changed.
 *
 * Results must not hold on to parts of the draft: they are gone once the transaction ends.
 */
export function transact<Result>(
  state: State,
  now: number,
  work: (transaction: Transaction) => Result,
): Committed<Result> {
  const effects: Effect[] = [];
  const results: Result[] = [];
  const next = produce(state, (draft) => {
    results.push(work({ state: draft, now, effects }));
  });
  const [result] = results as [Result];
  return { state: next, effects, result };
}
