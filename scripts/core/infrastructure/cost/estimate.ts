import { ResourceGraph } from "../references.ts";
import type { Resource } from "../references.ts";
import type { SynthesizedStack } from "../stack.ts";
import type { Assumptions } from "./assumptions.ts";
import { isFree } from "./free-types.ts";
import { hostItems } from "./hosts.ts";
import { item } from "./item.ts";
import type { CostItem } from "./item.ts";
import type { Prices } from "./prices.ts";

/** What an environment comes to a month. */
export interface Estimate {
  readonly items: readonly CostItem[];
  /** Dollars a month of everything that has a price here. */
  readonly total: number;
  /** What has no price here, in words. */
  readonly unpriced: readonly string[];
  /** Resources of types that nothing is known of, by type. */
  readonly unknownTypes: Readonly<Record<string, number>>;
}

/**
 * A rough monthly figure of what these stacks make, from list prices and what is assumed of traffic.
 *
 * @param all every stack, since those that are asked for refer to others
 * @param own names of the stacks to estimate
 */
export function estimate(
  all: ReadonlyMap<string, SynthesizedStack>,
  own: ReadonlySet<string>,
  prices: Prices,
  assumptions: Assumptions,
): Estimate {
  const graph = new ResourceGraph(all);
  const mine = graph.resources.filter(({ stack }) => own.has(stack));
  const ofType = (...types: readonly string[]): readonly Resource[] =>
    graph.ofType(...types).filter(({ stack }) => own.has(stack));

  const groups = ofType("aws_autoscaling_group");
  const items = [
    ...hostItems(graph, groups, prices, assumptions),
    ...networkItems(ofType, prices, assumptions),
    ...loadBalancerItems(ofType, prices, assumptions),
    ...eyesItems(ofType, prices, assumptions),
    ...fixedItems(ofType, prices),
  ];
  const priced = items.flatMap(({ monthly }) => monthly ?? []);
  return {
    items,
    total: priced.reduce((sum, monthly) => sum + monthly, 0),
    unpriced: items.filter(({ monthly }) => monthly === undefined).map(({ what }) => what),
    unknownTypes: countTypes(mine.filter(({ type }) => !pricedTypes.has(type) && !isFree(type))),
  };
}

type OfType = (...types: readonly string[]) => readonly Resource[];

const pricedTypes: ReadonlySet<string> = new Set([
  "aws_autoscaling_group",
  "aws_launch_template",
  "aws_nat_gateway",
  "aws_eip",
  "aws_vpc_endpoint",
  "aws_alb",
  "aws_lb",
  "aws_wafv2_web_acl",
  "aws_cloudwatch_log_group",
  "aws_ecs_cluster",
  "aws_kms_key",
  "aws_route53_zone",
  "aws_cloudwatch_metric_alarm",
  "aws_cloudwatch_dashboard",
]);

function networkItems(ofType: OfType, prices: Prices, { hours, natGb, endpointGb }: Assumptions): CostItem[] {
  const gateways = ofType("aws_nat_gateway").length;
  const endpoints = ofType("aws_vpc_endpoint").filter(
    ({ attributes }) => attributes.vpc_endpoint_type === "Interface",
  );
  const endpointZones = endpoints.reduce(
    (sum, { attributes }) => sum + Math.max(1, lengthOf(attributes.subnet_ids)),
    0,
  );
  return [
    ...item("NAT gateways", gateways, "gateways", hours * prices.natGatewayHour),
    ...item("NAT traffic", gateways === 0 ? 0 : natGb, "GB", prices.natGatewayGb),
    ...item(
      "Public IPv4 addresses kept",
      ofType("aws_eip").length,
      "addresses",
      hours * prices.publicIpv4Hour,
    ),
    ...item("Interface endpoints", endpointZones, "endpoints in zones", hours * prices.endpointHour),
    ...item("Traffic of interface endpoints", endpointZones === 0 ? 0 : endpointGb, "GB", prices.endpointGb),
  ];
}

function loadBalancerItems(ofType: OfType, prices: Prices, assumptions: Assumptions): CostItem[] {
  const { hours, lcu, egressGb, requestsMillion } = assumptions;
  const balancers = ofType("aws_lb");
  const facing = balancers.filter(({ attributes }) => attributes.internal !== true);
  const zones = facing.reduce((sum, { attributes }) => sum + lengthOf(attributes.subnets), 0);
  const acls = ofType("aws_wafv2_web_acl");
  const rules = acls.reduce((sum, { attributes }) => sum + lengthOf(attributes.rule), 0);
  return [
    ...item("Load balancers", balancers.length, "load balancers", hours * prices.loadBalancerHour),
    ...item(
      "Load balancers' capacity units",
      balancers.length * lcu,
      "LCU",
      hours * prices.loadBalancerLcuHour,
    ),
    ...item("Public IPv4 addresses of load balancers", zones, "addresses", hours * prices.publicIpv4Hour),
    ...item("Data out to the internet", facing.length === 0 ? 0 : egressGb, "GB", prices.internetOutGb),
    ...item("WAF", acls.length, "web ACLs", prices.wafAclMonth),
    ...item("WAF rules", rules, "rules", prices.wafRuleMonth),
    ...item("WAF requests", acls.length === 0 ? 0 : requestsMillion, "million", prices.wafMillionRequests),
  ];
}

function eyesItems(ofType: OfType, prices: Prices, { logsGb, insightsMetrics }: Assumptions): CostItem[] {
  const logGroups = ofType("aws_cloudwatch_log_group").length;
  const insights = ofType("aws_ecs_cluster").flatMap(({ attributes }) => insightsOf(attributes) ?? []);
  return [
    ...item("Log lines taken in", logGroups === 0 ? 0 : logsGb, "GB", prices.logIngestedGb),
    ...item("Log lines kept", logGroups === 0 ? 0 : logsGb, "GB", prices.logStoredGbMonth),
    ...insights.flatMap((kind) =>
      item(`Container Insights (${kind})`, insightsMetrics, "metrics", prices.insightsMetricMonth[kind]),
    ),
    ...item("Alarms", ofType("aws_cloudwatch_metric_alarm").length, "alarms", prices.alarmMonth),
    ...item("Dashboards", ofType("aws_cloudwatch_dashboard").length, "dashboards", prices.dashboardMonth),
  ];
}

function fixedItems(ofType: OfType, prices: Prices): CostItem[] {
  return [
    ...item("KMS keys", ofType("aws_kms_key").length, "keys", prices.kmsKeyMonth),
    ...item("Hosted zones", ofType("aws_route53_zone").length, "zones", prices.hostedZoneMonth),
  ];
}

function insightsOf({ setting }: Readonly<Record<string, unknown>>): "enabled" | "enhanced" | undefined {
  const settings = (Array.isArray(setting) ? setting : [setting]) as readonly {
    name?: unknown;
    value?: unknown;
  }[];
  const value = settings.find((one) => one.name === "containerInsights")?.value;
  return value === "enabled" || value === "enhanced" ? value : undefined;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : value === undefined ? 0 : 1;
}

function countTypes(resources: readonly Resource[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of resources) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
