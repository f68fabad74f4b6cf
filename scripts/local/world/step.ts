/**
 * The state machine: everything that is due by an instant happens, in the order in which it is due.
 */
import { codeDeployPart } from "../codedeploy/part.ts";
import { managedScalingPart } from "../ecs/managed-scaling.ts";
import { servicePart, taskPart } from "../ecs/parts.ts";
import { drainingPart } from "../elb/targets.ts";
import { instanceRefreshPart } from "../hosts/refresh.ts";
import type { Effect } from "./effects.ts";
import type { Part } from "./part.ts";
import type { State } from "./state.ts";
import { transact } from "./transaction.ts";

/** What moves by itself, in the order in which the things of one instant happen. */
export const parts: readonly Part[] = [
  drainingPart,
  taskPart,
  managedScalingPart,
  instanceRefreshPart,
  servicePart,
  codeDeployPart,
];

/** When something in the world is due next; infinity while all is at rest. */
export function nextDue(state: State): number {
  return Math.min(...parts.map((part) => part.nextDue(state)));
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
    const before = current;
    const committed = transact(before, due, (transaction) => {
      for (const part of parts) part.happen(transaction, before);
    });
    current = committed.state;
    effects.push(...committed.effects);
  }
  return { state: current, effects };
}
