import type { RegisterTaskDefinitionRequest, Task } from "@aws-sdk/client-ecs";

import type { CompatWork } from "../../core/compat/command.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import { AwsCallError } from "../../core/errors.ts";
import { exitCode, type ExitCode } from "../../core/exit-code.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import type { CompatRun } from "./run.ts";

type TaskRun = CompatRun<Extract<CompatWork, { kind: "register" | "runTask" }>>;
type TaskWork = Extract<CompatWork, { kind: "runTask" }>;

const betweenLooksMs = 2_000;

/** How the task ended, as far as this run knows. */
interface End {
  readonly exitCode: ExitCode;
  readonly outcome: "started" | "succeeded" | "failed" | "timedOut" | "interrupted";
  readonly message: string;
}

/**
 * Runs one task of a revision; with `--wait-for-success` until its first container has ended, for whose exit code 0
 * this run's is 0.
 *
 * @param changed what the run has changed so far
 * @throws AwsCallError that says what was changed before it
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 */
export async function runTaskInCompat(
  arn: string,
  definition: RegisterTaskDefinitionRequest,
  run: TaskRun,
  changed: readonly string[],
): Promise<CommandResult> {
  const { work, context } = run;
  if (work.kind !== "runTask") throw new Error("only for --run-task");
  const { ecsRunningTasksPort } = await import("../../aws/ecs-running-tasks.ts");
  const port = context.connect(ecsRunningTasksPort);
  const running = port.run({
    cluster: work.cluster,
    taskDefinition: arn,
    clientToken: context.known.deploymentId,
    ...(work.launchType === undefined ? {} : { launchType: work.launchType }),
    ...(work.platformVersion === undefined ? {} : { platformVersion: work.platformVersion }),
    ...(work.networkConfiguration === undefined ? {} : { networkConfiguration: work.networkConfiguration }),
  });
  const { tasks, failures } = await saying(changed, running);
  const taskArn = tasks[0]?.taskArn;
  if (taskArn === undefined) {
    const reasons = failures
      .map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "))
      .join("; ");
    const message = `no task could be started: ${reasons === "" ? "ECS gave no reason" : reasons}`;
    return resultOf(arn, undefined, { exitCode: exitCode.failed, outcome: "failed", message });
  }
  const id = taskArn.slice(taskArn.lastIndexOf("/") + 1);
  context.emit({ type: "note", message: `started task ${id} of ${revisionName(arn)}` });
  if (!work.waitForSuccess) {
    const message = `task ${id} was started`;
    return resultOf(arn, taskArn, { exitCode: exitCode.completed, outcome: "started", message });
  }
  const first = definition.containerDefinitions?.[0]?.name;
  const look = async (): Promise<Task | undefined> => (await port.describe(work.cluster, [taskArn]))[0];
  const end = await saying([...changed, `started task ${id}`], untilStopped(look, first, id, run, work));
  return resultOf(arn, taskArn, end);
}

/** What AWS refuses after a write is told with what had been changed by then. */
async function saying<Answer>(changed: readonly string[], answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (changed.length === 0 || !(error instanceof AwsCallError)) throw error;
    const { code, message, effectUnknown } = error;
    const said = `${message}\n  Changed before that: ${changed.join(", ")}.`;
    throw new AwsCallError(code, said, { cause: error, effectUnknown });
  }
}

async function untilStopped(
  look: () => Promise<Task | undefined>,
  container: string | undefined,
  id: string,
  { command, edge }: TaskRun,
  { cluster }: TaskWork,
): Promise<End> {
  const began = edge.clock.now();
  const logs = `aws ecs describe-tasks --cluster ${cluster} --tasks ${id}`;
  for (;;) {
    const task = await look();
    if (task?.lastStatus === "STOPPED") return ended(task, container, id);
    if (edge.signal.aborted) {
      const message = `interrupted; task ${id} goes on. To look at it: ${logs}`;
      return { exitCode: exitCode.interrupted, outcome: "interrupted", message };
    }
    const left = command.options.timeoutMs - (edge.clock.now() - began);
    if (left <= 0) {
      const seconds = command.options.timeoutMs / 1_000;
      const message = `task ${id} did not end within ${seconds} s and goes on. To look at it: ${logs}`;
      return { exitCode: exitCode.failed, outcome: "timedOut", message };
    }
    await edge.clock.sleep(Math.min(betweenLooksMs, left), edge.signal);
  }
}

function ended({ containers = [], stoppedReason }: Task, name: string | undefined, id: string): End {
  const container = containers.find((one) => one.name === name);
  if (container?.exitCode === 0) {
    return {
      exitCode: exitCode.completed,
      outcome: "succeeded",
      message: `task ${id} ended with exit code 0`,
    };
  }
  const code =
    container?.exitCode === undefined ? "without an exit code" : `with exit code ${container.exitCode}`;
  const reasons = [stoppedReason, container?.reason].filter((text) => text !== undefined);
  const why = reasons.length === 0 ? "" : `: ${reasons.join("; ")}`;
  const message = `task ${id}: container ${name ?? "?"} ended ${code}${why}`;
  return { exitCode: exitCode.failed, outcome: "failed", message };
}

function resultOf(
  arn: string,
  taskArn: string | undefined,
  { exitCode, outcome, message }: End,
): CommandResult {
  const revision = revisionName(arn);
  return {
    exitCode,
    document: {
      command: "runTask",
      revision,
      ...(taskArn === undefined ? {} : { taskArn }),
      outcome,
      message,
      exitCode,
    },
    text: () => `${revision}: ${message}\n`,
  };
}
