import type { Task } from "@aws-sdk/client-ecs";

import { RefusedError } from "../../core/errors.ts";
import {
  logPlaces,
  originOf,
  revisionsOf,
  taskIdOf,
  type LogPlace,
  type StreamOrigin,
} from "../../core/logs/places.ts";
import type { LogSource, SourcedLine } from "../../core/logs/reader.ts";
import { wantedStreams } from "../../core/logs/sources.ts";
import type { ContainerLine } from "../../terminal/log-line.ts";
import type { AddressedService } from "../addresses.ts";
import type { RunCommand, RunContext } from "../run-context.ts";
import { taskOwners, type TaskOwners } from "./task-owners.ts";

/** What is searched, and how a line's container and task are told. */
export interface LogSources {
  readonly sources: ReadonlyMap<LogSource, (stream: string) => StreamOrigin | undefined>;
  readonly groups: readonly string[];
  /** Absent where a task was named, whosever it is. */
  readonly owners?: TaskOwners;
}

/**
 * Where the containers of a service log to, by the revisions that it runs.
 *
 * @throws RefusedError when that is not CloudWatch Logs
 */
export async function findLogSources(
  { service, serviceName, cluster }: AddressedService,
  { options }: RunCommand,
  { ecs, connect, region, emit }: RunContext,
): Promise<LogSources> {
  const revisions = await Promise.all(revisionsOf(service).map((arn) => ecs.describeTaskDefinition(arn)));
  const told = revisions.flatMap((revision) =>
    revision === undefined ? [] : [logPlaces(revision.taskDefinition)],
  );
  const places = chosen(
    told.flatMap((one) => one.places),
    told.flatMap((one) => one.elsewhere),
    serviceName,
    options.container,
  );
  const [{ logsPort }, { ecsRunningTasksPort }] = await Promise.all([
    import("../../aws/logs.ts"),
    import("../../aws/ecs-running-tasks.ts"),
  ]);
  const tasks = connect(ecsRunningTasksPort);
  const port = (ofRegion = region): LogSource["port"] =>
    connect((settings, observe) => logsPort({ ...settings, region: ofRegion }, observe));
  const pattern = options.grep === undefined ? {} : { pattern: options.grep };
  const wantedTask = options.task === undefined ? undefined : taskIdOf(options.task);
  const isWanted = ({ container, task }: StreamOrigin): boolean =>
    (options.container === undefined || container === options.container) &&
    (wantedTask === undefined || task.startsWith(wantedTask));

  const sources = new Map<LogSource, (stream: string) => StreamOrigin | undefined>();
  for (const { group, region: ofRegion, prefix, containers, streamPrefix } of wantedStreams(
    places,
    wantedTask,
  )) {
    sources.set({ port: port(ofRegion), search: { group, streamPrefix, ...pattern } }, (stream) => {
      const origin = originOf(stream, prefix);
      return origin !== undefined && containers.includes(origin.container) && isWanted(origin)
        ? origin
        : undefined;
    });
  }
  const unnamed = places.filter(({ streamPrefix }) => streamPrefix === undefined);
  if (unnamed.length > 0) {
    const all = await Promise.all([
      tasks.ofService(cluster, serviceName, "RUNNING"),
      tasks.ofService(cluster, serviceName, "STOPPED"),
    ]);
    for (const { group, region: ofRegion, container } of unnamed) {
      const origins = byRuntimeId(all.flat(), container);
      const streams = [...origins].flatMap(([id, origin]) => (isWanted(origin) ? [id] : []));
      if (streams.length === 0) continue;
      sources.set({ port: port(ofRegion), search: { group, streams, ...pattern } }, (stream) =>
        origins.get(stream),
      );
    }
  }
  return {
    sources,
    groups: [...new Set(places.map(({ group }) => group))],
    ...(wantedTask === undefined ? { owners: taskOwners({ cluster, serviceName }, tasks, emit) } : {}),
  };
}

/** Without a stream prefix the stream is called as the container runtime calls the container. */
function byRuntimeId(tasks: readonly Task[], container: string): ReadonlyMap<string, StreamOrigin> {
  return new Map(
    tasks.flatMap(({ taskArn, containers = [] }) =>
      containers.flatMap(({ name, runtimeId }): [string, StreamOrigin][] =>
        name === container && runtimeId !== undefined
          ? [[runtimeId, { container, task: taskIdOf(taskArn) }]]
          : [],
      ),
    ),
  );
}

function chosen(
  places: readonly LogPlace[],
  elsewhere: readonly string[],
  serviceName: string,
  container: string | undefined,
): readonly LogPlace[] {
  const others = [...new Set(elsewhere)];
  const names = [
    ...new Set([...places.map((place) => place.container), ...others.map((one) => one.split(":")[0] ?? "")]),
  ];
  if (container !== undefined && !names.includes(container)) {
    throw new RefusedError(
      `Service ${serviceName} has no container ${JSON.stringify(container)}. It has ${names.join(", ")}.`,
    );
  }
  const wanted = places.filter((place) => container === undefined || place.container === container);
  if (wanted.length > 0) return wanted;
  throw new RefusedError(
    `The containers of service ${serviceName} do not log to CloudWatch Logs, which is all that ./deploy logs reads: ${others.join("; ")}. The log driver awslogs would bring them there.`,
  );
}

/** The lines of a batch that were asked for, with their origin. */
export async function linesOf(
  batch: readonly SourcedLine[],
  { sources, owners }: LogSources,
): Promise<readonly ContainerLine[]> {
  const told = batch.flatMap(({ at, message, stream, source }) => {
    const origin = sources.get(source)?.(stream);
    return origin === undefined ? [] : [{ at, message, ...origin }];
  });
  if (owners === undefined) return told;
  const tasks = await owners.ofService(told.map(({ task }) => task));
  return told.filter(({ task }) => tasks.has(task));
}
