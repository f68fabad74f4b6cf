/**
 * The state machine: everything that is due by an instant happens, in the order in which it is due.
 */
import { lookAt } from "../ecs/scheduler.ts";
import { advanceTask } from "../ecs/lifecycle.ts";
import { stoppedTasksStay } from "../ecs/durations.ts";
import { nextDrained, removeDrained } from "../elb/targets.ts";
import type { Effect } from "./effects.ts";
import type { State } from "./state.ts";
import { transact, type Transaction } from "./transaction.ts";

/** When something in the world is due next; infinity while all is at rest. */
export function nextDue(state: State): number {
  let due = nextDrained(state);
  for (const task of Object.values(state.ecs.tasks)) {
    const at = task.stoppedAt === null ? task.nextTransitionAt : task.stoppedAt + stoppedTasksStay;
    if (at !== null && at < due) due = at;
  }
  for (const service of Object.values(state.ecs.services)) {
    if (service.nextLookAt !== null && service.nextLookAt < due) due = service.nextLookAt;
  }
  return due;
}

/**
 * Brings the world to the instant `now`, in scaled milliseconds.
 *
 * @returns the new state and what the outside is to do; `state` itself is left as it is
 */
export function step(state: State, now: number): { state: State; effects: readonly Effect[] } {
  const effects: Effect[] = [];
  let current = state;
  for (let due = nextDue(current); due <= now; due = nextDue(current)) {
    const committed = transact(current, due, happen);
    current = committed.state;
    effects.push(...committed.effects);
  }
  return { state: current, effects };
}

/** Everything that is due at the transaction's instant. */
function happen(transaction: Transaction): void {
  const { state, now } = transaction;
  removeDrained(state, now);
  for (const [arn, task] of Object.entries(state.ecs.tasks)) {
    if (task.stoppedAt !== null && task.stoppedAt + stoppedTasksStay <= now) {
      Reflect.deleteProperty(state.ecs.tasks, arn);
    } else if (task.nextTransitionAt !== null && task.nextTransitionAt <= now) {
      advanceTask(transaction, task);
    }
  }
  for (const service of Object.values(state.ecs.services)) {
    if (service.nextLookAt !== null && service.nextLookAt <= now) lookAt(transaction, service);
  }
}
