import type { State } from "../world/state.ts";

/** The state of a CloudWatch alarm. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** CloudWatch's alarms in one region, as moto holds them: their states by name. */
export type AlarmsState = Record<string, AlarmState>;

/** Those of the named alarms that are in ALARM; one that does not exist is not. */
export function ringing({ alarms }: State, names: readonly string[]): string[] {
  return names.filter((name) => alarms[name] === "ALARM");
}
