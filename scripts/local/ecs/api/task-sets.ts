/**
 * The operations on task sets, for services whose deployments are made by somebody else.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-external.html
 */
import type {
  CreateTaskSetCommandInput,
  DeleteTaskSetCommandInput,
  DescribeTaskSetsCommandInput,
  Failure,
  Scale,
  TaskSet,
  UpdateServicePrimaryTaskSetCommandInput,
  UpdateTaskSetCommandInput,
} from "@aws-sdk/client-ecs";

import { isFargate } from "../capacity.ts";
import type { ServiceRecord, ServiceRevision, TaskSetRecord } from "../state.ts";
import { addTaskSet, drainTaskSet, findTaskSet, makePrimary } from "../task-sets.ts";
import { lookSoon } from "../wake.ts";
import { findCluster, type Call } from "./call.ts";
import { checkStrategy } from "./capacity-rules.ts";
import { AwsError, invalidParameter } from "./errors.ts";
import { presentTaskSet, presentTaskSets } from "./present-task-set.ts";
import { checkCapacity, checkRevision } from "./service-rules.ts";
import { activeService } from "./services.ts";
import { checkTags } from "./tag-rules.ts";
import { usableTaskDefinition } from "./task-definitions.ts";

interface TaskSetAnswer {
  taskSet: TaskSet;
}

/** So many task sets a service may have, those that drain included. */
const mostTaskSets = 5;

function externalService(
  call: Call,
  cluster: string | undefined,
  service: string | undefined,
): ServiceRecord {
  const found = activeService(call, cluster, service ?? "");
  if (found.deploymentController.type !== "EXTERNAL") {
    throw invalidParameter(
      "Amazon ECS only supports task set management on services configured to use external deployment controllers.",
    );
  }
  return found;
}

function taskSetOf(service: ServiceRecord, idOrArn: string | undefined): TaskSetRecord {
  const taskSet = findTaskSet(service, idOrArn ?? "");
  if (!taskSet) throw new AwsError("TaskSetNotFoundException", "The specified task set does not exist.");
  return taskSet;
}

function percentOf(scale: Scale | undefined): number {
  const { value = 0 } = scale ?? {};
  if (value < 0 || value > 100) throw invalidParameter("Scale value must be between 0 and 100.");
  return value;
}

/** Creates a task set, with a scale of 0 % unless asked otherwise. */
export function createTaskSet(call: Call, input: CreateTaskSetCommandInput): TaskSetAnswer {
  const service = externalService(call, input.cluster, input.service);
  const repeated = service.taskSets.find(
    ({ clientToken }) => clientToken !== null && clientToken === input.clientToken,
  );
  if (repeated) return { taskSet: presentTaskSet(call, service, repeated, true) };
  const count = service.taskSets.length;
  if (count >= mostTaskSets) {
    throw invalidParameter(
      `${count} deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.`,
    );
  }
  checkTags(input.tags);
  checkCapacity(input.launchType, input.capacityProviderStrategy);
  checkStrategy(call, findCluster(call, input.cluster), input.capacityProviderStrategy);
  const definition = usableTaskDefinition(call, input.taskDefinition ?? "");
  const strategy = input.capacityProviderStrategy ?? [];
  const fargate =
    input.launchType === "FARGATE" || strategy.some((item) => isFargate(item.capacityProvider ?? ""));
  const { launchType = "EC2" } = input;
  const revision: ServiceRevision = {
    taskDefinition: definition.arn,
    launchType: strategy.length > 0 ? null : launchType === "MANAGED_INSTANCES" ? "EC2" : launchType,
    capacityProviderStrategy: strategy,
    platformVersion: fargate ? (input.platformVersion ?? "LATEST") : null,
    awsvpcConfiguration: input.networkConfiguration?.awsvpcConfiguration ?? null,
    loadBalancers: input.loadBalancers ?? [],
    serviceRegistries: input.serviceRegistries ?? [],
  };
  checkRevision(call, revision, definition);
  const taskSet = addTaskSet(call, service, {
    revision,
    scalePercent: percentOf(input.scale),
    externalId: input.externalId ?? null,
    clientToken: input.clientToken ?? null,
  });
  call.state.ecs.tags[taskSet.arn] = input.tags ?? [];
  return { taskSet: presentTaskSet(call, service, taskSet, true) };
}

/** Changes the scale of a task set. */
export function updateTaskSet(call: Call, input: UpdateTaskSetCommandInput): TaskSetAnswer {
  const service = externalService(call, input.cluster, input.service);
  const taskSet = taskSetOf(service, input.taskSet);
  if (taskSet.status === "DRAINING")
    throw invalidParameter("The task set is draining and cannot be updated.");
  taskSet.scalePercent = percentOf(input.scale);
  taskSet.stability = "STABILIZING";
  taskSet.stabilityAt = call.now;
  taskSet.updatedAt = call.now;
  service.steady = false;
  lookSoon(call.state, call.now, service.arn);
  return { taskSet: presentTaskSet(call, service, taskSet, true) };
}

/** Makes a task set the primary one; what it is made of is the service's from now on. */
export function updateServicePrimaryTaskSet(
  call: Call,
  input: UpdateServicePrimaryTaskSetCommandInput,
): TaskSetAnswer {
  const service = externalService(call, input.cluster, input.service);
  const taskSet = taskSetOf(service, input.primaryTaskSet);
  if (taskSet.status === "DRAINING") {
    throw invalidParameter("A task set that is draining cannot be the primary task set.");
  }
  makePrimary(call, service, taskSet);
  return { taskSet: presentTaskSet(call, service, taskSet, true) };
}

/** Deletes a task set: DRAINING until its last task stopped, then gone. Without force it must be scaled to 0. */
export function deleteTaskSet(call: Call, input: DeleteTaskSetCommandInput): TaskSetAnswer {
  const service = externalService(call, input.cluster, input.service);
  const taskSet = taskSetOf(service, input.taskSet);
  if (input.force !== true) {
    if (taskSet.status === "PRIMARY") {
      throw invalidParameter("The primary task set of a service cannot be deleted without force.");
    }
    if (taskSet.scalePercent > 0) {
      throw invalidParameter("The task set cannot be deleted while it is scaled above 0.");
    }
  }
  drainTaskSet(call, service, taskSet);
  return { taskSet: presentTaskSet(call, service, taskSet, true) };
}

/** Describes task sets of a service, all of them unless some are named; those not there are failures. */
export function describeTaskSets(
  call: Call,
  input: DescribeTaskSetsCommandInput,
): { taskSets: TaskSet[]; failures: Failure[] } {
  const service = activeService(call, input.cluster, input.service ?? "");
  const names = input.taskSets ?? [];
  const all = presentTaskSets(call, service);
  const withTags = input.include?.includes("TAGS") ?? false;
  const tagged = (taskSet: TaskSet): TaskSet => ({
    ...taskSet,
    tags: withTags ? (call.state.ecs.tags[taskSet.taskSetArn ?? ""] ?? []) : undefined,
  });
  const isNamed = ({ id, taskSetArn }: TaskSet) =>
    [id, taskSetArn].some((name) => names.includes(name ?? ""));
  const missing = names.filter((name) => !findTaskSet(service, name));
  return {
    taskSets: (names.length === 0 ? all : all.filter(isNamed)).map(tagged),
    failures: missing.map((name) => ({
      arn: name.startsWith("arn:") ? name : `${service.arn.replace(":service/", ":task-set/")}/${name}`,
      reason: "MISSING",
    })),
  };
}
