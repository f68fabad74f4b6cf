import type { Task } from "@aws-sdk/client-ecs";

import type { Evidence } from "./evidence.ts";
import { containerFirst, definitionOf, factsOf, type TaskCause } from "./facts.ts";
import { culprit, exitOf } from "./task-exit.ts";

/** A task that was stopped for its health. Where a container of it had crashed, that is why. */
export function failedCheck(task: Task, evidence: Evidence): TaskCause | undefined {
  const { stoppedReason = "" } = task;
  const byContainer = /failed container health checks/i.test(stoppedReason);
  const byTarget = /failed ELB health checks(?: in \((?:target-group|elb) ([^)]+)\))?/i.exec(stoppedReason);
  if (!byContainer && byTarget === null) return undefined;
  const crashed = culprit(task, ({ name }) => definitionOf(evidence, name)?.essential === false);
  if (crashed !== undefined) return exitOf(crashed, task, evidence);
  if (byContainer) return failedContainerCheck(task, evidence);
  const targetGroupArn = byTarget?.[1];
  return {
    kind: "targetUnhealthy",
    cause: "The load balancer found the tasks unhealthy.",
    remedy: "See what its health check asks and what the application answers.",
    ...(targetGroupArn === undefined ? {} : { targetGroupArn }),
  };
}

/** What a task that has not stopped suffers from. */
export function ailment(task: Task, evidence: Evidence): TaskCause | undefined {
  if (task.healthStatus === "UNHEALTHY") return failedContainerCheck(task, evidence);
  const provider = task.capacityProviderName;
  const waits = task.lastStatus === "PROVISIONING" && task.containerInstanceArn === undefined;
  if (!waits || provider === undefined || /^FARGATE/.test(provider) || task.launchType === "FARGATE")
    return undefined;
  return {
    kind: "noHosts",
    cause: `No host has room for the task, and capacity provider ${provider} has not brought one yet.`,
    remedy:
      "See the activity of its auto-scaling group: is its maximum reached, do new instances register with the cluster, are they large enough for the task?",
  };
}

function failedContainerCheck(task: Task, evidence: Evidence): TaskCause {
  const { containers = [] } = task;
  const checked = containers.filter(({ name }) => definitionOf(evidence, name)?.healthCheck !== undefined);
  const unhealthy = containers.find(({ healthStatus }) => healthStatus === "UNHEALTHY");
  const name = unhealthy?.name ?? (checked.length === 1 ? checked[0]?.name : undefined);
  const facts = factsOf(evidence, task, name);
  const {
    command = [],
    interval = 30,
    timeout = 5,
    retries = 3,
    startPeriod = 0,
  } = facts.definition?.healthCheck ?? {};
  const asked = command.length === 0 ? "its health check" : `its health check (${commandText(command)})`;
  return {
    kind: "containerHealthCheck",
    cause: `${containerFirst(facts)} failed ${asked} ${retries} times in a row: asked every ${interval} s, ${timeout} s to answer, ${startPeriod} s to start.`,
    remedy: `Run that command in the container (./deploy exec): is the program in the image, does the port and path answer? Raise startPeriod if it only starts slowly.`,
    ...(name === undefined ? {} : { container: name }),
  };
}

function commandText(command: readonly string[]): string {
  return command.slice(/^CMD(-SHELL)?$/.test(command[0] ?? "") ? 1 : 0).join(" ");
}
