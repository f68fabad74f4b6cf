import type { Task, TaskDefinition } from "@aws-sdk/client-ecs";

import { AwsCallError } from "../../core/errors.ts";
import { logPlaces, originOf, taskIdOf } from "../../core/logs/places.ts";
import { createLogReader, type LogReader, type LogSource } from "../../core/logs/reader.ts";
import type { EcsRunningTasksPort } from "../../core/ports/ecs-running-tasks.ts";
import type { ContainerLine } from "../../terminal/log-line.ts";
import type { RunContext, RunEdge } from "../run-context.ts";

/** How waiting ended, and the tasks as they were seen last. */
export interface WatchedTasks {
  readonly end: "stopped" | "timedOut" | "interrupted";
  readonly tasks: readonly Task[];
}

/** Tasks that were started, and what to do with what they say. */
export interface TaskWatch {
  readonly cluster: string;
  readonly tasks: readonly Task[];
  readonly definition: Pick<TaskDefinition, "containerDefinitions">;
  readonly timeoutMs: number;
  readonly print: (line: ContainerLine) => void;
}

/** A task starts in half a minute or so; what runs long is looked at ever more rarely. */
const firstPauseMs = 2_000;
const longestPauseMs = 10_000;
const slowerBy = 1.2;

/** CloudWatch Logs is asked for new lines no more often, by the machine's own time, which its rates go by. */
const logsEveryMs = 1_000;
/** Last lines come some seconds after the end; so many empty answers in a row mean that there are no more. */
const emptyReadsAtEnd = 2;
const readsAtEnd = 10;

/** Streams bear the tasks' ids, so nothing older can be in them; the margin is for clocks that differ. */
const logsFromMs = 60 * 60_000;

/** Waits until the tasks have stopped, prints their log lines meanwhile, and says on standard error how far they are. */
export async function watchTasks(
  watch: TaskWatch,
  port: EcsRunningTasksPort,
  context: RunContext,
  edge: RunEdge,
): Promise<WatchedTasks> {
  const { clock, signal } = edge;
  const began = clock.now();
  const log = await followLog(watch, context, edge);
  const told = new Map<string, string>();
  const seen = new Map(watch.tasks.map((task) => [task.taskArn ?? "", task]));
  let pause = firstPauseMs;
  for (;;) {
    for (const task of await port.describe(watch.cluster, [...seen.keys()])) {
      const { taskArn = "", lastStatus = "" } = task;
      seen.set(taskArn, task);
      if (told.get(taskArn) === lastStatus) continue;
      told.set(taskArn, lastStatus);
      context.emit({ type: "note", message: `task ${taskIdOf(taskArn)} ${lastStatus}` });
      pause = firstPauseMs;
    }
    const tasks = [...seen.values()];
    if (tasks.every(({ lastStatus }) => lastStatus === "STOPPED")) {
      await log.end();
      return { end: "stopped", tasks };
    }
    await log.read();
    if (signal.aborted) return { end: "interrupted", tasks };
    const left = watch.timeoutMs - (clock.now() - began);
    if (left <= 0) return { end: "timedOut", tasks };
    await clock.sleep(Math.min(pause, left), signal);
    pause = Math.min(longestPauseMs, pause * slowerBy);
  }
}

interface FollowedLog {
  /** Prints what is new, where it is time to ask. */
  read(): Promise<void>;
  /** Prints what comes late. */
  end(): Promise<void>;
}

async function followLog(
  { tasks, definition, print }: TaskWatch,
  { connect, region, emit }: RunContext,
  { wallClock, signal }: RunEdge,
): Promise<FollowedLog> {
  const { places, elsewhere } = logPlaces(definition);
  for (const where of elsewhere) {
    emit({
      type: "note",
      message: `The log of ${where} is not in CloudWatch Logs, so its lines are not shown.`,
    });
  }
  const { logsPort } = await import("../../aws/logs.ts");
  const ids = tasks.map(({ taskArn }) => taskIdOf(taskArn));
  const prefixes = new Map<LogSource, string>();
  for (const { container, group, streamPrefix, region: ofRegion = region } of places) {
    // Without a prefix the stream is called by an id that is known only later; such a log is read with ./deploy logs.
    if (streamPrefix === undefined) continue;
    const port = connect((settings, observe) => logsPort({ ...settings, region: ofRegion }, observe));
    const streams = ids.map((id) => `${streamPrefix}/${container}/${id}`);
    prefixes.set({ port, search: { group, streams } }, streamPrefix);
  }
  const reader = createLogReader([...prefixes.keys()], wallClock.now() - logsFromMs, () => wallClock.now());
  let readAt = 0;
  let readable = prefixes.size > 0;

  const readNow = async (): Promise<number> => {
    readAt = wallClock.now();
    try {
      return await printAll(reader, prefixes, print);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      readable = false;
      emit({ type: "warning", message: `The task's log cannot be read (${error.message})` });
      return 0;
    }
  };
  return {
    async read() {
      if (readable && wallClock.now() - readAt >= logsEveryMs) await readNow();
    },
    async end() {
      let empty = 0;
      for (let reads = 0; readable && reads < readsAtEnd && empty < emptyReadsAtEnd; reads += 1) {
        if (reads > 0) await wallClock.sleep(logsEveryMs, signal);
        empty = (await readNow()) === 0 ? empty + 1 : 0;
        if (signal.aborted) return;
      }
    },
  };
}

async function printAll(
  reader: LogReader,
  prefixes: ReadonlyMap<LogSource, string>,
  print: TaskWatch["print"],
): Promise<number> {
  let count = 0;
  for await (const { at, message, stream, source } of reader.read()) {
    const origin = originOf(stream, prefixes.get(source) ?? "");
    if (origin === undefined) continue;
    count += 1;
    print({ at, message, ...origin });
  }
  return count;
}
