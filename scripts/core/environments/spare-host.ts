/**
 * How full managed scaling keeps hosts, so that a rollout has room.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-scaling-targets.html
 */
import type { Environment, InstanceGroupSettings } from "../environments.ts";

/** The port of its host that every task of a service takes; undefined where ECS chooses, or the task has its own address. */
export function takesHostPort(service: Environment["services"][string]): number | undefined {
  if (service.networkMode === "host") return service.containerPort;
  return service.networkMode === "bridge" ? service.hostPort : undefined;
}

/**
 * The target of managed scaling, in percent: what the file says, else 100, else so much that one host more is there than
 * is needed. Tasks whose port is fixed have a host each; the next revision's first task needs one without an old one.
 *
 * With `max - 1` hosts needed, `100 * (max - 1) / max` percent makes `max` of them, and of fewer needed at least one more.
 */
export function targetCapacityPercent(
  { services, cluster }: Environment,
  group: InstanceGroupSettings,
  groupName: string,
): number {
  if (group.targetCapacityPercent !== undefined) return group.targetCapacityPercent;
  // Without default hosts, services with a fixed port run on one of the extra groups, and which is not told.
  const runsServices = groupName === "default" || cluster.ec2 === null;
  const isFixed = Object.values(services).some((service) => takesHostPort(service) !== undefined);
  if (!runsServices || !isFixed || group.max < 2) return 100;
  return Math.floor((100 * (group.max - 1)) / group.max);
}
