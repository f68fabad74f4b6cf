import type {
  ContainerInstance,
  Deployment,
  Service,
  ServiceDeployment,
  Tag,
  Task,
  TaskSet,
} from "@aws-sdk/client-ecs";
import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { CodeDeployStatus } from "../code-deploy/status.ts";
import { primaryTaskSet } from "../code-deploy/task-sets.ts";
import type { Verb } from "../command-line/verbs.ts";
import { primaryDeployment } from "../deployment/service-changes.ts";
import { revisionName, type RegisteredRevision } from "../deployment/task-definition.ts";
import { isNativeService } from "../native/deployment.ts";
import type { LockHolder } from "../lock/holder.ts";
import { taskIdOf } from "../logs/places.ts";
import { tellingEvents } from "./events.ts";
import type {
  DeploymentStatus,
  RevisionStatus,
  ScalingStatus,
  ServiceStatus,
  StagedStatus,
  StoppedTaskStatus,
  TargetGroupStatus,
  TaskStatus,
  Trail,
} from "./model.ts";
import { nextSteps } from "./next.ts";
import { serviceDeploymentStatus } from "./service-deployment.ts";
import { stagedNextSteps } from "./staged.ts";
import { stripped, iso } from "./values.ts";

/** All that was read of one service; what could not be read is absent, and named in `unread`. */
export interface StatusFacts {
  readonly service: Service;
  readonly cluster: string;
  readonly staged?: StagedStatus;
  readonly revisions: readonly RegisteredRevision[];
  readonly serviceDeployment?: ServiceDeployment;
  readonly codeDeploy?: CodeDeployStatus;
  readonly tasks: readonly Task[];
  readonly stopped: readonly Task[];
  readonly hosts: readonly ContainerInstance[];
  readonly targets: ReadonlyMap<string, readonly TargetHealthDescription[]>;
  readonly autoscaling?: ScalingStatus;
  readonly lock?: LockHolder;
  readonly unread: readonly string[];
}

const mostEvents = 8;
const mostStopped = 5;

/**
 * Puts together what is known of one service.
 *
 * @param command another command on it, as it is typed
 */
export function assembleStatus(
  facts: StatusFacts,
  command: (verb: Verb, more?: readonly string[]) => string,
): ServiceStatus {
  const { service, cluster, codeDeploy, staged } = facts;
  const { serviceName = "", deployments = [], taskSets = [], loadBalancers = [] } = service;
  const primary = primaryDeployment(service) ?? primaryTaskSet(service);
  const serviceDeployment = facts.serviceDeployment && serviceDeploymentStatus(facts.serviceDeployment);
  const hosts = new Map(
    facts.hosts.map(({ containerInstanceArn, ec2InstanceId }) => [containerInstanceArn, ec2InstanceId]),
  );
  const groups = targetGroupsOf(loadBalancers, taskSets);
  return stripped({
    service: serviceName,
    cluster,
    staged,
    status: service.status ?? "UNKNOWN",
    schedulingStrategy: service.schedulingStrategy ?? "REPLICA",
    controller: service.deploymentController?.type ?? "ECS",
    capacity: capacityOf(service),
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    revisions: facts.revisions.map(revisionStatus),
    trail: trailOf(service.tags),
    since: iso(facts.serviceDeployment?.finishedAt ?? primary?.createdAt ?? service.createdAt),
    deployments: [...deployments, ...taskSets].map(deploymentStatus),
    serviceDeployment,
    codeDeploy,
    tasks: facts.tasks.map((task) => taskStatus(task, hosts)),
    stopped: stoppedTasks(facts.stopped),
    targetGroups: groups.flatMap((arn): TargetGroupStatus[] => {
      const targets = facts.targets.get(arn);
      return targets === undefined ? [] : [{ arn, name: targetGroupName(arn), targets: targets.map(target) }];
    }),
    autoscaling: facts.autoscaling,
    lock: facts.lock,
    events: tellingEvents(service.events ?? [], serviceName, mostEvents),
    next:
      staged === undefined
        ? nextSteps(
            stripped({
              codeDeploy,
              serviceDeployment,
              isNative: isNativeService(service),
              replacesSome: (facts.serviceDeployment?.sourceServiceRevisions ?? []).length > 0,
            }),
            command,
          )
        : stagedNextSteps(staged, command),
    unread: facts.unread,
  });
}

/** Every target group that traffic reaches the service through, the alternate one of blue/green included. */
export function targetGroupsOf(
  loadBalancers: Service["loadBalancers"],
  taskSets: readonly TaskSet[] = [],
): readonly string[] {
  const all = [...(loadBalancers ?? []), ...taskSets.flatMap((taskSet) => taskSet.loadBalancers ?? [])];
  const arns = all.flatMap(({ targetGroupArn, advancedConfiguration }) => [
    targetGroupArn,
    advancedConfiguration?.alternateTargetGroupArn,
  ]);
  return [...new Set(arns.flatMap((arn) => arn ?? []))];
}

/** `test-instance` of `arn:…:targetgroup/test-instance/6d61f4e4e2255d7d`. */
function targetGroupName(arn: string): string {
  return arn.split("/").at(-2) ?? arn;
}

const trailPrefix = "slipway:";

/** The trail among a resource's tags. */
function trailOf(tags: readonly Tag[] = []): Trail {
  return Object.fromEntries(
    tags.flatMap(({ key = "", value = "" }) =>
      key.startsWith(trailPrefix) ? [[key.slice(trailPrefix.length), value]] : [],
    ),
  );
}

function capacityOf({ launchType, capacityProviderStrategy = [] }: Service): readonly string[] {
  const providers = capacityProviderStrategy.flatMap(({ capacityProvider }) => capacityProvider ?? []);
  return providers.length > 0 ? providers : launchType === undefined ? [] : [launchType];
}

export function revisionStatus({ taskDefinition, tags }: RegisteredRevision): RevisionStatus {
  return stripped({
    revision: revisionName(taskDefinition.taskDefinitionArn ?? ""),
    containers: (taskDefinition.containerDefinitions ?? []).map(({ name = "", image = "" }) => ({
      container: name,
      image,
    })),
    registeredAt: iso(taskDefinition.registeredAt),
    registeredBy: taskDefinition.registeredBy,
    trail: trailOf(tags),
  });
}

function deploymentStatus(one: Deployment | TaskSet): DeploymentStatus {
  const desired = "computedDesiredCount" in one ? one.computedDesiredCount : undefined;
  const listed: Deployment = one;
  return stripped({
    id: one.id ?? "?",
    status: one.status ?? "UNKNOWN",
    revision: revisionName(one.taskDefinition ?? ""),
    rolloutState: listed.rolloutState,
    reason: listed.rolloutStateReason,
    desired: desired ?? listed.desiredCount ?? 0,
    running: one.runningCount ?? 0,
    pending: one.pendingCount ?? 0,
    failed: listed.failedTasks ?? 0,
    createdAt: iso(one.createdAt),
    updatedAt: iso(one.updatedAt),
  });
}

function taskStatus(task: Task, hosts: ReadonlyMap<string | undefined, string | undefined>): TaskStatus {
  return stripped({
    id: taskIdOf(task.taskArn),
    revision: revisionName(task.taskDefinitionArn ?? ""),
    status: task.lastStatus ?? "UNKNOWN",
    health: task.healthStatus ?? "UNKNOWN",
    launchType: task.launchType,
    host: task.containerInstanceArn === undefined ? undefined : hosts.get(task.containerInstanceArn),
    availabilityZone: task.availabilityZone,
    startedAt: iso(task.startedAt),
    createdAt: iso(task.createdAt),
    containers: (task.containers ?? []).map((container) =>
      stripped({
        container: container.name ?? "",
        status: container.lastStatus ?? "UNKNOWN",
        health: container.healthStatus ?? "UNKNOWN",
        image: container.image,
        digest: container.imageDigest,
      }),
    ),
  });
}

function stoppedTasks(tasks: readonly Task[]): readonly StoppedTaskStatus[] {
  return tasks
    .filter(died)
    .sort((left, right) => (right.stoppedAt?.getTime() ?? 0) - (left.stoppedAt?.getTime() ?? 0))
    .slice(0, mostStopped)
    .map((task) =>
      stripped({
        id: taskIdOf(task.taskArn),
        revision: revisionName(task.taskDefinitionArn ?? ""),
        stoppedAt: iso(task.stoppedAt),
        reason: task.stoppedReason ?? "no reason given",
        exitCodes: (task.containers ?? []).flatMap(({ name = "", exitCode }) =>
          exitCode === undefined ? [] : [{ container: name, exitCode }],
        ),
      }),
    );
}

/** The scheduler also stops tasks that nothing is wrong with, as in a rollout or where a host drains. */
function died({ stopCode, stoppedReason = "" }: Task): boolean {
  return stopCode !== "ServiceSchedulerInitiated" || /\bfailed\b.*\bhealth checks?\b/i.test(stoppedReason);
}

function target({ Target, TargetHealth }: TargetHealthDescription): TargetGroupStatus["targets"][number] {
  return stripped({
    id: Target?.Id ?? "?",
    port: Target?.Port,
    state: TargetHealth?.State ?? "unknown",
    reason: TargetHealth?.Reason,
    description: TargetHealth?.Description,
  });
}
