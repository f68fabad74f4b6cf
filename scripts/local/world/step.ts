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
    const agenda = agendaAt(current, due);
    const committed = transact(current, due, (transaction) => {
      happen(transaction, agenda);
    });
    current = committed.state;
    effects.push(...committed.effects);
  }
  return { state: current, effects };
}

/** What an instant brings. It is read from the state before the draft: reading through a draft is far slower. */
interface Agenda {
  readonly drained: boolean;
  readonly transitions: readonly string[];
  readonly forgotten: readonly string[];
  readonly services: readonly string[];
}

function agendaAt(state: State, due: number): Agenda {
  const { ecs } = state;
  const tasks = Object.values(ecs.tasks);
  return {
    drained: nextDrained(state) <= due,
    transitions: tasks
      .filter(({ nextTransitionAt }) => nextTransitionAt !== null && nextTransitionAt <= due)
      .map(({ arn }) => arn),
    forgotten: tasks
      .filter(({ stoppedAt }) => stoppedAt !== null && stoppedAt + stoppedTasksStay <= due)
      .map(({ arn }) => arn),
    services: Object.values(ecs.services)
      .filter(({ nextLookAt }) => nextLookAt !== null && nextLookAt <= due)
      .map(({ arn }) => arn),
  };
}

function happen(transaction: Transaction, agenda: Agenda): void {
  const { state, now } = transaction;
  if (agenda.drained) removeDrained(state, now);
  for (const arn of agenda.forgotten) forget(state, arn);
  for (const arn of agenda.transitions) {
    const task = state.ecs.tasks[arn];
    if (task) advanceTask(transaction, task);
  }
  for (const arn of agenda.services) {
    const service = state.ecs.services[arn];
    if (service) lookAt(transaction, service);
  }
}

function forget({ ecs }: State, arn: string): void {
  const service = ecs.services[ecs.tasks[arn]?.service ?? ""];
  if (service) service.taskArns = service.taskArns.filter((own) => own !== arn);
  Reflect.deleteProperty(ecs.tasks, arn);
}
