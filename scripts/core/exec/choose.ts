import type { Container, Task } from "@aws-sdk/client-ecs";

import { RefusedError } from "../errors.ts";
import { taskIdOf } from "../logs/places.ts";
import { shellWord } from "../shell-word.ts";

/** A container that a session can be opened in. */
export interface ExecTarget {
  readonly taskArn: string;
  readonly task: string;
  readonly container: string;
  readonly runtimeId: string;
}

/** What the command asks for. */
export interface ExecWish {
  readonly service: string;
  readonly cluster: string;
  /** An id or its beginning. */
  readonly task?: string;
  readonly container?: string;
  /** Whether new tasks of the service allow sessions. */
  readonly enabled: boolean;
}

/**
 * Chooses the one container that can be meant, and makes sure that ECS Exec works in it.
 *
 * @param tasks the service's tasks that are to run
 * @throws RefusedError saying what there is, and what to do
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function chooseTarget(tasks: readonly Task[], wish: ExecWish): ExecTarget {
  const running = tasks.filter(({ lastStatus }) => lastStatus === "RUNNING");
  const enabled = running.filter(({ enableExecuteCommand }) => enableExecuteCommand === true);
  const [first] = running;
  if (first !== undefined && enabled.length === 0) {
    throw new RefusedError(notEnabled(taskIdOf(first.taskArn), wish));
  }
  const task = chooseTask(wish.task === undefined ? enabled : running, wish);
  const id = taskIdOf(task.taskArn);
  const container = chooseContainer(task, id, wish);
  if (task.enableExecuteCommand !== true) throw new RefusedError(notEnabled(id, wish));
  const agent = container.managedAgents?.find(({ name }) => name === "ExecuteCommandAgent");
  if (agent?.lastStatus !== "RUNNING" || container.runtimeId === undefined) {
    const status = agent?.lastStatus ?? "not there";
    const reason = agent?.reason === undefined ? "" : `: ${agent.reason}`;
    const remedy =
      agent?.lastStatus === "PENDING"
        ? "It starts soon after the container: try again in some seconds."
        : "The task role must allow ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel, and the task must reach ssmmessages over the network. Once that is so: ./deploy restart.";
    throw new RefusedError(
      `The execute command agent of container ${container.name ?? "?"} in task ${id} is ${status}${reason}. ${remedy}`,
    );
  }
  return {
    taskArn: task.taskArn ?? "",
    task: id,
    container: container.name ?? "",
    runtimeId: container.runtimeId,
  };
}

function chooseTask(running: readonly Task[], { service, cluster, task: wanted }: ExecWish): Task {
  const list = running
    .map(({ taskArn, availabilityZone = "" }) =>
      `\n  --task ${taskIdOf(taskArn)}  ${availabilityZone}`.trimEnd(),
    )
    .join("");
  if (running.length === 0) {
    throw new RefusedError(
      `No task of service ${service} in cluster ${cluster} runs, so there is nowhere to go.`,
    );
  }
  const prefix = wanted === undefined ? "" : taskIdOf(wanted);
  const [task, ...more] = running.filter(({ taskArn }) => taskIdOf(taskArn).startsWith(prefix));
  if (task === undefined) {
    throw new RefusedError(`No task of service ${service} that runs is called ${prefix}. There are:${list}`);
  }
  if (more.length > 0) throw new RefusedError(`Which task? Service ${service} runs several:${list}`);
  return task;
}

function chooseContainer({ containers = [] }: Task, id: string, { container: wanted }: ExecWish): Container {
  const names = containers.flatMap(({ name }) => name ?? []);
  const found = containers.filter(({ name }) => wanted === undefined || name === wanted);
  const [container, ...more] = found;
  if (container === undefined) {
    throw new RefusedError(`Task ${id} has no container ${wanted ?? ""}. It has ${names.join(", ")}.`);
  }
  if (more.length > 0) {
    throw new RefusedError(`Which container? Task ${id} has ${names.join(", ")}: choose with --container.`);
  }
  return container;
}

function notEnabled(id: string, { service, enabled }: ExecWish): string {
  return enabled
    ? `Task ${id} was started before ECS Exec was enabled for service ${service}. ./deploy restart ${service} starts new ones.`
    : `ECS Exec is not enabled for service ${service}. Set "enableExecuteCommand": true in its service.json, give the task a taskRoleArn that allows ssmmessages, and run ./deploy update ${service}; new tasks have it.`;
}

/**
 * The command line that the agent gets, which it splits at blanks: a single argument is taken as a whole command line,
 * several are quoted one by one.
 */
export function commandLineOf(command: readonly string[]): string {
  const [only, ...more] = command;
  if (only === undefined) return "/bin/sh";
  return more.length === 0 ? only : command.map(shellWord).join(" ");
}
