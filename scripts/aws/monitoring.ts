import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";

import type { MonitoringPort } from "../core/ports/monitoring.ts";
import { inBatches } from "./batches.ts";
import { call, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** DescribeAlarms takes at most a hundred names. */
const alarmsPerCall = 100;

/** Alarms and log groups through the AWS SDK. */
export function monitoringPort(settings: ClientSettings, observe: CallObserver): MonitoringPort {
  const client = paced(new CloudWatchClient(settings));
  const logs = new Map<string, CloudWatchLogsClient>();

  return {
    async alarms(names) {
      const answers = await inBatches(names, alarmsPerCall, (AlarmNames) =>
        call("cloudwatch:DescribeAlarms", observe, () =>
          client.send(
            new DescribeAlarmsCommand({
              AlarmNames,
              AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
              MaxRecords: alarmsPerCall,
            }),
          ),
        ),
      );
      return answers
        .flatMap(({ MetricAlarms = [], CompositeAlarms = [] }) => [...MetricAlarms, ...CompositeAlarms])
        .map(({ AlarmName, StateValue }) => ({ name: AlarmName ?? "", state: StateValue ?? "" }));
    },

    async hasLogGroup(name, region) {
      const regional = logs.get(region) ?? paced(new CloudWatchLogsClient({ ...settings, region }));
      logs.set(region, regional);
      // Groups come in the order of their names, so one that is just the prefix comes first.
      const { logGroups = [] } = await call("logs:DescribeLogGroups", observe, () =>
        regional.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 })),
      );
      return logGroups[0]?.logGroupName === name;
    },
  };
}
