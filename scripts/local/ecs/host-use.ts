import type { State } from "../world/state.ts";
import { tasksOn } from "./queries.ts";
import type { HostRecord } from "./state.ts";

/** What the tasks on a host take of it, and what they leave. */
export interface HostUse {
  readonly cpuLeft: number;
  readonly memoryMiBLeft: number;
  /** Host ports that are bound. */
  readonly ports: Set<number>;
  /** Network interfaces of tasks. */
  readonly interfaces: number;
  readonly runningTasks: number;
  /** The group of each task. */
  readonly groups: readonly string[];
}

/** How a host is used by the tasks on it that have not stopped. */
export function hostUse(state: State, host: HostRecord): HostUse {
  const ports = new Set<number>();
  const groups: string[] = [];
  let [cpuLeft, memoryMiBLeft, interfaces, runningTasks] = [host.cpu, host.memoryMiB, 0, 0];
  for (const task of tasksOn(state, host)) {
    cpuLeft -= Number(task.cpu);
    memoryMiBLeft -= Number(task.memory);
    groups.push(task.group);
    if (task.lastStatus === "RUNNING") runningTasks += 1;
    if (task.networkInterface) interfaces += 1;
    else for (const { bindings } of task.containers) for (const { hostPort } of bindings) ports.add(hostPort);
  }
  return { cpuLeft, memoryMiBLeft, ports, interfaces, runningTasks, groups };
}
