import type { ClusterStatus, Status, TaskStatus } from "../gateway/status.ts";

/** More tasks of one service than these are only counted. */
const mostTasks = 10;

/** A status, with the tasks that have not stopped, for people to read. */
export function statusText(current: Status, tasks: readonly TaskStatus[]): string {
  const listeners = current.listeners.map(
    ({ loadBalancer, protocol, port, url }) => `  ${loadBalancer} ${protocol}:${port} → ${url}`,
  );
  const clusters = current.clusters.flatMap((cluster) => clusterLines(cluster, tasks));
  return [
    `Endpoint ${current.endpoint} (process ${current.pid}, speed ${current.speed}, moto ${current.moto.version})`,
    ...modes(current),
    listeners.length > 0 ? "Load balancers" : "No load balancer listens yet",
    ...listeners,
    ...(clusters.length > 0 ? clusters : ["No cluster yet"]),
  ].join("\n");
}

function clusterLines(
  { name, region, hosts, services }: ClusterStatus,
  all: readonly TaskStatus[],
): string[] {
  const tasks = all.filter((task) => task.region === region && clusterOf(task) === name);
  const loose = tasks.filter(({ group }) => !group.startsWith("service:"));
  return [
    `Cluster ${name} (${region}, ${hosts} ${hosts === 1 ? "host" : "hosts"})`,
    ...services.flatMap((service) => [
      `  ${service.name} ${service.status} ${service.runningCount}/${service.desiredCount} running` +
        `${service.pendingCount > 0 ? `, ${service.pendingCount} pending` : ""}, ` +
        `${lastPart(service.taskDefinition)} ${service.rolloutState}`,
      ...taskLines(tasks.filter(({ group }) => group === `service:${service.name}`)),
    ]),
    ...(loose.length > 0 ? ["  Tasks of no service", ...taskLines(loose)] : []),
  ];
}

/** A line for each task, with the addresses of its containers, past every load balancer. */
function taskLines(tasks: readonly TaskStatus[]): string[] {
  const more = tasks.length - mostTasks;
  return [
    ...tasks
      .slice(0, mostTasks)
      .map(({ taskArn, lastStatus, taskDefinition, urls }) =>
        [`    ${lastPart(taskArn)} ${lastStatus} ${lastPart(taskDefinition)}`, ...urls].join(" "),
      ),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

function clusterOf({ taskArn }: TaskStatus): string {
  return taskArn.split("/")[1] ?? "";
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

/** What makes this local AWS behave otherwise than it does unless told. */
function modes({ held, throttle, enforceIam, docker, faults }: Status): string[] {
  const told = [
    held && "time is held (./local time resume)",
    !throttle && "calls are not throttled",
    enforceIam && "IAM is enforced",
    docker && "real images run in Docker",
    faults.length > 0 &&
      `${faults.length} ${faults.length === 1 ? "fault" : "faults"} in force (./local fault list)`,
  ].filter((part) => typeof part === "string");
  return told.length > 0 ? [`Note: ${told.join("; ")}`] : [];
}
