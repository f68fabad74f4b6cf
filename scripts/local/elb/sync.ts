/**
 * Takes what moto holds of load balancers, listeners, rules and target groups into the state. Targets and their
 * health are ours and stay.
 */
import {
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
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

import { certificateNames } from "./acm.ts";
import { inOrderOfEvaluation } from "./rules.ts";
import type {
  ElbState,
  ListenerCertificate,
  ListenerRecord,
  LoadBalancerRecord,
  TargetGroupRecord,
} from "./state.ts";

/** The part of the state that moto owns. */
export type RoutingModel = Pick<ElbState, "loadBalancers" | "listeners" | "targetGroups">;

/** Reads the whole routing model of a region from moto, which the client is for. */
export async function readRoutingModel(
  client: ElasticLoadBalancingV2Client,
  motoEndpoint: string,
): Promise<RoutingModel> {
  const [loadBalancers, targetGroups] = await Promise.all([
    client.send(new DescribeLoadBalancersCommand({})),
    client.send(new DescribeTargetGroupsCommand({})),
  ]);
  const described = loadBalancers.LoadBalancers ?? [];
  const listeners = await Promise.all(
    described.map((loadBalancer) => readListeners(client, loadBalancer, motoEndpoint)),
  );
  const balancers = await Promise.all(
    described.map((loadBalancer) => readLoadBalancer(client, loadBalancer)),
  );
  const groups = await Promise.all(
    (targetGroups.TargetGroups ?? []).map((group) => readTargetGroup(client, group)),
  );
  return {
    loadBalancers: byArn(balancers),
    listeners: byArn(listeners.flat()),
    targetGroups: byArn(groups),
  };
}

function byArn<Record_ extends { arn: string }>(records: readonly Record_[]): Record<string, Record_> {
  return Object.fromEntries(records.map((record) => [record.arn, record]));
}

async function readLoadBalancer(
  client: ElasticLoadBalancingV2Client,
  loadBalancer: LoadBalancer,
): Promise<LoadBalancerRecord> {
  const { LoadBalancerArn } = loadBalancer;
  const { Attributes } = await client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
  return {
    arn: loadBalancer.LoadBalancerArn ?? "",
    name: loadBalancer.LoadBalancerName ?? "",
    dnsName: loadBalancer.DNSName ?? "",
    type: loadBalancer.Type ?? "application",
    scheme: loadBalancer.Scheme ?? "internet-facing",
    attributes: byKey(Attributes),
  };
}

async function readListeners(
  client: ElasticLoadBalancingV2Client,
  { LoadBalancerArn }: LoadBalancer,
  motoEndpoint: string,
): Promise<ListenerRecord[]> {
  const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }));
  return Promise.all(Listeners.map((listener) => readListener(client, listener, motoEndpoint)));
}

async function readListener(
  client: ElasticLoadBalancingV2Client,
  listener: Listener,
  motoEndpoint: string,
): Promise<ListenerRecord> {
  const { ListenerArn } = listener;
  const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn }));
  const certificates =
    listener.Protocol === "HTTPS" ? await readCertificates(client, listener, motoEndpoint) : undefined;
  return {
    arn: ListenerArn ?? "",
    loadBalancerArn: listener.LoadBalancerArn ?? "",
    protocol: listener.Protocol ?? "HTTP",
    port: listener.Port ?? 80,
    rules: inOrderOfEvaluation(Rules.map((rule) => ruleRecord(rule, listener))),
    ...(certificates && { certificates }),
  };
}

/** The default certificate comes first. */
async function readCertificates(
  client: ElasticLoadBalancingV2Client,
  { ListenerArn, Certificates = [] }: Listener,
  motoEndpoint: string,
): Promise<ListenerCertificate[]> {
  const answer = await client.send(new DescribeListenerCertificatesCommand({ ListenerArn }));
  const given = [...Certificates, ...(answer.Certificates ?? [])].map(
    ({ CertificateArn }) => CertificateArn ?? "",
  );
  const arns = [...new Set(given)];
  return Promise.all(
    arns.map(async (arn) => ({ arn, domainNames: await certificateNames(motoEndpoint, arn) })),
  );
}

function byKey(
  attributes: readonly { Key?: string | undefined; Value?: string | undefined }[] = [],
): Record<string, string> {
  return Object.fromEntries(attributes.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}

function ruleRecord(rule: Rule, listener: Listener): ListenerRecord["rules"][number] {
  const isDefault = rule.IsDefault ?? rule.Priority === "default";
  return {
    arn: rule.RuleArn ?? "",
    isDefault,
    priority: isDefault ? 0 : Number(rule.Priority),
    conditions: isDefault ? [] : (rule.Conditions ?? []),
    actions: (isDefault ? listener.DefaultActions : rule.Actions) ?? [],
    ...(rule.Transforms && { transforms: rule.Transforms }),
  };
}

async function readTargetGroup(
  client: ElasticLoadBalancingV2Client,
  group: TargetGroup,
): Promise<TargetGroupRecord> {
  const { TargetGroupArn } = group;
  const { Attributes } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  const attributes = byKey(Attributes);
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
    deregistrationDelaySeconds: Number(attributes["deregistration_delay.timeout_seconds"] ?? 300),
    attributes,
  };
}
