import type { Failure, Task } from "@aws-sdk/client-ecs";

import { taskIdOf } from "../logs/places.ts";

/** How a one-off task stands or ended. */
export interface OneOffTask {
  readonly id: string;
  readonly arn: string;
  /** In AWS's words, as in `RUNNING`. */
  readonly status: string;
  readonly succeeded: boolean;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly {
    readonly container: string;
    /** Absent where the container has not ended, or never started. */
    readonly exitCode?: number;
    readonly reason?: string;
  }[];
}

/**
 * Judges a task. It succeeded when the container that it is about exited with 0; where it is about none, every
 * essential one did. Others don't count: ECS stops them when the first essential one ends.
 */
export function oneOffTask(
  task: Task,
  subject: string | undefined,
  essential: readonly string[],
): OneOffTask {
  const containers = (task.containers ?? []).map(({ name = "", exitCode, reason }) => ({
    container: name,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
  }));
  const decisive = new Set(subject === undefined ? essential : [subject]);
  const judged = containers.filter(({ container }) => decisive.has(container));
  const succeeded =
    task.lastStatus === "STOPPED" && judged.length > 0 && judged.every(({ exitCode }) => exitCode === 0);
  return {
    id: taskIdOf(task.taskArn),
    arn: task.taskArn ?? "",
    status: task.lastStatus ?? "UNKNOWN",
    succeeded,
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    containers,
  };
}

/** How the task ended, in one line for people. */
export function endingOf({ containers, stoppedReason, stopCode }: OneOffTask): string {
  const codes = containers.map(({ container, exitCode, reason }) => {
    const why = reason === undefined ? "" : ` (${reason})`;
    return exitCode === undefined
      ? `${container} has no exit code${why}`
      : `${container} exited with ${exitCode}${why}`;
  });
  const ended = stopCode === "EssentialContainerExited" || stoppedReason === undefined;
  return [...(ended ? [] : [stoppedReason]), ...codes].join("; ");
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
const explanations: readonly (readonly [RegExp, string])[] = [
  [
    /^RESOURCE:MEMORY/,
    "no host has as much memory left as the task reserves: add hosts, or ask for less with --memory",
  ],
  [
    /^RESOURCE:CPU/,
    "no host has as many cpu units left as the task reserves: add hosts, or ask for less with --cpu",
  ],
  [
    /^RESOURCE:PORTS/,
    "the host port that the task wants is taken on every host: hostPort 0 takes a free one",
  ],
  [/^RESOURCE:ENI/, "no host has a network interface left for a task of its own address"],
  [/^RESOURCE:GPU/, "no host has a GPU left"],
  [/^RESOURCE:?\b/, "no host has that resource left"],
  [/^AGENT/, "the ECS agent of a host is not connected"],
  [/^ATTRIBUTE/, "no host has an attribute that the task definition requires"],
  [/^LOCATION/, "no host is in the Availability Zone that is asked for"],
  [/^MemberOf placement constraint/i, "no host meets the placement constraint"],
  [/no container instances/i, "the cluster has no hosts: start some, or wait until they have registered"],
  [/^Capacity is unavailable/i, "AWS has no such capacity at this time: try again later, or in other zones"],
];

/** What RunTask could not start, in AWS's words and in ours. */
export function failureText({ reason = "no reason given", detail }: Failure): string {
  const found = explanations.find(([pattern]) => pattern.test(reason))?.[1];
  return [reason, ...(detail === undefined ? [] : [detail]), ...(found === undefined ? [] : [found])].join(
    ": ",
  );
}
