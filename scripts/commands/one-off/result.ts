import type { Failure, Task } from "@aws-sdk/client-ecs";

import { revisionName } from "../../core/deployment/task-definition.ts";
import { AwsCallError } from "../../core/errors.ts";
import { exitCode, type ExitCode } from "../../core/exit-code.ts";
import { taskIdOf } from "../../core/logs/places.ts";
import type { EcsRunningTasksPort } from "../../core/ports/ecs-running-tasks.ts";
import { essentialOf } from "../../core/run-task/container.ts";
import { endingOf, failureText, oneOffTask, type OneOffTask } from "../../core/run-task/outcome.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { lineDocument, linePart, plainLinePart, type ContainerLine } from "../../terminal/log-line.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import type { OneOffSubject } from "./subject.ts";
import { watchTasks, type WatchedTasks } from "./watch.ts";

/** What the calls of RunTask came to. */
export interface Started {
  readonly tasks: readonly Task[];
  readonly failures: readonly Failure[];
  /** Why no more were asked for. */
  readonly stopped?: AwsCallError;
}

/** What a run of one-off tasks is done through. */
interface Surroundings {
  readonly context: RunContext;
  readonly edge: RunEdge;
  readonly port: EcsRunningTasksPort;
}

/** Waits for what was started, where that is wanted, and says what became of it. */
export async function followTasks(
  { verb, options }: RunCommand,
  subject: OneOffSubject & { readonly revisionArn: string; readonly container?: string },
  { tasks, failures, stopped }: Started,
  { context, edge, port }: Surroundings,
): Promise<CommandResult> {
  const { serviceName, cluster, definition, revisionArn, container } = subject;
  const { emit, region } = context;
  const ids = tasks.map(({ taskArn }) => taskIdOf(taskArn));
  for (const failure of failures)
    emit({ type: "warning", message: `A task was not started. ${failureText(failure)}.` });
  if (stopped !== undefined)
    emit({ type: "warning", message: `Not all tasks were started. ${stopped.message}` });
  for (const id of ids) {
    emit({
      type: "note",
      message: `task ${id} of ${revisionName(revisionArn)} started in cluster ${cluster}`,
    });
  }
  const base = {
    command: verb,
    service: serviceName,
    cluster,
    revision: revisionName(revisionArn),
    failures: failures.map(failureText),
  };
  const incomplete = failures.length > 0 || tasks.length === 0;
  if (!options.wait) {
    return {
      exitCode: stopped?.exitCode ?? (incomplete ? exitCode.failed : exitCode.completed),
      document: { ...base, outcome: "started", tasks: tasks.map((task) => oneOffTask(task, container, [])) },
      text: () => ids.map((id) => `${id}\n`).join(""),
    };
  }

  const lines: ContainerLine[] = [];
  // One task's one log is passed through as it is, so that it can be piped on.
  const alone = tasks.length === 1 && (definition.containerDefinitions ?? []).length === 1;
  const print = (line: ContainerLine): void => {
    if (options.output === "json") lines.push(line);
    else edge.output.part(alone ? plainLinePart(line) : linePart(line));
  };
  let watched: WatchedTasks;
  try {
    watched =
      tasks.length === 0
        ? { end: "stopped", tasks: [] }
        : await watchTasks(
            { cluster, tasks, definition, timeoutMs: options.timeoutMs, print },
            port,
            context,
            edge,
          );
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    throw new AwsCallError(error.code, `${error.message}\n${goesOn(ids, cluster, region)}`, { cause: error });
  }
  const ended = watched.tasks.map((task) => oneOffTask(task, container, essentialOf(definition)));
  tellEnd(watched.end, ended, { cluster, region }, emit);
  return {
    exitCode: stopped?.exitCode ?? codeOf(watched.end, ended, incomplete),
    document: {
      ...base,
      outcome:
        watched.end === "stopped" ? (succeeded(ended, incomplete) ? "completed" : "failed") : watched.end,
      tasks: ended,
      ...(options.output === "json" ? { lines: lines.map(lineDocument) } : {}),
    },
    text: () => "",
  };
}

function succeeded(tasks: readonly OneOffTask[], incomplete: boolean): boolean {
  return !incomplete && tasks.every((task) => task.succeeded);
}

function codeOf(end: WatchedTasks["end"], tasks: readonly OneOffTask[], incomplete: boolean): ExitCode {
  switch (end) {
    case "stopped":
      return succeeded(tasks, incomplete) ? exitCode.completed : exitCode.failed;
    case "timedOut":
      return exitCode.timedOut;
    case "interrupted":
      return exitCode.interrupted;
  }
}

function tellEnd(
  end: WatchedTasks["end"],
  tasks: readonly OneOffTask[],
  { cluster, region }: { readonly cluster: string; readonly region: string },
  emit: RunContext["emit"],
): void {
  const running = tasks.filter(({ status }) => status !== "STOPPED");
  for (const task of tasks.filter(({ status }) => status === "STOPPED")) {
    if (task.succeeded) emit({ type: "note", message: `task ${task.id} succeeded: ${endingOf(task)}` });
    else emit({ type: "warning", message: `Task ${task.id} failed: ${endingOf(task)}.` });
  }
  if (end === "stopped") return;
  const word = end === "timedOut" ? "Timed out waiting." : "Interrupted.";
  const ids = running.map(({ id }) => id);
  emit({ type: "warning", message: `${word} ${goesOn(ids, cluster, region)}` });
}

function goesOn(ids: readonly string[], cluster: string, region: string): string {
  const [first, ...more] = ids;
  if (first === undefined) return "No task goes on.";
  const which = more.length === 0 ? `Task ${first} goes on` : `Tasks ${ids.join(", ")} go on`;
  return `${which}. To stop it: aws ecs stop-task --region ${region} --cluster ${cluster} --task ${first}`;
}
