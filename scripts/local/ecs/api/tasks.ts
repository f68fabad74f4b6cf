import type {
  ContainerInstance,
  DescribeContainerInstancesCommandInput,
  DescribeTasksCommandInput,
  Failure,
  ListContainerInstancesCommandInput,
  ListTasksCommandInput,
  RunTaskCommandInput,
  StopTaskCommandInput,
  Task,
} from "@aws-sdk/client-ecs";

import { capacityFor } from "../capacity.ts";
import { launchTask } from "../launch.ts";
import { requestStop } from "../lifecycle.ts";
import { hostsOf } from "../queries.ts";
import type { ServiceRevision } from "../state.ts";
import type { TaskRecord } from "../task-state.ts";
import { findCluster, nameOf, page, type Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";
import { presentHost, presentTask } from "./present-task.ts";
import { checkRevision } from "./service-rules.ts";
import { usableTaskDefinition } from "./task-definitions.ts";

function tasksOf(call: Call, cluster: string | undefined): TaskRecord[] {
  const { name } = findCluster(call, cluster);
  return Object.values(call.state.ecs.tasks).filter(({ clusterName }) => clusterName === name);
}

/** Lists ARNs of tasks by desired status (RUNNING unless asked), service, family, host, launch type, startedBy. */
export function listTasks(
  call: Call,
  input: ListTasksCommandInput,
): { taskArns: string[]; nextToken: string | undefined } {
  const status = input.desiredStatus ?? "RUNNING";
  const fits = (value: string | undefined, own: string | null) => value === undefined || value === own;
  const matching = tasksOf(call, input.cluster).filter(
    (task) =>
      task.desiredStatus === status &&
      fits(input.serviceName && `service:${nameOf(input.serviceName)}`, task.group) &&
      fits(input.startedBy, task.startedBy) &&
      fits(input.launchType, task.launchType) &&
      fits(input.containerInstance && nameOf(input.containerInstance), task.hostId) &&
      fits(input.family, nameOf(task.taskDefinition).split(":")[0] ?? ""),
  );
  const { items, nextToken } = page(matching, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 100,
  });
  return { taskArns: items.map(({ arn }) => arn), nextToken };
}

/** Describes up to 100 tasks; stopped ones for an hour. */
export function describeTasks(
  call: Call,
  input: DescribeTasksCommandInput,
): { tasks: Task[]; failures: Failure[] } {
  const ids = (input.tasks ?? []).map(nameOf);
  if (ids.length === 0) throw invalidParameter("Tasks cannot be empty.");
  if (ids.length > 100) throw invalidParameter("Members must have length less than or equal to 100");
  const cluster = findCluster(call, input.cluster);
  const { state } = call;
  const arnOf = (id: string) => `arn:aws:ecs:${state.region}:${state.account}:task/${cluster.name}/${id}`;
  const tags = input.include?.includes("TAGS") ?? false;
  const found = ids.map((id) => state.ecs.tasks[arnOf(id)]).filter((task) => task !== undefined);
  return {
    tasks: found.map((task) => presentTask(call, task, tags)),
    failures: ids
      .filter((id) => !state.ecs.tasks[arnOf(id)])
      .map((id) => ({ arn: arnOf(id), reason: "MISSING" })),
  };
}

/** Runs tasks outside of any service. Overrides are not modelled. */
export function runTask(call: Call, input: RunTaskCommandInput): { tasks: Task[]; failures: Failure[] } {
  const cluster = findCluster(call, input.cluster);
  const definition = usableTaskDefinition(call, input.taskDefinition ?? "");
  const revision: ServiceRevision = {
    taskDefinition: definition.arn,
    launchType: input.launchType === "MANAGED_INSTANCES" ? "EC2" : (input.launchType ?? null),
    capacityProviderStrategy:
      input.capacityProviderStrategy ??
      (input.launchType === undefined ? cluster.defaultCapacityProviderStrategy : []),
    platformVersion: input.platformVersion ?? null,
    awsvpcConfiguration: input.networkConfiguration?.awsvpcConfiguration ?? null,
    loadBalancers: [],
    serviceRegistries: [],
  };
  checkRevision(call, revision, definition);
  const started: TaskRecord[] = [];
  const failures: Failure[] = [];
  for (let index = 0; index < (input.count ?? 1); index += 1) {
    const task = launchTask(call, {
      definition,
      service: null,
      startedBy: input.startedBy ?? null,
      capacity: capacityFor(revision, started),
      placement: {
        clusterName: cluster.name,
        group: input.group ?? `family:${definition.family}`,
        constraints: input.placementConstraints ?? [],
        strategy: input.placementStrategy ?? [],
      },
      awsvpcConfiguration: revision.awsvpcConfiguration,
      loadBalancers: [],
      platformVersion: revision.platformVersion,
      enableExecuteCommand: input.enableExecuteCommand ?? false,
    });
    if (!("failure" in task)) started.push(task);
    else failures.push({ reason: failureReason(task.failure) });
  }
  return { tasks: started.map((task) => presentTask(call, task, false)), failures };
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
function failureReason(failure: string): string {
  if (failure.includes("memory")) return "RESOURCE:MEMORY";
  if (failure.includes("CPU")) return "RESOURCE:CPU";
  if (failure.includes("port")) return "RESOURCE:PORTS";
  return failure.includes("No Container Instances")
    ? "No Container Instances were found in your cluster."
    : "ATTRIBUTE";
}

/** Stops a task; the scheduler of its service starts another. */
export function stopTask(call: Call, input: StopTaskCommandInput): { task: Task } {
  const id = nameOf(input.task ?? "");
  const task = tasksOf(call, input.cluster).find((candidate) => candidate.id === id);
  if (!task) throw invalidParameter("The referenced task was not found.");
  requestStop(call, task, "UserInitiated", input.reason ?? "Task stopped by user");
  return { task: presentTask(call, task, false) };
}

/** Lists ARNs of the cluster's container instances. */
export function listContainerInstances(
  call: Call,
  input: ListContainerInstancesCommandInput,
): { containerInstanceArns: string[]; nextToken: string | undefined } {
  const cluster = findCluster(call, input.cluster);
  const hosts = hostsOf(call.state, cluster.name).filter(
    ({ status }) => input.status === undefined || input.status === status,
  );
  const { items, nextToken } = page(hosts, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 100,
  });
  return { containerInstanceArns: items.map(({ arn }) => arn), nextToken };
}

/** Describes container instances with what is left of their resources. */
export function describeContainerInstances(
  call: Call,
  input: DescribeContainerInstancesCommandInput,
): { containerInstances: ContainerInstance[]; failures: Failure[] } {
  const cluster = findCluster(call, input.cluster);
  const own = new Map(hostsOf(call.state, cluster.name).map((host) => [host.id, host]));
  const ids = (input.containerInstances ?? []).map(nameOf);
  const { region, account } = call.state;
  return {
    containerInstances: ids.flatMap((id) => {
      const host = own.get(id);
      return host ? [presentHost(call, host)] : [];
    }),
    failures: ids
      .filter((id) => !own.has(id))
      .map((id) => ({
        arn: `arn:aws:ecs:${region}:${account}:container-instance/${cluster.name}/${id}`,
        reason: "MISSING",
      })),
  };
}
