/**
 * Rates that AWS publishes as quotas of calls a second, without a burst: a bucket holds those of one second.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/cw_region.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 * @see https://docs.aws.amazon.com/general/latest/gr/ssm.html
 */
import { byOperation } from "./operation-names.ts";
import type { Charge } from "./token-buckets.ts";

/** What a call of a Region takes of an operation's bucket. */
type Quota = (region: string) => Charge;

function each(operation: string, perSecond: number): Quota {
  const charge = ofOneSecond(operation, perSecond);
  return () => charge;
}

function ofOneSecond(bucket: string, perSecond: number): Charge {
  return { bucket, burst: perSecond, perSecond };
}

const monitoring = byOperation(
  [
    [1, "DisableInsightRules EnableInsightRules"],
    [
      3,
      `DeleteAlarms DisableAlarmActions EnableAlarmActions PutCompositeAlarm PutMetricAlarm
      SetAlarmState`,
    ],
    [5, "DeleteAnomalyDetector DeleteInsightRules PutInsightRule"],
    [9, "DescribeAlarmContributors DescribeAlarms DescribeAlarmsForMetric"],
    [
      10,
      `DeleteDashboards DeleteMetricStream DescribeAnomalyDetectors GetDashboard GetMetricStream
      ListDashboards ListMetricStreams ListTagsForResource PutAnomalyDetector PutDashboard
      PutMetricStream StartMetricStreams StopMetricStreams`,
    ],
    [
      20,
      `DescribeAlarmHistory DescribeInsightRules GetInsightRuleReport GetMetricWidgetImage TagResource
      UntagResource`,
    ],
    [25, "ListMetrics"],
    [400, "GetMetricStatistics"],
    [500, "GetMetricData PutMetricData"],
  ],
  each,
);

const logs: ReadonlyMap<string, Quota> = new Map([
  ...byOperation(
    [
      [
        5,
        `AssociateKmsKey CancelExportTask CreateExportTask DeleteDestination DeleteMetricFilter
        DeleteRetentionPolicy DeleteSubscriptionFilter DescribeDestinations DescribeExportTasks
        DescribeMetricFilters DescribeSubscriptionFilters ListTagsForResource ListTagsLogGroup
        PutDestination PutDestinationPolicy PutMetricFilter PutRetentionPolicy PutSubscriptionFilter
        StartLiveTail TagLogGroup TagResource TestMetricFilter UntagLogGroup UntagResource`,
      ],
      [10, "CreateLogGroup DeleteLogGroup DescribeLogGroups GetQueryResults StartQuery"],
      [15, "DeleteLogStream"],
      [25, "DescribeLogStreams"],
      [50, "CreateLogStream"],
      [5000, "PutLogEvents"],
    ],
    each,
  ),
  [
    "FilterLogEvents",
    byRegion("FilterLogEvents", 10, [
      ["us-east-1", 25],
      ["ap-northeast-3", 5],
      ["ap-southeast-3", 5],
      ["ca-west-1", 5],
      ["eu-central-1", 5],
      ["il-central-1", 5],
    ]),
  ],
  [
    "GetLogEvents",
    byRegion("GetLogEvents", 25, [
      ["us-west-2", 10],
      ["ap-northeast-3", 10],
      ["ap-southeast-3", 10],
      ["ca-west-1", 10],
      ["eu-central-1", 10],
      ["eu-west-1", 10],
      ["eu-west-3", 30],
      ["il-central-1", 10],
    ]),
  ],
]);

function byRegion(operation: string, usual: number, others: readonly (readonly [string, number])[]): Quota {
  const rates = new Map(others);
  return (region) => ofOneSecond(operation, rates.get(region) ?? usual);
}

/** Reads of parameters share one quota; its number is taken from reports that quote AWS's page. */
const ssm = byOperation(
  [[40, "GetParameter GetParameters GetParametersByPath"]],
  (_operation, rate: number) => each("parameter read", rate),
);

const services: ReadonlyMap<string, ReadonlyMap<string, Quota>> = new Map([
  ["monitoring", monitoring],
  ["logs", logs],
  ["ssm", ssm],
]);

/** What a call takes of a service whose rates are quotas; nothing where it has none. */
export function quotaCharges(service: string, operation: string, region: string): readonly Charge[] {
  const quota = services.get(service)?.get(operation);
  return quota ? [quota(region)] : [];
}
