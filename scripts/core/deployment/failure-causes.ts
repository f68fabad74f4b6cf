import type { Task } from "@aws-sdk/client-ecs";

import type { FailureCause } from "../events.ts";

/** Ids and times differ between tasks that died of one thing. */
const perTask = /\b[0-9a-f]{32}\b|\b\d{4}-\d\d-\d\dT[\d:.]+Z\b/g;

/** Groups stopped tasks by what ended them, the most frequent first. */
export function failureCauses(tasks: readonly Task[]): readonly FailureCause[] {
  const counts = new Map<string, number>();
  for (const task of tasks) {
    const cause = causeOf(task).replaceAll(perTask, "…");
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  return [...counts]
    .map(([cause, count]) => ({ tasks: count, cause }))
    .sort((left, right) => right.tasks - left.tasks);
}

/** Tasks that the scheduler stopped while it rolled back say nothing of why the rollout failed. */
export function diedByThemselves(tasks: readonly Task[]): readonly Task[] {
  return tasks.filter(({ stopCode, stoppedReason }) => {
    const scaledIn = stoppedReason?.startsWith("Scaling activity initiated by") === true;
    return stopCode !== "UserInitiated" && !scaledIn;
  });
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */
function causeOf(task: Task): string {
  const containers = (task.containers ?? []).flatMap(({ name, exitCode, reason }) => {
    if (reason === undefined && (exitCode === undefined || exitCode === 0)) return [];
    const parts = [exitCode === undefined ? undefined : `exit code ${exitCode}`, reason];
    return [`container ${name ?? "?"}: ${parts.filter((part) => part !== undefined).join(", ")}`];
  });
  const reason = task.stoppedReason ?? task.stopCode ?? "ECS gave no reason";
  return [reason, ...containers.filter((text) => !text.endsWith(reason))].join("; ");
}
