import type { State } from "../world/state.ts";
import { scalingPeriod, schedulerTick } from "./durations.ts";
import type { LaunchRequest } from "./launch.ts";
import type { CapacityProviderRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

/** What a task that waits for capacity will be started from; its revision is the task's own. */
export type WaitingRequest = Omit<LaunchRequest, "definition">;

/** A copy of a request that can be kept. */
export function waitingRequest({ definition: _definition, ...request }: LaunchRequest): WaitingRequest {
  // A request holds parts of the state, which must not be in it twice.
  return JSON.parse(JSON.stringify(request)) as WaitingRequest;
}

/** Whether a capacity provider adds and removes hosts by itself. */
export function scalesByItself({ ecs }: State, name: string | null): boolean {
  const provider = ecs.capacityProviders[name ?? ""];
  return provider !== undefined && isManaged(provider);
}

/** Whether managed scaling is on. */
export function isManaged({ status, autoScalingGroupProvider }: CapacityProviderRecord): boolean {
  return status === "ACTIVE" && autoScalingGroupProvider.managedScaling?.status === "ENABLED";
}

/** Has managed scaling look at the hosts of a capacity provider, and with `waits` try to place its waiting tasks. */
export function lookLater({ ecs }: State, now: number, name: string, waits: boolean): void {
  const provider = ecs.capacityProviders[name];
  if (!provider) return;
  provider.scaling ??= { lookAt: null, tryAt: null, expected: 0, excessSince: null };
  provider.scaling.lookAt ??= now + scalingPeriod;
  if (waits) provider.scaling.tryAt ??= now + schedulerTick;
}

/** The tasks that wait for a host of a capacity provider, oldest first. */
export function waitingTasks({ ecs }: State, provider: string): TaskRecord[] {
  return Object.values(ecs.tasks).filter(
    (task) => task.waiting && task.desiredStatus === "RUNNING" && task.capacityProvider === provider,
  );
}
