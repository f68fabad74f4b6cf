/**
 * What ECS and CodeDeploy tell EventBridge, made of a state and the one after it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
 */
import type { DeploymentRecord as CodeDeployRecord } from "../codedeploy/state.ts";
import type { DeploymentRecord } from "../ecs/state.ts";
import type { TaskRecord } from "../ecs/task-state.ts";
import type { State } from "../world/state.ts";

/** An event before it has an id and a time. */
export interface ServiceEvent {
  readonly source: "aws.ecs" | "aws.codedeploy";
  readonly "detail-type": string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Everything that is told of the difference between two states. */
export function eventsBetween(
  before: State,
  after: State,
  toDate: (instant: number) => Date,
): ServiceEvent[] {
  const iso = (instant: number | null): string | undefined =>
    instant === null ? undefined : toDate(instant).toISOString();
  return [
    ...changed(before.ecs.tasks, after.ecs.tasks).flatMap(([was, is]) =>
      was?.lastStatus === is.lastStatus && was.desiredStatus === is.desiredStatus
        ? []
        : [taskEvent(is, after, iso)],
    ),
    ...changed(before.ecs.services, after.ecs.services).flatMap(([was, is]) => {
      const known = new Map(was?.deployments.map(({ id, rolloutState }) => [id, rolloutState]));
      return is.deployments
        .filter(({ id, rolloutState }) => known.get(id) !== rolloutState)
        .map((deployment) => deploymentEvent(is.arn, deployment));
    }),
    ...changed(before.codedeploy.deployments, after.codedeploy.deployments).flatMap(([was, is]) =>
      was?.status === is.status ? [] : codeDeployEvents(is, after),
    ),
  ];
}

/** Records that are not the same as before; states share what did not change. */
function changed<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
): [Value | undefined, Value][] {
  if (before === after) return [];
  return Object.entries(after).flatMap(([key, is]): [Value | undefined, Value][] =>
    before[key] === is ? [] : [[before[key], is]],
  );
}

function taskEvent(
  task: TaskRecord,
  { region, account }: State,
  iso: (instant: number | null) => string | undefined,
): ServiceEvent {
  return {
    source: "aws.ecs",
    "detail-type": "ECS Task State Change",
    resources: [task.arn],
    detail: {
      taskArn: task.arn,
      clusterArn: `arn:aws:ecs:${region}:${account}:cluster/${task.clusterName}`,
      taskDefinitionArn: task.taskDefinition,
      group: task.group,
      startedBy: task.startedBy ?? undefined,
      launchType: task.launchType,
      capacityProviderName: task.capacityProvider ?? undefined,
      availabilityZone: task.availabilityZone,
      cpu: task.cpu,
      memory: task.memory,
      lastStatus: task.lastStatus,
      desiredStatus: task.desiredStatus,
      stopCode: task.stopCode ?? undefined,
      stoppedReason: task.stoppedReason ?? undefined,
      containers: task.containers.map((container) => ({
        containerArn: container.arn,
        taskArn: task.arn,
        name: container.name,
        image: container.image,
        lastStatus: container.lastStatus,
        exitCode: container.exitCode ?? undefined,
        reason: container.reason ?? undefined,
      })),
      createdAt: iso(task.createdAt),
      startedAt: iso(task.startedAt),
      stoppedAt: iso(task.stoppedAt),
      version: task.version,
    },
  };
}

function deploymentEvent(
  serviceArn: string,
  { id, rolloutState, rolloutStateReason }: DeploymentRecord,
): ServiceEvent {
  return {
    source: "aws.ecs",
    "detail-type": "ECS Deployment State Change",
    resources: [serviceArn],
    detail: {
      eventType: rolloutState === "FAILED" ? "ERROR" : "INFO",
      eventName: `SERVICE_DEPLOYMENT_${rolloutState}`,
      deploymentId: id,
      reason: rolloutStateReason,
    },
  };
}

/** The words of CodeDeploy's events for its statuses. */
const codeDeployStates: Readonly<Partial<Record<CodeDeployRecord["status"], string>>> = {
  Created: "START",
  Ready: "READY",
  Succeeded: "SUCCESS",
  Failed: "FAILURE",
  Stopped: "STOP",
};

function codeDeployEvents(
  { id, status, applicationName, groupName }: CodeDeployRecord,
  { region, account }: State,
): ServiceEvent[] {
  const state = codeDeployStates[status];
  if (state === undefined) return [];
  const arn = (resource: string): string => `arn:aws:codedeploy:${region}:${account}:${resource}`;
  return [
    {
      source: "aws.codedeploy",
      "detail-type": "CodeDeploy Deployment State-change Notification",
      resources: [
        arn(`application:${applicationName}`),
        arn(`deploymentgroup:${applicationName}/${groupName}`),
      ],
      detail: { region, application: applicationName, deploymentGroup: groupName, deploymentId: id, state },
    },
  ];
}
