import { uuid } from "../world/identifiers.ts";
import type { Transaction } from "../world/transaction.ts";
import { messageHeldFor } from "./durations.ts";
import type { ServiceRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

const eventsKept = 100;

/**
 * Adds a line to a service's event log, in AWS's form `(service NAME) …`.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
 */
export function say({ state, now, effects }: Transaction, service: ServiceRecord, text: string): void {
  const message = `(service ${service.name}) ${text}`;
  push(service, { id: uuid(state), createdAt: now, message });
  effects.push({ type: "log", message: `event ${message}` });
}

/** Says something of a task set: `(service NAME, taskSet ecs-svc/N) …`. */
export function sayOfTaskSet(
  { state, now }: Transaction,
  service: ServiceRecord,
  id: string,
  text: string,
): void {
  push(service, {
    id: uuid(state),
    createdAt: now,
    message: `(service ${service.name}, taskSet ${id}) ${text}`,
  });
}

/**
 * Says that targets were registered or deregistered. What happens at one instant is counted in one line, as AWS does.
 */
export function sayOfTargets(
  transaction: Transaction,
  service: ServiceRecord,
  verb: "registered" | "deregistered",
  targetGroupArn: string,
): void {
  const line = (count: number) =>
    `(service ${service.name}) ${verb} ${count} targets in (target-group ${targetGroupArn})`;
  const same = service.events.find(
    ({ createdAt, message }) =>
      createdAt === transaction.now && message.replace(/ed \d+ targets/, "ed 0 targets") === line(0),
  );
  if (!same) say(transaction, service, `${verb} 1 targets in (target-group ${targetGroupArn})`);
  else same.message = line(Number(/ed (\d+) targets/.exec(same.message)?.[1] ?? 0) + 1);
}

function push(service: ServiceRecord, event: ServiceRecord["events"][number]): void {
  service.events.unshift(event);
  service.events.splice(eventsKept);
}

/** Says something that may go on for long: the same message is held back until it is resolved, or for 6 hours. */
export function sayOnce(transaction: Transaction, service: ServiceRecord, text: string): void {
  const heldUntil = service.heldMessages[text];
  if (heldUntil !== undefined && heldUntil > transaction.now) return;
  service.heldMessages[text] = transaction.now + messageHeldFor;
  say(transaction, service, text);
}

/** Lets every held message be said again. */
export function resolveMessages(service: ServiceRecord): void {
  if (Object.keys(service.heldMessages).length > 0) service.heldMessages = {};
}

/** `(task A) (task B)`, as events list tasks. */
export function listed(tasks: readonly TaskRecord[]): string {
  return tasks.map((task) => `(task ${task.id})`).join(" ");
}
