import type { State } from "./state.ts";
import type { Transaction } from "./transaction.ts";

/** A part of the world that moves by itself as time passes. */
export interface Part {
  /** When something of it is due next; infinity while it is at rest. */
  nextDue(state: State): number;
  /**
   * Lets happen what is due by the transaction's instant. `before` is the state as the instant began: what is due is
   * read from it, since reading through a draft is far slower.
   */
  happen(transaction: Transaction, before: State): void;
  /** Told when CloudWatch alarms have come into another state, or are gone, or new; the state has them already. */
  alarmsChanged?(transaction: Transaction, names: readonly string[]): void;
}
