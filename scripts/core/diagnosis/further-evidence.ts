import type { Task } from "@aws-sdk/client-ecs";

import { type Evidence, logKey } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import { readServiceEvent } from "./service-event.ts";
import { idOf, taskFindings } from "./task-findings.ts";

/** A container's log to be read, with where it goes in `Evidence.logs`. */
export interface WantedLog {
  readonly key: string;
  readonly container: string;
  readonly group: string;
  /** In order: the first that has lines is taken, since the newest task's may be still on their way. */
  readonly streams: readonly string[];
  /** Absent for the run's own Region. */
  readonly region?: string;
}

/** Causes whose tasks' logs are read, and containers of one task. Few: each log is a call. */
const mostCauses = 5;
const mostContainers = 3;

/** Logs that tell more of what was found: of the newest task of each cause, the container that it is about. */
export function wantedLogs(evidence: Evidence): readonly WantedLog[] {
  return taskFindings(evidence)
    .slice(0, mostCauses)
    .flatMap((finding) => logsOf(finding, evidence));
}

function logsOf({ tasks, container }: Finding, evidence: Evidence): readonly WantedLog[] {
  const ran = tasks.filter(({ startedAt, containers = [] }) => {
    return startedAt !== undefined || containers.some(({ exitCode }) => exitCode !== undefined);
  });
  const [newest] = tasks;
  const names = (newest?.containers ?? []).flatMap(({ name }) => name ?? []);
  return names
    .filter((name) => container === undefined || name === container)
    .slice(0, mostContainers)
    .flatMap(
      (name) => logOf(name, [ran[0], ran.at(-1)], logKey(newest?.taskArn ?? "", name), evidence) ?? [],
    );
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html */
function logOf(
  container: string,
  tasks: readonly (Task | undefined)[],
  key: string,
  { revision }: Evidence,
): WantedLog | undefined {
  const definition = revision?.containerDefinitions?.find(({ name }) => name === container);
  const { logDriver, options = {} } = definition?.logConfiguration ?? {};
  const group = options["awslogs-group"];
  if (logDriver !== "awslogs" || group === undefined) return undefined;
  const prefix = options["awslogs-stream-prefix"];
  const region = options["awslogs-region"];
  const streams = tasks.flatMap((task) => {
    if (task === undefined) return [];
    if (prefix !== undefined) return [`${prefix}/${container}/${idOf(task)}`];
    return task.containers?.find(({ name }) => name === container)?.runtimeId ?? [];
  });
  if (streams.length === 0) return undefined;
  return {
    key,
    container,
    group,
    streams: [...new Set(streams)],
    ...(region === undefined ? {} : { region }),
  };
}

/** Whether the cluster's hosts tell more: their free room where a task was not placed, their ids for their targets. */
export function wantsHosts(evidence: Evidence): boolean {
  if (
    evidence.described?.events?.some(
      ({ message = "" }) => readServiceEvent(message)?.type === "notPlaced",
    ) === true
  ) {
    return true;
  }
  return (
    evidence.tasks.some(
      ({ containerInstanceArn, lastStatus }) =>
        containerInstanceArn !== undefined && lastStatus === "RUNNING",
    ) && targetGroupsOf(evidence).length > 0
  );
}

/** Target groups of the service's load balancers, the ones that blue/green alternates with included. */
export function targetGroupsOf({ described }: Evidence): readonly string[] {
  const arns = (described?.loadBalancers ?? []).flatMap(({ targetGroupArn, advancedConfiguration }) =>
    [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].flatMap((arn) => arn ?? []),
  );
  return [...new Set(arns)];
}

/** Whether ECS's record of the deployment may tell more: alarms and hooks are told there alone. */
export function wantsServiceDeployment({ described, reason = "" }: Evidence): boolean {
  const { alarms, strategy, lifecycleHooks = [] } = described?.deploymentConfiguration ?? {};
  const isNative = strategy !== undefined && strategy !== "ROLLING";
  return (
    alarms?.enable === true ||
    isNative ||
    lifecycleHooks.length > 0 ||
    /alarm|hook|rolled back because/i.test(reason)
  );
}
