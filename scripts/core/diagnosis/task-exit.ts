import type { Container, Task } from "@aws-sdk/client-ecs";

import type { Evidence } from "./evidence.ts";
import { explainExitCode } from "./exit-code.ts";
import { containerFirst, definitionOf, factsOf, type TaskCause } from "./facts.ts";
import { readReason } from "./read-reason.ts";

/** Exit codes of containers that somebody stopped: by SIGTERM, by SIGKILL after it, or as they should. */
const codesOfStopping = new Set([0, 137, 143]);

/** A container that was killed for its memory, whatever else became of its task. */
export function memoryKill(task: Task, evidence: Evidence): TaskCause | undefined {
  const killed = task.containers?.find(({ reason = "" }) =>
    /OutOfMemory|OOM|due to memory usage/i.test(reason),
  );
  const name =
    killed?.name ?? (/^OutOfMemory/i.test(task.stoppedReason ?? "") ? soleContainer(task) : undefined);
  if (name === undefined) return undefined;
  const facts = factsOf(evidence, task, name);
  const ownLimit = facts.definition?.memory;
  const limit = ownLimit ?? evidence.revision?.memory ?? task.memory;
  const whose = ownLimit === undefined ? "the task's memory" : "its memory limit";
  return {
    kind: "outOfMemory",
    container: name,
    cause: `${containerFirst(facts)} used more memory than it has and was killed: ${whose} is ${limit ?? "an unknown number of"} MiB.`,
    remedy: `Raise ${ownLimit === undefined ? "memory of the task" : "memory of the container"} in the task definition, or let the application use less (a heap limit below it, for example).`,
  };
}

/** The name of a task's container, where it has no other. */
export function soleContainer({ containers = [] }: Task): string | undefined {
  return containers.length === 1 ? containers[0]?.name : undefined;
}

/** An essential container that ended by itself. */
export function endedByItself(task: Task, evidence: Evidence): TaskCause | undefined {
  const byItself =
    task.stopCode === "EssentialContainerExited" || /^Essential container/.test(task.stoppedReason ?? "");
  if (!byItself) return undefined;
  const essential = ({ name }: Container) => definitionOf(evidence, name)?.essential !== false;
  const exited =
    culprit(task, essential) ??
    // All are as if ECS had stopped them, which it did to all but one: most likely not to the one that ended with 0.
    withCode(task, essential, 0) ??
    withCode(task, essential, 137) ??
    withCode(task, essential, 143);
  return exited === undefined ? undefined : exitOf(exited, task, evidence);
}

/** What the exit of a container means. */
export function exitOf({ name, exitCode = 0, reason }: Container, task: Task, evidence: Evidence): TaskCause {
  const facts = factsOf(evidence, task, name);
  const image = facts.image === undefined ? "" : ` (image ${facts.image})`;
  const about = name === undefined ? {} : { container: name };
  if (exitCode === 0) {
    return {
      kind: "exitedCleanly",
      ...about,
      cause: `${containerFirst(facts)}${image} exited with code 0: it was done, while a service wants a process that goes on running.`,
      remedy:
        "Run its server in the foreground (not as a daemon), run work that ends with ./deploy run, or set essential to false for a container that may end.",
    };
  }
  const said = reason === undefined ? undefined : readReason(reason, facts);
  if (said !== undefined) return { ...said, ...about };
  const { cause, remedy } = explainExitCode(exitCode);
  return {
    kind: "crashed",
    ...about,
    cause: `${containerFirst(facts)}${image} exited with code ${exitCode} (${cause}).`,
    remedy,
  };
}

/** The first container that ended with a code that nobody's stopping gives. */
export function culprit(
  { containers = [] }: Task,
  fits: (container: Container) => boolean,
): Container | undefined {
  return containers.find((container) => fits(container) && !codesOfStopping.has(container.exitCode ?? 0));
}

function withCode(
  { containers = [] }: Task,
  fits: (container: Container) => boolean,
  code: number,
): Container | undefined {
  return containers.find((container) => fits(container) && container.exitCode === code);
}
