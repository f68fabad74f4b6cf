import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { CloudwatchMetricAlarmConfig } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { Construct } from "constructs";
import { boundedName } from "../../scripts/core/naming.ts";

/** What makes the alarms of a target group. */
export interface TrafficAlarmsProps {
  readonly environment: string;
  readonly service: string;
  readonly colour: Colour;
  /** Last parts of the ARNs, as CloudWatch has them for its dimensions. */
  readonly targetGroupSuffix: string;
  readonly loadBalancerSuffix: string;
  readonly errorsPerMinute: number;
  readonly responseSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
  /** The SNS topic that is told when an alarm rings, and when it is over. */
  readonly topicArn: string | undefined;
}

const ALARM_NAME_LIMIT = 255;

const colours = ["blue", "green"] as const;
const kinds = ["errors", "unhealthy", "slow"] as const;

type Colour = (typeof colours)[number];
type Kind = (typeof kinds)[number];

/** Neither name has a slash, so no two services share an alarm's. */
function alarmName(environment: string, service: string, colour: Colour, kind: Kind): string {
  return boundedName([`${environment}/${service}/${colour}`, kind], ALARM_NAME_LIMIT);
}

/** The names of all alarms of a service's two target groups. */
export function pairAlarmNames(environment: string, service: string): string[] {
  return colours.flatMap((colour) => kinds.map((kind) => alarmName(environment, service, colour, kind)));
}

/**
 * Adds the alarms that tell a bad release: answers with errors within a minute, targets that stay unhealthy and slow
 * answers for three. A target group without requests or targets has no data, and rings none.
 *
 * @returns the alarms' names
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function addTrafficAlarms(scope: Construct, id: string, props: TrafficAlarmsProps): string[] {
  const told = props.topicArn === undefined ? [] : [props.topicArn];
  const add = (
    kind: Kind,
    settings: Omit<CloudwatchMetricAlarmConfig, "alarmName" | "comparisonOperator">,
  ): string => {
    const alarm = new CloudwatchMetricAlarm(scope, `${id}-${kind}`, {
      alarmName: alarmName(props.environment, props.service, props.colour, kind),
      namespace: "AWS/ApplicationELB",
      dimensions: { TargetGroup: props.targetGroupSuffix, LoadBalancer: props.loadBalancerSuffix },
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      period: 60,
      treatMissingData: "notBreaching",
      ...(told.length === 0 ? {} : { alarmActions: told, okActions: told }),
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
