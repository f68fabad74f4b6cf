import type { State } from "../world/state.ts";

/** How an instance refresh goes about its work. */
export interface RefreshPreferences {
  /** Percentages of the group's desired capacity. */
  minHealthyPercentage: number;
  maxHealthyPercentage: number;
  /** For how long a new instance counts as not yet ready, in seconds; null for the group's own time. */
  instanceWarmup: number | null;
  /** Whether instances that come from the group's template as it is now are left alone. */
  skipMatching: boolean;
  /** What is done with instances that are protected from scaling in. */
  scaleInProtectedInstances: "Refresh" | "Ignore" | "Wait";
  autoRollback: boolean;
}

/** A replacement of a group's instances. */
export interface InstanceRefreshRecord {
  id: string;
  /** The group's name. */
  group: string;
  status: "Pending" | "InProgress" | "Cancelling" | "Successful" | "Cancelled" | "Failed";
  statusReason: string | null;
  preferences: RefreshPreferences;
  startedAt: number;
  endedAt: number | null;
  /** How many instances there were to replace. */
  total: number;
  /** EC2 ids of those that have not begun to leave. */
  toReplace: string[];
  /** Those that drain, or are being ended. */
  leaving: { ec2InstanceId: string; ended: boolean }[];
  /** How many instances it has launched in the place of such as have not ended, beyond the group's desired capacity. */
  surge: number;
  /** How many that it asked for have not appeared. */
  expected: number;
  /** Since when only instances are left that are protected; null while there are others. */
  waitingSince: number | null;
  /** When it goes on; null once it is over. */
  lookAt: number | null;
}

/** The instance refresh of a group that is not over, of which there is at most one. */
export function activeRefresh({ ecs }: State, group: string): InstanceRefreshRecord | undefined {
  return Object.values(ecs.instanceRefreshes ?? {}).find(
    (refresh) => refresh.group === group && refresh.endedAt === null,
  );
}

/** How many instances a group has beyond its desired capacity because some are being replaced. */
export function surgeOf(state: State, group: string): number {
  return activeRefresh(state, group)?.surge ?? 0;
}
