import type { State } from "../world/state.ts";
import { requirements } from "./placement.ts";
import { taskDefinition, tasksOn } from "./queries.ts";
import type { AutoScalingGroupRecord, CapacityProviderRecord, HostRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";
import { waitingTasks } from "./waiting.ts";

/** The auto-scaling group of a capacity provider, which names it by its ARN or its name. */
export function groupOf(
  { ecs }: State,
  { autoScalingGroupProvider }: CapacityProviderRecord,
): AutoScalingGroupRecord | undefined {
  const named = autoScalingGroupProvider.autoScalingGroupArn ?? "";
  return Object.values(ecs.autoScalingGroups ?? {}).find(({ name, arn }) => name === named || arn === named);
}

/** Whether a host has no tasks but those of daemon services, which every host has. */
export function isIdle(state: State, host: HostRecord): boolean {
  return tasksOn(state, host).every(
    ({ service }) => state.ecs.services[service ?? ""]?.schedulingStrategy === "DAEMON",
  );
}

/** How many hosts a capacity provider needs: those with tasks, and those that its waiting tasks would fill. */
export function hostsNeeded(state: State, provider: CapacityProviderRecord): number {
  const own = Object.values(state.ecs.hosts).filter(
    ({ capacityProvider, status }) => capacityProvider === provider.name && status !== "DRAINING",
  );
  const busy = own.filter((host) => !isIdle(state, host)).length;
  const size = groupOf(state, provider)?.size ?? own[0] ?? null;
  return busy + hostsFor(state, waitingTasks(state, provider.name), size);
}

interface Room {
  cpu: number;
  memoryMiB: number;
  readonly ports: Set<number>;
  /** Groups of which each host takes one task only. */
  readonly distinct: Set<string>;
}

/** First fit, in the order in which the tasks came; one that fits on no host of that size counts for none. */
function hostsFor(
  state: State,
  tasks: readonly TaskRecord[],
  size: { cpu: number; memoryMiB: number } | null,
): number {
  const rooms: Room[] = [];
  for (const task of tasks) {
    const definition = taskDefinition(state, task.taskDefinition);
    if (!definition) continue;
    const { staticPorts, ...wanted } = requirements(definition);
    const cpu = Math.max(wanted.cpu, Number(task.cpu));
    const memoryMiB = Math.max(wanted.memoryMiB, Number(task.memory));
    if (size && (cpu > size.cpu || memoryMiB > size.memoryMiB)) continue;
    const alone =
      task.waiting?.placement.constraints.some(({ type }) => type === "distinctInstance") ?? false;
    let room = rooms.find(
      (candidate) =>
        candidate.cpu >= cpu &&
        candidate.memoryMiB >= memoryMiB &&
        !staticPorts.some((port) => candidate.ports.has(port)) &&
        !(alone && candidate.distinct.has(task.group)),
    );
    if (!room) {
      // With no host to tell the size by, each task is taken to fill one.
      room = { ...(size ?? { cpu, memoryMiB }), ports: new Set(), distinct: new Set() };
      rooms.push(room);
    }
    room.cpu -= cpu;
    room.memoryMiB -= memoryMiB;
    for (const port of staticPorts) room.ports.add(port);
    if (alone) room.distinct.add(task.group);
  }
  return rooms.length;
}
