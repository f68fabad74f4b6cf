/**
 * Protection of tasks from scale-in and deployments.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
 */
import type {
  Failure,
  GetTaskProtectionCommandInput,
  ProtectedTask,
  UpdateTaskProtectionCommandInput,
} from "@aws-sdk/client-ecs";

import type { TaskRecord } from "../task-state.ts";
import { findCluster, nameOf, type Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";

interface Answer {
  protectedTasks: ProtectedTask[];
  failures: Failure[];
}

const minute = 60_000;
const standardMinutes = 120;
const mostMinutes = 2880;

/** Sets or takes back the protection of up to 10 tasks of services; it ends by itself, after two hours unless told otherwise. */
export function updateTaskProtection(call: Call, input: UpdateTaskProtectionCommandInput): Answer {
  const { tasks = [], expiresInMinutes } = input;
  if (tasks.length === 0) throw invalidParameter("Tasks cannot be empty.");
  if (tasks.length > 10) throw invalidParameter("Tasks can have at most 10 items.");
  if (expiresInMinutes !== undefined && (expiresInMinutes < 1 || expiresInMinutes > mostMinutes)) {
    throw invalidParameter(`expiresInMinutes must be between 1 and ${mostMinutes}.`);
  }
  return forEach(call, input.cluster, tasks, (task) => {
    const span = (expiresInMinutes ?? standardMinutes) * minute;
    task.protectedUntil = input.protectionEnabled === true ? call.now + span : null;
  });
}

/** Tells the protection of up to 100 tasks; of all tasks of the cluster's services when none are named. */
export function getTaskProtection(call: Call, input: GetTaskProtectionCommandInput): Answer {
  const { tasks = [] } = input;
  if (tasks.length > 100) throw invalidParameter("Tasks can have at most 100 items.");
  const cluster = findCluster(call, input.cluster);
  const all = Object.values(call.state.ecs.tasks)
    .filter(({ clusterName, service }) => clusterName === cluster.name && service !== null)
    .filter(({ desiredStatus }) => desiredStatus === "RUNNING")
    .map(({ arn }) => arn);
  return forEach(call, input.cluster, tasks.length > 0 ? tasks : all, () => undefined);
}

function forEach(
  call: Call,
  clusterName: string | undefined,
  names: readonly string[],
  change: (task: TaskRecord) => void,
): Answer {
  const { name: cluster } = findCluster(call, clusterName);
  const { region, account, ecs } = call.state;
  const protectedTasks: ProtectedTask[] = [];
  const failures: Failure[] = [];
  for (const name of names) {
    const arn = `arn:aws:ecs:${region}:${account}:task/${cluster}/${nameOf(name)}`;
    const task = ecs.tasks[arn];
    if (!task || task.lastStatus === "STOPPED") {
      failures.push({ arn, reason: "MISSING" });
    } else if (task.service === null) {
      const detail = "Only tasks that are part of an Amazon ECS service can be protected.";
      failures.push({ arn, reason: "TASK_NOT_VALID", detail });
    } else {
      change(task);
      protectedTasks.push(describe(call, task));
    }
  }
  return { protectedTasks, failures };
}

function describe({ now, toDate }: Call, { arn, protectedUntil }: TaskRecord): ProtectedTask {
  const until = protectedUntil ?? -Infinity;
  if (until <= now) return { taskArn: arn, protectionEnabled: false };
  return { taskArn: arn, protectionEnabled: true, expirationDate: toDate(until) };
}
