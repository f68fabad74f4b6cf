import type { State } from "../world/state.ts";
import type { DeploymentRecord, HostRecord, ServiceRecord, TaskDefinitionRecord } from "./state.ts";
import type { TaskRecord, TaskStatus } from "./task-state.ts";

const starting: ReadonlySet<TaskStatus> = new Set(["PROVISIONING", "PENDING", "ACTIVATING"]);

/** Whether a task is on its way to RUNNING. */
export function isStarting(task: TaskRecord): boolean {
  return task.desiredStatus === "RUNNING" && starting.has(task.lastStatus);
}

/** Whether a task runs, or will, and nobody has asked it to stop. */
export function isLive(task: TaskRecord): boolean {
  return task.desiredStatus === "RUNNING";
}

/** Whether a task is to be replaced: it is unhealthy, its host drains, or it moves to another zone. */
export function isLeaving({ ecs }: State, task: TaskRecord): boolean {
  return task.replacing || task.moving === true || ecs.hosts[task.hostId ?? ""]?.status === "DRAINING";
}

/** The tasks of a service that can be described, stopped ones too, oldest first. */
export function tasksOf({ ecs }: State, service: ServiceRecord): TaskRecord[] {
  return service.taskArns.map((arn) => ecs.tasks[arn]).filter((task) => task !== undefined);
}

/** The tasks of a service that have not stopped yet, oldest first. */
export function unfinishedTasks(state: State, service: ServiceRecord): TaskRecord[] {
  return tasksOf(state, service).filter(({ lastStatus }) => lastStatus !== "STOPPED");
}

/** The tasks that hold resources of a host. */
export function tasksOn({ ecs }: State, host: HostRecord): TaskRecord[] {
  return host.taskArns.map((arn) => ecs.tasks[arn]).filter((task) => task !== undefined);
}

/** The revision with this ARN, as long as it is known. */
export function taskDefinition({ ecs }: State, arn: string): TaskDefinitionRecord | undefined {
  return ecs.taskDefinitions[arn.slice(arn.lastIndexOf("/") + 1)];
}

/** Whether a service runs a revision, or may go back to it, or a task that can be described was made from it. */
export function isInUse({ ecs }: State, taskDefinitionArn: string): boolean {
  const names = ({ taskDefinition: arn }: { readonly taskDefinition: string }) => arn === taskDefinitionArn;
  const inService = ({ status, deployments, taskSets, lastCompleted }: ServiceRecord) =>
    status !== "INACTIVE" &&
    [...deployments, ...taskSets, ...(lastCompleted ? [lastCompleted] : [])].some(({ revision }) =>
      names(revision),
    );
  return Object.values(ecs.services).some(inService) || Object.values(ecs.tasks).some(names);
}

/** The hosts of a cluster. */
export function hostsOf({ ecs }: State, clusterName: string): HostRecord[] {
  return Object.values(ecs.hosts).filter((host) => host.clusterName === clusterName);
}

/** Whether a host has registered with its cluster. */
export function isRegistered({ status }: HostRecord): boolean {
  return status !== "REGISTERING";
}

/** Tasks of a deployment by what DescribeServices counts. */
export function deploymentCounts(
  tasks: readonly TaskRecord[],
  deployment: DeploymentRecord,
): { live: number; running: number; pending: number } {
  const own = tasks.filter((task) => task.startedBy === deployment.id);
  return {
    live: own.filter(isLive).length,
    running: own.filter((task) => task.lastStatus === "RUNNING").length,
    pending: own.filter(isStarting).length,
  };
}
