/**
 * Takes what moto holds of load balancers, listeners, rules and target groups into the state. Targets and their
 * health are ours and stay.
 */
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
  type LoadBalancer,
  type Rule,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { inOrderOfEvaluation } from "./rules.ts";
import type { ElbState, ListenerRecord, LoadBalancerRecord, TargetGroupRecord } from "./state.ts";

/** The part of the state that moto owns. */
export type RoutingModel = Pick<ElbState, "loadBalancers" | "listeners" | "targetGroups">;

/** Reads the whole routing model of a region from moto. */
export async function readRoutingModel(client: ElasticLoadBalancingV2Client): Promise<RoutingModel> {
  const [loadBalancers, targetGroups] = await Promise.all([
    client.send(new DescribeLoadBalancersCommand({})),
    client.send(new DescribeTargetGroupsCommand({})),
  ]);
  const listeners = await Promise.all(
    (loadBalancers.LoadBalancers ?? []).map((loadBalancer) => readListeners(client, loadBalancer)),
  );
  const groups = await Promise.all(
    (targetGroups.TargetGroups ?? []).map((group) => readTargetGroup(client, group)),
  );
  return {
    loadBalancers: byArn((loadBalancers.LoadBalancers ?? []).map(loadBalancerRecord)),
    listeners: byArn(listeners.flat()),
    targetGroups: byArn(groups),
  };
}

function byArn<Record_ extends { arn: string }>(records: readonly Record_[]): Record<string, Record_> {
  return Object.fromEntries(records.map((record) => [record.arn, record]));
}

function loadBalancerRecord(loadBalancer: LoadBalancer): LoadBalancerRecord {
  return {
    arn: loadBalancer.LoadBalancerArn ?? "",
    name: loadBalancer.LoadBalancerName ?? "",
    dnsName: loadBalancer.DNSName ?? "",
    type: loadBalancer.Type ?? "application",
    scheme: loadBalancer.Scheme ?? "internet-facing",
  };
}

async function readListeners(
  client: ElasticLoadBalancingV2Client,
  { LoadBalancerArn }: LoadBalancer,
): Promise<ListenerRecord[]> {
  const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }));
  return Promise.all(Listeners.map((listener) => readListener(client, listener)));
}

async function readListener(
  client: ElasticLoadBalancingV2Client,
  listener: Listener,
): Promise<ListenerRecord> {
  const { ListenerArn } = listener;
  const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn }));
  return {
    arn: ListenerArn ?? "",
    loadBalancerArn: listener.LoadBalancerArn ?? "",
    protocol: listener.Protocol ?? "HTTP",
    port: listener.Port ?? 80,
    rules: inOrderOfEvaluation(Rules.map((rule) => ruleRecord(rule, listener))),
  };
}

function ruleRecord(rule: Rule, listener: Listener): ListenerRecord["rules"][number] {
  const isDefault = rule.IsDefault ?? rule.Priority === "default";
  return {
    arn: rule.RuleArn ?? "",
    isDefault,
    priority: isDefault ? 0 : Number(rule.Priority),
    conditions: isDefault ? [] : (rule.Conditions ?? []),
    actions: (isDefault ? listener.DefaultActions : rule.Actions) ?? [],
  };
}

async function readTargetGroup(
  client: ElasticLoadBalancingV2Client,
  group: TargetGroup,
): Promise<TargetGroupRecord> {
  const { TargetGroupArn } = group;
  const { Attributes = [] } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  const delay = Attributes.find(({ Key }) => Key === "deregistration_delay.timeout_seconds")?.Value;
  return {
    arn: TargetGroupArn ?? "",
    name: group.TargetGroupName ?? "",
    targetType: group.TargetType ?? "instance",
    protocol: group.Protocol ?? "HTTP",
    port: group.Port ?? 80,
    healthCheck: {
      enabled: group.HealthCheckEnabled ?? true,
      protocol: group.HealthCheckProtocol ?? "HTTP",
      port: group.HealthCheckPort ?? "traffic-port",
      path: group.HealthCheckPath ?? "/",
      intervalSeconds: group.HealthCheckIntervalSeconds ?? 30,
      timeoutSeconds: group.HealthCheckTimeoutSeconds ?? 5,
      healthyThreshold: group.HealthyThresholdCount ?? 5,
      unhealthyThreshold: group.UnhealthyThresholdCount ?? 2,
      matcher: group.Matcher?.HttpCode ?? "200",
    },
    deregistrationDelaySeconds: Number(delay ?? 300),
  };
}
