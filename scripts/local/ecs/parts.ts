import type { Part } from "../world/part.ts";
import type { State } from "../world/state.ts";
import { deploymentAlarms } from "./alarms.ts";
import { stoppedTasksStay } from "./durations.ts";
import { advanceTask } from "./lifecycle.ts";
import { isInUse, taskDefinition } from "./queries.ts";
import { lookAt } from "./scheduler.ts";
import { afterLook, beforeLook } from "./service-deployments/follow.ts";

/** Tasks: each goes through its life cycle, and is forgotten a while after it stopped. */
export const taskPart: Part = {
  nextDue({ ecs }) {
    let due = Infinity;
    for (const task of Object.values(ecs.tasks)) {
      const at = task.stoppedAt === null ? task.nextTransitionAt : task.stoppedAt + stoppedTasksStay;
      if (at !== null && at < due) due = at;
    }
    return due;
  },
  happen(transaction, before) {
    const { state, now } = transaction;
    const tasks = Object.values(before.ecs.tasks);
    for (const { arn, stoppedAt } of tasks) {
      if (stoppedAt !== null && stoppedAt + stoppedTasksStay <= now) forget(state, arn);
    }
    for (const { arn, nextTransitionAt } of tasks) {
      const task = nextTransitionAt !== null && nextTransitionAt <= now ? state.ecs.tasks[arn] : undefined;
      if (task) advanceTask(transaction, task);
    }
  },
};

/** Services: the scheduler looks at each when it said it would. */
export const servicePart: Part = {
  nextDue({ ecs }) {
    let due = Infinity;
    for (const { nextLookAt } of Object.values(ecs.services)) {
      if (nextLookAt !== null && nextLookAt < due) due = nextLookAt;
    }
    return due;
  },
  happen(transaction, before) {
    const { state, now } = transaction;
    for (const { arn, nextLookAt } of Object.values(before.ecs.services)) {
      const service = nextLookAt !== null && nextLookAt <= now ? state.ecs.services[arn] : undefined;
      if (!service) continue;
      beforeLook(transaction, service);
      lookAt(transaction, service);
      afterLook(transaction, service);
    }
  },
  alarmsChanged({ state, now }, names) {
    for (const service of Object.values(state.ecs.services)) {
      const watched = deploymentAlarms(service).some((name) => names.includes(name));
      if (watched && service.status === "ACTIVE") service.nextLookAt = now;
    }
  },
};

/** A revision that was deleted while it was in use goes with the last of its tasks. */
function forget(state: State, arn: string): void {
  const { ecs } = state;
  const definition = taskDefinition(state, ecs.tasks[arn]?.taskDefinition ?? "");
  const service = ecs.services[ecs.tasks[arn]?.service ?? ""];
  if (service) service.taskArns = service.taskArns.filter((own) => own !== arn);
  Reflect.deleteProperty(ecs.tags, arn);
  Reflect.deleteProperty(ecs.tasks, arn);
  if (definition?.status !== "DELETE_IN_PROGRESS" || isInUse(state, definition.arn)) return;
  Reflect.deleteProperty(ecs.taskDefinitions, `${definition.family}:${definition.revision}`);
}
