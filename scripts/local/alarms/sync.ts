/**
 * Takes CloudWatch's alarms from moto.
 */
import {
  DescribeAlarmsCommand,
  type CloudWatchClient,
  type CompositeAlarm,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";

import { parts } from "../world/step.ts";
import type { Transaction } from "../world/transaction.ts";
import type { AlarmState } from "./state.ts";

/** An alarm as CloudWatch has it. */
export interface FoundAlarm {
  readonly name: string;
  readonly state: AlarmState;
  /** For how long it looks back, in milliseconds; 0 for a composite alarm. */
  readonly spanMs: number;
}

/** Reads every alarm from moto, metric and composite ones alike. */
export async function readAlarms(cloudWatch: CloudWatchClient): Promise<FoundAlarm[]> {
  const found: FoundAlarm[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmTypes: ["MetricAlarm", "CompositeAlarm"], NextToken }),
    );
    found.push(...[...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])].map(foundAlarm));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

function foundAlarm(alarm: MetricAlarm & CompositeAlarm): FoundAlarm {
  const { AlarmName = "", StateValue, EvaluationPeriods = 0, Period, Metrics = [] } = alarm;
  const periods = Metrics.map((metric) => metric.Period ?? metric.MetricStat?.Period ?? 0);
  const seconds = EvaluationPeriods * (Period ?? Math.max(0, ...periods));
  return {
    name: AlarmName,
    state: StateValue === "OK" || StateValue === "ALARM" ? StateValue : "INSUFFICIENT_DATA",
    spanMs: seconds * 1000,
  };
}

/** Takes the alarms as they are now, and tells every part of the world which of them changed their state. */
export function takeAlarms(transaction: Transaction, found: readonly FoundAlarm[]): void {
  const { state, effects } = transaction;
  const before = state.alarms;
  const alarms = Object.fromEntries(found.map((alarm) => [alarm.name, alarm.state]));
  const names = new Set([...Object.keys(before), ...Object.keys(alarms)]);
  const changed = [...names].filter((name) => before[name] !== alarms[name]);
  state.alarms = alarms;
  state.alarmSpans = Object.fromEntries(found.map(({ name, spanMs }) => [name, spanMs]));
  for (const name of changed) {
    effects.push({ type: "log", message: `alarm ${name} ${alarms[name] ?? "is gone"}` });
  }
  if (changed.length === 0) return;
  for (const part of parts) part.alarmsChanged?.(transaction, changed);
}
