/**
 * How the containers of a task are stopped.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
 */
import type { ContainerDefinition } from "@aws-sdk/client-ecs";

import type { Transaction } from "../world/transaction.ts";
import { endContainer, exitOf } from "./container-life.ts";
import { containerDefinitions } from "./definitions.ts";
import { isNeeded } from "./dependencies.ts";
import type { TaskRecord } from "./task-state.ts";

/** Exit code of a process that SIGKILL ended. */
const killed = 137;
const standardStopTimeoutSeconds = 30;
const longestFargateStopTimeoutSeconds = 120;

/**
 * Sends SIGTERM to what runs, a container only once nothing that depends on it runs any more, and SIGKILL when a
 * stop timeout is over.
 *
 * @returns when to look again; null once all have stopped
 */
export function stopContainers(transaction: Transaction, task: TaskRecord): number | null {
  const { state, now, effects } = transaction;
  const definitions = containerDefinitions(state, task);
  for (let progress = true; progress;) {
    progress = false;
    for (const container of task.containers) {
      if (container.lastStatus === "PENDING") container.lastStatus = "STOPPED";
      if (container.lastStatus === "STOPPED") continue;
      const timeout = stopTimeoutSeconds(task, definitions.get(container.name));
      const needs = container.behaviour.stopsWithinSeconds ?? Infinity;
      const own = container.exitsAt !== null && container.exitsAt <= now;
      if (own || (container.stopsAt !== null && container.stopsAt <= now)) {
        const graceful = { exitCode: needs <= timeout ? 0 : killed, reason: null, lastWords: null };
        endContainer(transaction, task, container, own ? exitOf(container) : graceful);
        progress = true;
      } else if (container.stopsAt === null && !isNeeded(task, container, definitions)) {
        effects.push({
          type: "stop-containers",
          taskId: task.id,
          container: container.name,
          kill: false,
          timeoutSeconds: timeout,
        });
        // A real process ends when it does; Docker kills it in time.
        container.stopsAt = state.images.real ? Infinity : now + Math.min(needs, timeout) * 1000;
        progress = true;
      }
    }
  }
  const running = task.containers.filter(({ lastStatus }) => lastStatus === "RUNNING");
  if (running.length === 0) return null;
  return Math.min(
    ...running.map(({ stopsAt, exitsAt }) => Math.min(stopsAt ?? Infinity, exitsAt ?? Infinity)),
  );
}

/** From SIGTERM to SIGKILL. */
function stopTimeoutSeconds({ launchType }: TaskRecord, definition: ContainerDefinition | undefined): number {
  const asked = definition?.stopTimeout ?? standardStopTimeoutSeconds;
  return launchType === "FARGATE" ? Math.min(asked, longestFargateStopTimeoutSeconds) : asked;
}
