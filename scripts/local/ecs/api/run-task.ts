/**
 * Tasks outside of services.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 */
import type {
  Failure,
  RunTaskCommandInput,
  StartTaskCommandInput,
  Task,
  TaskOverride,
} from "@aws-sdk/client-ecs";

import { capacityFor, type Capacity } from "../capacity.ts";
import { launchTask } from "../launch.ts";
import type { ClusterRecord, ServiceRevision, TaskDefinitionRecord } from "../state.ts";
import type { TaskRecord } from "../task-state.ts";
import { findCluster, nameOf, type Call } from "./call.ts";
import { checkStrategy } from "./capacity-rules.ts";
import { AwsError, invalidParameter } from "./errors.ts";
import { checkOverrides } from "./override-rules.ts";
import { checkPlacement } from "./placement-rules.ts";
import { presentTask } from "./present-task.ts";
import { checkCapacity, checkRevision, runsOnFargate } from "./service-rules.ts";
import { checkTags } from "./tag-rules.ts";
import { usableTaskDefinition } from "./task-definitions.ts";

interface Answer {
  tasks: Task[];
  failures: Failure[];
}

type Input = RunTaskCommandInput | StartTaskCommandInput;

const mostTasks = 10;
const longestStartedBy = 128;
const longestClientToken = 64;

/** Runs up to 10 tasks where they fit; those that fit nowhere are failures. */
export function runTask(call: Call, input: RunTaskCommandInput): Answer {
  const cluster = findCluster(call, input.cluster);
  const definition = usableTaskDefinition(call, input.taskDefinition ?? "");
  const { count = 1, capacityProviderStrategy, launchType } = input;
  if (count < 1 || count > mostTasks) {
    throw invalidParameter(`count must be between 1 and ${mostTasks}.`);
  }
  checkCapacity(launchType, capacityProviderStrategy);
  checkStrategy(call, cluster, capacityProviderStrategy);
  const revision: ServiceRevision = {
    taskDefinition: definition.arn,
    launchType: launchType === "MANAGED_INSTANCES" ? "EC2" : (launchType ?? null),
    capacityProviderStrategy:
      capacityProviderStrategy ?? (launchType === undefined ? cluster.defaultCapacityProviderStrategy : []),
    platformVersion: input.platformVersion ?? null,
    awsvpcConfiguration: input.networkConfiguration?.awsvpcConfiguration ?? null,
    loadBalancers: [],
    serviceRegistries: [],
  };
  checkRevision(call, revision, definition);
  const fargate = runsOnFargate(revision);
  checkPlacement(input.placementStrategy ?? [], input.placementConstraints ?? [], fargate);
  check(input, definition, fargate);
  const repeated = tasksOfToken(call, cluster, input);
  if (repeated) return { tasks: repeated.map((task) => presentTask(call, task, true)), failures: [] };
  const started: TaskRecord[] = [];
  const failures: Failure[] = [];
  for (let index = 0; index < count; index += 1) {
    const task = launch(call, input, { cluster, definition }, capacityFor(revision, started), {
      constraints: input.placementConstraints ?? [],
      strategy: input.placementStrategy ?? [],
    });
    if ("failure" in task) {
      failures.push({ reason: failureReason(task.failure) });
      continue;
    }
    if (input.clientToken !== undefined) {
      task.run = { clientToken: input.clientToken, request: JSON.stringify(input) };
    }
    started.push(task);
  }
  return { tasks: started.map((task) => presentTask(call, task, true)), failures };
}

/** Starts one task on each of the named container instances; those on which it does not fit are failures. */
export function startTask(call: Call, input: StartTaskCommandInput): Answer {
  const cluster = findCluster(call, input.cluster);
  const definition = usableTaskDefinition(call, input.taskDefinition ?? "");
  const { containerInstances = [] } = input;
  if (containerInstances.length === 0) throw invalidParameter("Container instances cannot be empty.");
  if (containerInstances.length > mostTasks) {
    throw invalidParameter(`Container instances can have at most ${mostTasks} items.`);
  }
  checkRevision(
    call,
    {
      taskDefinition: definition.arn,
      launchType: "EC2",
      capacityProviderStrategy: [],
      platformVersion: null,
      awsvpcConfiguration: input.networkConfiguration?.awsvpcConfiguration ?? null,
      loadBalancers: [],
      serviceRegistries: [],
    },
    definition,
  );
  check(input, definition, false);
  const tasks: TaskRecord[] = [];
  const failures: Failure[] = [];
  for (const instance of containerInstances) {
    const host = call.state.ecs.hosts[nameOf(instance)];
    if (host?.clusterName !== cluster.name) {
      failures.push({ arn: instance, reason: "MISSING" });
      continue;
    }
    const capacity: Capacity = { launchType: "EC2", capacityProvider: null };
    const task = launch(call, input, { cluster, definition }, capacity, {
      constraints: [{ type: "memberOf", expression: `ec2InstanceId == ${host.ec2InstanceId}` }],
      strategy: [],
    });
    if ("failure" in task) failures.push({ arn: host.arn, reason: failureReason(task.failure) });
    else tasks.push(task);
  }
  return { tasks: tasks.map((task) => presentTask(call, task, true)), failures };
}

function launch(
  call: Call,
  input: Input,
  { cluster, definition }: { cluster: ClusterRecord; definition: TaskDefinitionRecord },
  capacity: Capacity,
  placement: Pick<Parameters<typeof launchTask>[1]["placement"], "constraints" | "strategy">,
): ReturnType<typeof launchTask> {
  return launchTask(call, {
    definition,
    service: null,
    startedBy: input.startedBy ?? null,
    capacity,
    placement: {
      clusterName: cluster.name,
      group: input.group ?? `family:${definition.family}`,
      ...placement,
    },
    awsvpcConfiguration: input.networkConfiguration?.awsvpcConfiguration ?? null,
    loadBalancers: [],
    platformVersion: "platformVersion" in input ? (input.platformVersion ?? null) : null,
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    overrides: input.overrides ?? null,
    tags: {
      tags: input.tags ?? [],
      propagateTags: input.propagateTags ?? "NONE",
      enableECSManagedTags: input.enableECSManagedTags ?? false,
    },
  });
}

function check(input: Input, definition: TaskDefinitionRecord, fargate: boolean): void {
  const { startedBy = "", group = "", overrides } = input;
  checkTags(input.tags);
  if (startedBy.length > longestStartedBy) {
    throw invalidParameter(`startedBy can have at most ${longestStartedBy} characters.`);
  }
  if (group.startsWith("service:")) throw invalidParameter("Invalid namespace for group.");
  if (input.propagateTags === "SERVICE") {
    throw invalidParameter("Invalid value for propagateTags. SERVICE is only valid for tasks of a service.");
  }
  checkOverrides(overrides, definition, fargate);
  if (input.enableExecuteCommand === true && !hasTaskRole(definition, overrides)) {
    throw invalidParameter(
      "The task can't be run because a valid taskRoleArn is not being used. Specify a valid task role in your task " +
        "definition or override and try again.",
    );
  }
}

function hasTaskRole({ definition }: TaskDefinitionRecord, overrides: TaskOverride | undefined): boolean {
  return (overrides?.taskRoleArn ?? definition.taskRoleArn) !== undefined;
}

/**
 * The tasks that an earlier call with the same client token started, if there was one.
 *
 * @throws AwsError ConflictException when that call asked for something else
 */
function tasksOfToken(
  { state }: Call,
  cluster: ClusterRecord,
  input: RunTaskCommandInput,
): TaskRecord[] | undefined {
  const { clientToken } = input;
  if (clientToken === undefined) return undefined;
  if (!/^[\x21-\x7e]+$/.test(clientToken) || clientToken.length > longestClientToken) {
    throw invalidParameter(`clientToken can have at most ${longestClientToken} characters from ! to ~.`);
  }
  const tasks = Object.values(state.ecs.tasks).filter(
    ({ clusterName, run }) => clusterName === cluster.name && run?.clientToken === clientToken,
  );
  if (tasks.length === 0) return undefined;
  if (tasks.some(({ run }) => run?.request !== JSON.stringify(input))) {
    throw new AwsError(
      "ConflictException",
      "The clientToken was used by an earlier request with other parameters.",
    );
  }
  return tasks;
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
function failureReason(failure: string): string {
  const told = /encountered error "(.*)"/.exec(failure)?.[1];
  if (told !== undefined) return told;
  if (failure.includes("memory")) return "RESOURCE:MEMORY";
  if (failure.includes("CPU")) return "RESOURCE:CPU";
  if (failure.includes("port")) return "RESOURCE:PORTS";
  return failure.includes("No Container Instances")
    ? "No Container Instances were found in your cluster."
    : "ATTRIBUTE";
}
