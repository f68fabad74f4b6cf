/**
 * What of a dashboard is about requests: load balancers, and the target groups of services.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
import { graph, search } from "./widgets.ts";
import type { Expression, Series, Widget } from "./widgets.ts";

/** A target group: how it is called on the graph, and the last part of its ARN, as CloudWatch has it. */
export interface TargetSeries {
  readonly label: string;
  readonly suffix: string;
}

/** A load balancer and its own target groups. */
export interface Balancer {
  readonly variant: string;
  readonly suffix: string;
  readonly groups: readonly TargetSeries[];
}

/** Where a service's requests are counted: in target groups that stand, or in those that its deployments make. */
export interface ServiceTraffic {
  readonly balancerSuffix: string;
  readonly groups: readonly TargetSeries[] | { readonly words: readonly string[] };
}

const namespace = "AWS/ApplicationELB";

/** A load balancer as a whole: requests and errors, its own among them; answers' times; its common targets' health. */
export function loadBalancerWidgets({ variant, suffix, groups }: Balancer, region: string): Widget[] {
  const whole = (metric: string, label: string, stat: string, yAxis: "left" | "right" = "left"): Series => [
    namespace,
    metric,
    "LoadBalancer",
    suffix,
    { label, stat, yAxis },
  ];
  return [
    graph(`${variant}: requests and errors`, region, "Sum", [
      whole("RequestCount", "requests (right)", "Sum", "right"),
      whole("HTTPCode_Target_5XX_Count", "5xx of targets", "Sum"),
      whole("HTTPCode_ELB_5XX_Count", "5xx of the load balancer", "Sum"),
      whole("RejectedConnectionCount", "rejected connections", "Sum"),
    ]),
    graph(`${variant}: seconds to answer`, region, "p95", [
      whole("TargetResponseTime", "p50", "p50"),
      whole("TargetResponseTime", "p95", "p95"),
      whole("TargetResponseTime", "p99", "p99"),
    ]),
    ...(groups.length === 0
      ? []
      : [
          graph(
            `${variant}: common targets`,
            region,
            "Maximum",
            hostCounts({ balancerSuffix: suffix, groups }),
          ),
        ]),
  ];
}

/** A service's own target groups: requests and errors, answers' times, healthy and unhealthy targets. */
export function serviceTrafficWidgets(
  name: string,
  traffic: ServiceTraffic | undefined,
  region: string,
): Widget[] {
  if (traffic === undefined) return [];
  return [
    graph(`${name}: requests and errors`, region, "Sum", [
      ...lines(traffic, "RequestCount", "requests", "Sum"),
      ...lines(traffic, "HTTPCode_Target_5XX_Count", "5xx", "Sum", "right"),
    ]),
    graph(
      `${name}: seconds to answer, p95`,
      region,
      "p95",
      lines(traffic, "TargetResponseTime", "p95", "p95"),
    ),
    graph(`${name}: targets`, region, "Maximum", hostCounts(traffic)),
  ];
}

function hostCounts(traffic: ServiceTraffic): (Series | Expression)[] {
  return [
    ...lines(traffic, "HealthyHostCount", "healthy", "Minimum"),
    ...lines(traffic, "UnHealthyHostCount", "unhealthy", "Maximum"),
  ];
}

/** A metric of every target group of a service. */
function lines(
  { balancerSuffix, groups }: ServiceTraffic,
  metric: string,
  what: string,
  stat: string,
  yAxis: "left" | "right" = "left",
): (Series | Expression)[] {
  if ("words" in groups) {
    const where = { LoadBalancer: balancerSuffix, MetricName: metric };
    const words = groups.words.map((word) => `TargetGroup=${word}`);
    const expression = search(namespace, ["LoadBalancer", "TargetGroup"], where, stat, words);
    return [{ expression, yAxis }];
  }
  return groups.map(({ label, suffix }): Series => [
    namespace,
    metric,
    "TargetGroup",
    suffix,
    "LoadBalancer",
    balancerSuffix,
    { label: `${label} ${what}`, stat, yAxis },
  ]);
}
