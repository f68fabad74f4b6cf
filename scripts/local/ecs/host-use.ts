import type { State } from "../world/state.ts";
import { tasksOn } from "./queries.ts";
import type { HostRecord } from "./state.ts";

/** What the tasks on a host take of it, and what they leave. */
export interface HostUse {
  readonly cpuLeft: number;
  readonly memoryMiBLeft: number;
  /** Host ports that are bound. */
  readonly ports: Set<number>;
  /** The group of each task. */
  readonly groups: readonly string[];
}

/** How a host is used by the tasks on it that have not stopped. */
export function hostUse(state: State, host: HostRecord): HostUse {
  const tasks = tasksOn(state, host);
  const bound = tasks
    .filter(({ networkInterface }) => networkInterface === null)
    .flatMap(({ containers }) => containers.flatMap(({ bindings }) => bindings));
  return {
    cpuLeft: host.cpu - tasks.reduce((total, { cpu }) => total + Number(cpu), 0),
    memoryMiBLeft: host.memoryMiB - tasks.reduce((total, { memory }) => total + Number(memory), 0),
    ports: new Set(bound.map(({ hostPort }) => hostPort)),
    groups: tasks.map(({ group }) => group),
  };
}
