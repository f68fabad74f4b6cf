import type { Transaction } from "../world/transaction.ts";
import { isStarting } from "./queries.ts";
import { isHealthy } from "./task-health.ts";
import type { TaskRecord } from "./task-state.ts";

/**
 * Which tasks to stop of those there are too many of: those still starting, then those not healthy yet or no longer,
 * then always one of the zone with the most of them, there of the host with the most. Protected ones stay.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
 */
export function chooseForScaleIn(
  transaction: Transaction,
  tasks: readonly TaskRecord[],
  count: number,
): TaskRecord[] {
  const left = tasks.filter((task) => !isProtected(task, transaction.now));
  const chosen: TaskRecord[] = [];
  while (chosen.length < count && left.length > 0) {
    const idle = [left.findIndex(isStarting), left.findIndex((task) => !isHealthy(transaction, task))];
    const index = idle.find((found) => found !== -1) ?? indexOfMostCrowded(left);
    chosen.push(...left.splice(index, 1));
  }
  return chosen;
}

function indexOfMostCrowded(tasks: readonly TaskRecord[]): number {
  const inZone = tally(tasks.map(({ availabilityZone }) => availabilityZone));
  const onHost = tally(tasks.map(({ hostId }) => hostId ?? ""));
  const crowd = ({ availabilityZone, hostId }: TaskRecord) =>
    (inZone.get(availabilityZone) ?? 0) * (tasks.length + 1) + (onHost.get(hostId ?? "") ?? 0);
  return tasks.reduce((best, task, index) => {
    const current = tasks[best];
    return current && crowd(task) > crowd(current) ? index : best;
  }, 0);
}

/** How often each value is there. */
export function tally(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Whether a task is protected from scale-in and deployments. */
export function isProtected({ protectedUntil }: TaskRecord, now: number): boolean {
  return (protectedUntil ?? -Infinity) > now;
}
