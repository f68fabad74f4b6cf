import type { Failure, RunTaskRequest, Task } from "@aws-sdk/client-ecs";

import { imagesOf } from "../core/deployment/task-definition.ts";
import { AwsCallError, UsageError } from "../core/errors.ts";
import { exitCode } from "../core/exit-code.ts";
import { masked } from "../core/masking.ts";
import type { EcsRunningTasksPort } from "../core/ports/ecs-running-tasks.ts";
import { subjectOf } from "../core/run-task/container.ts";
import { runTaskInputs } from "../core/run-task/input.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { runContext, type RunCommand, type RunEdge } from "./run-context.ts";
import { followTasks, type Started } from "./one-off/result.ts";
import { oneOffSubject, type OneOffSubject } from "./one-off/subject.ts";
import { trailOf } from "./rollout/trail-of.ts";

/**
 * `./deploy run [service] [-- command...]`: one-off tasks where the service's own run, waited for; their log lines are
 * the result on standard output.
 *
 * @throws UsageError, InvalidInputError or RefusedError before anything is started
 */
export async function runTask(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const { options } = command;
  if (options.count === 0) throw new UsageError("--count 0 would run nothing. Allowed: from 1 on.");
  const context = await runContext(command, edge);
  const subject = await oneOffSubject(command, context, edge);
  const { definition, cluster, placement } = subject;
  const replacesSome = command.command.length > 0 || options.setEnv.length > 0;
  const container = subjectOf(definition, options.container, replacesSome);
  const inputs = (taskDefinition: string): readonly RunTaskRequest[] =>
    runTaskInputs({
      cluster,
      taskDefinition,
      placement,
      run: context.known.deploymentId,
      tags: trailOf(imagesOf(definition), context, edge),
      command: command.command,
      setEnv: options.setEnv,
      count: options.count ?? 1,
      ...(container === undefined ? {} : { container }),
      ...(options.cpu === undefined ? {} : { cpu: options.cpu }),
      ...(options.memory === undefined ? {} : { memory: options.memory }),
    });
  if (options.dryRun)
    return planned(subject, inputs(subject.revisionArn ?? "@@TASKDEFINITION_ARN@@"), command);

  const { ecsRunningTasksPort } = await import("../aws/ecs-running-tasks.ts");
  const port = context.connect(ecsRunningTasksPort);
  const revisionArn = await subject.revision();
  const started = await start(inputs(revisionArn), port);
  return followTasks(
    command,
    { ...subject, revisionArn, ...(container === undefined ? {} : { container }) },
    started,
    {
      context,
      edge,
      port,
    },
  );
}

function planned(
  { register, serviceName, cluster }: OneOffSubject,
  inputs: readonly RunTaskRequest[],
  { verb }: RunCommand,
): CommandResult {
  const steps = masked([
    ...(register === undefined ? [] : [{ call: "RegisterTaskDefinition", input: register }]),
    ...inputs.map((input) => ({ call: "RunTask", input })),
  ]);
  return {
    exitCode: exitCode.completed,
    document: { command: verb, service: serviceName, cluster, outcome: "planned", steps },
    text: () =>
      steps
        .map(({ call, input }, index) => `${index + 1}. ${call}\n${JSON.stringify(input, undefined, 2)}\n`)
        .join(""),
  };
}

/** One call after the other: once something was started, a refusal is told with it and not instead of it. */
async function start(inputs: readonly RunTaskRequest[], port: EcsRunningTasksPort): Promise<Started> {
  const tasks: Task[] = [];
  const failures: Failure[] = [];
  for (const input of inputs) {
    try {
      const answer = await port.run(input);
      tasks.push(...answer.tasks);
      failures.push(...answer.failures);
    } catch (error) {
      if (!(error instanceof AwsCallError) || tasks.length === 0) throw error;
      return { tasks, failures, stopped: error };
    }
  }
  return { tasks, failures };
}
