import type { Transaction } from "../world/transaction.ts";
import { lookSoon } from "./wake.ts";
import type { TaskRecord, TaskStatus } from "./task-state.ts";

/** Takes a task into a status. `span` is AWS milliseconds until its next transition is due; null for none. */
export function enter(
  { now, state, effects }: Transaction,
  task: TaskRecord,
  status: TaskStatus,
  span: number | null,
): void {
  task.lastStatus = status;
  task.version += 1;
  task.nextTransitionAt = span === null ? null : now + span;
  effects.push({
    type: "log",
    message: `task ${task.id} ${status}${task.stoppedReason ? ` (${task.stoppedReason})` : ""}`,
  });
  lookSoon(state, now, task.service);
}
