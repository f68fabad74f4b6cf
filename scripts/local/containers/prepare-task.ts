/**
 * Fetches what a task needs before its containers start, and says in AWS's words what could not be had.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 */
import type { Preparation, TaskNeeds } from "../ecs/preparation.ts";
import type { TaskLogs } from "../logs/task-logs.ts";
import { AccessDenied, RoleNotAssumed, type ExecutionRole } from "../secrets/execution-role.ts";
import { SecretNotRead, type SecretReader } from "../secrets/reader.ts";
import type { ContainerRunner } from "./runner.ts";

/** By container: variables of its environment that come from secrets. */
export type SecretValues = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Where the things are fetched from. */
export interface PreparationSources {
  readonly reader: SecretReader;
  readonly logs: TaskLogs;
  readonly runner: ContainerRunner;
  /** The Region and account of the task's log streams. */
  readonly region: string;
  readonly account: string;
  assume(roleArn: string, taskId: string): Promise<ExecutionRole>;
}

/** Fetches everything. Errors that are nobody's fault but ours are thrown. */
export async function prepareTask(
  needs: TaskNeeds,
  sources: PreparationSources,
): Promise<{ outcome: Preparation; secrets: SecretValues }> {
  const secrets = new Map<string, Record<string, string>>();
  try {
    const role = needsRole(needs) && (await sources.assume(needs.executionRoleArn ?? "", needs.taskId));
    if (role) {
      const values = await sources.reader.read(needs.secrets, role);
      for (const [index, { container, name }] of needs.secrets.entries()) {
        if (name === null) continue;
        secrets.set(container, { ...secrets.get(container), [name]: values[index] ?? "" });
      }
    }
    const failure =
      (await openLogs(needs, sources, role ? role : null)) ?? (await pullImages(needs, sources.runner));
    return { outcome: failure ?? { type: "ready" }, secrets };
  } catch (error) {
    if (error instanceof RoleNotAssumed)
      return { outcome: { type: "failed", reason: error.message }, secrets };
    if (!(error instanceof SecretNotRead)) throw error;
    const reason = `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ${error.message}`;
    return { outcome: { type: "failed", reason }, secrets };
  }
}

/** Secrets are always read as the execution role; on Fargate that role also writes the logs. */
function needsRole({ secrets, logs, launchType, executionRoleArn }: TaskNeeds): boolean {
  return executionRoleArn !== null && (secrets.length > 0 || (launchType === "FARGATE" && logs.length > 0));
}

async function openLogs(
  needs: TaskNeeds,
  { logs, region: home, account }: PreparationSources,
  role: ExecutionRole | null,
): Promise<Preparation | undefined> {
  for (const reference of needs.logs) {
    const { container, group, stream } = reference;
    const region = reference.region ?? home;
    try {
      if (needs.launchType === "FARGATE" && role) {
        const resource = `arn:aws:logs:${region}:${account}:log-group:${group}:log-stream:${stream}`;
        await role.check("logs:CreateLogStream", resource);
      }
      await logs.open(needs.taskId, reference);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const why = `failed to create Cloudwatch log stream: ${error.name}: ${error.message}`;
      if (needs.launchType === "FARGATE") {
        const args = "failed to validate logger args: create stream has been retried 1 times";
        const reason = `ResourceInitializationError: ${args}: ${why} : exit status 1`;
        return { type: "failed", reason };
      }
      const daemon = "Error response from daemon: failed to initialize logging driver";
      return { type: "cannot-start", container, reason: `CannotStartContainerError: ${daemon}: ${why}` };
    }
  }
  return undefined;
}

function isRefusal(error: unknown): error is Error {
  return error instanceof AccessDenied || (error instanceof Error && "$fault" in error);
}

async function pullImages({ images }: TaskNeeds, runner: ContainerRunner): Promise<Preparation | undefined> {
  for (const { container, image } of images) {
    try {
      await runner.pull(image);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { type: "failed", container, reason: `CannotPullContainerError: ${why}` };
    }
  }
  return undefined;
}
