import type { ExecuteCommandCommandInput } from "@aws-sdk/client-ecs";

import { findCluster, nameOf, type Call } from "./call.ts";
import { AwsError, invalidParameter } from "./errors.ts";

/**
 * ECS Exec: refused as AWS refuses it where it is not enabled, and always in the end, since there is no Session
 * Manager here that could carry a session.
 *
 * @throws AwsError InvalidParameterException or TargetNotConnectedException
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommand.html
 */
export function executeCommand(call: Call, input: ExecuteCommandCommandInput): never {
  const cluster = findCluster(call, input.cluster);
  const id = nameOf(input.task ?? "");
  const task = Object.values(call.state.ecs.tasks).find(
    (candidate) => candidate.id === id && candidate.clusterName === cluster.name,
  );
  if (!task) throw invalidParameter("The referenced task was not found.");
  if (input.interactive !== true) throw invalidParameter("Interactive is the only mode supported currently.");
  if (input.container === undefined && task.containers.length > 1) {
    throw invalidParameter("A container name must be specified for a task with several containers.");
  }
  if (input.container !== undefined && !task.containers.some(({ name }) => name === input.container)) {
    throw invalidParameter(`The container ${input.container} does not exist in the task.`);
  }
  if (!task.enableExecuteCommand || task.lastStatus !== "RUNNING") {
    throw invalidParameter(
      "The execute command failed because execute command was not enabled when the task was run or the execute command " +
        "agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.",
    );
  }
  throw new AwsError(
    "TargetNotConnectedException",
    "The execute command failed due to an internal error. Try again later. (The local AWS has no Session Manager, so " +
      "no command can be run in a container.)",
  );
}
