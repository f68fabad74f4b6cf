import type { Task } from "@aws-sdk/client-ecs";

import type { Evidence } from "./evidence.ts";
import { factsOf, type Facts, type TaskCause } from "./facts.ts";
import { readReason } from "./read-reason.ts";
import { culprit, endedByItself, exitOf, memoryKill, soleContainer } from "./task-exit.ts";
import { ailment, failedCheck } from "./task-health.ts";

/**
 * The cause of one task's end. A task that the scheduler only scaled in, as in a rollback, has none; nor has one that
 * runs and is not known to ail.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html
 */
export function causeOfTask(task: Task, evidence: Evidence): TaskCause | undefined {
  if (task.stoppedReason?.startsWith("Scaling activity initiated by") === true) return undefined;
  const stopped = task.lastStatus === "STOPPED" || task.desiredStatus === "STOPPED";
  if (!stopped) return ailment(task, evidence);
  return (
    memoryKill(task, evidence) ??
    failureToStart(task, evidence) ??
    failedCheck(task, evidence) ??
    endedByItself(task, evidence) ??
    takenAway(task, evidence)
  );
}

/** A container that could not be pulled, created or started; for most of these the task repeats the reason. */
function failureToStart(task: Task, evidence: Evidence): TaskCause | undefined {
  if (task.startedAt !== undefined && task.stopCode !== "TaskFailedToStart") return undefined;
  if (/dependency graph/i.test(task.stoppedReason ?? "")) {
    const exited = culprit(task, () => true);
    if (exited !== undefined) return exitOf(exited, task, evidence);
  }
  const told = task.containers?.find(({ reason = "" }) => reason !== "");
  if (told !== undefined) {
    const cause = read(told.reason ?? "", factsOf(evidence, task, told.name));
    if (cause !== undefined) return cause;
  }
  if (task.stopCode !== "TaskFailedToStart") return undefined;
  const name = containerNamedIn(task);
  return read(task.stoppedReason ?? "", factsOf(evidence, task, name));
}

/** The container whose image AWS's words name; the only one of a task anyway. */
function containerNamedIn(task: Task): string | undefined {
  const { containers = [], stoppedReason = "" } = task;
  return (
    containers.find(({ image = "" }) => image !== "" && stoppedReason.includes(image))?.name ??
    soleContainer(task)
  );
}

function read(reason: string, facts: Facts): TaskCause | undefined {
  if (reason === "") return undefined;
  const found = readReason(reason, facts);
  if (found === undefined) return undefined;
  return { ...found, ...(facts.container === undefined ? {} : { container: facts.container }) };
}

/** A task that was stopped from outside; by the scheduler for its own reasons is no failure. */
function takenAway(task: Task, evidence: Evidence): TaskCause | undefined {
  const { stopCode, stoppedReason = "" } = task;
  const words = stoppedReason.replaceAll(perTask, "…");
  if (stopCode === "UserInitiated") {
    return {
      kind: "stoppedByHand",
      cause: `Somebody stopped tasks of the deployment by hand${words === "" ? "" : ` (${words})`}.`,
      remedy: "CloudTrail tells who called StopTask; run it again once nobody does.",
    };
  }
  const reason = stopCode === "SpotInterruption" ? "Your Spot Task was interrupted." : stoppedReason;
  const known = read(reason, factsOf(evidence, task));
  if (known !== undefined || stopCode === "ServiceSchedulerInitiated") return known;
  return {
    kind: "other",
    cause:
      words === ""
        ? "Tasks stopped, and ECS gave no reason."
        : `Tasks stopped: ${words.replace(/[.\s]*$/, "")}.`,
    remedy: "See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html.",
  };
}

/** Ids and times differ between tasks that died of one thing. */
const perTask =
  /\b[0-9a-f]{32}\b|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\dT[\d:.]+Z?\b/g;
