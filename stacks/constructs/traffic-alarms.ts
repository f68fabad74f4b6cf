import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { CloudwatchMetricAlarmConfig } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { Construct } from "constructs";
import { boundedName } from "../../scripts/core/naming.ts";

/** What makes the alarms of a target group. */
export interface TrafficAlarmsProps {
  /** Begins the alarms' names. */
  readonly name: string;
  /** Last parts of the ARNs, as CloudWatch has them for its dimensions. */
  readonly targetGroupSuffix: string;
  readonly loadBalancerSuffix: string;
  readonly errorsPerMinute: number;
  readonly responseSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
}

const ALARM_NAME_LIMIT = 255;

/**
 * Adds the alarms that tell a bad release: answers with errors within a minute, targets that stay unhealthy and slow
 * answers for three. A target group without requests or targets has no data, and rings none.
 *
 * @returns the alarms' names
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function addTrafficAlarms(scope: Construct, id: string, props: TrafficAlarmsProps): string[] {
  const add = (
    kind: string,
    settings: Omit<CloudwatchMetricAlarmConfig, "alarmName" | "comparisonOperator">,
  ): string => {
    const alarm = new CloudwatchMetricAlarm(scope, `${id}-${kind}`, {
      alarmName: boundedName([props.name, kind], ALARM_NAME_LIMIT),
      namespace: "AWS/ApplicationELB",
      dimensions: { TargetGroup: props.targetGroupSuffix, LoadBalancer: props.loadBalancerSuffix },
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      period: 60,
      treatMissingData: "notBreaching",
      tags: { ...props.tags },
      ...settings,
    });
    return alarm.alarmName;
  };
  return [
    add("errors", {
      metricName: "HTTPCode_Target_5XX_Count",
      alarmDescription: `${props.errorsPerMinute} or more answers of 500 or above within a minute`,
      statistic: "Sum",
      threshold: props.errorsPerMinute,
      evaluationPeriods: 1,
    }),
    add("unhealthy", {
      metricName: "UnHealthyHostCount",
      alarmDescription: "A target was unhealthy for three minutes",
      statistic: "Maximum",
      threshold: 1,
      evaluationPeriods: 3,
    }),
    add("slow", {
      metricName: "TargetResponseTime",
      alarmDescription: `5 of 100 answers took ${props.responseSeconds} s or longer for three minutes`,
      extendedStatistic: "p95",
      threshold: props.responseSeconds,
      evaluationPeriods: 3,
    }),
  ];
}
