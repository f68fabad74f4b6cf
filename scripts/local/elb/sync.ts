/**
 * Takes what moto holds of load balancers, listeners, rules and target groups into the state. Targets and their
 * health are ours and stay.
 */
import {
  DescribeLoadBalancerAttributesCommand,
  DescribeTargetGroupAttributesCommand,
  paginateDescribeListenerCertificates,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  paginateDescribeRules,
  paginateDescribeTargetGroups,
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

/** Where the routing model is read, and what need not be read again. */
export interface RoutingSource {
  /** Of the region that is read. */
  readonly client: ElasticLoadBalancingV2Client;
  readonly motoEndpoint: string;
  /** What was read before. */
  readonly known: RoutingModel;
  /** The ARNs of the load balancers, listeners and target groups that may have changed since. */
  readonly changed: ReadonlySet<string>;
}

/**
 * Reads the routing model of a region from moto. Lists are always read; what takes a call for each thing (attributes,
 * rules, certificates) only of what is new or may have changed.
 */
export async function readRoutingModel(source: RoutingSource): Promise<RoutingModel> {
  const { client } = source;
  const [described, targetGroups] = await Promise.all([
    all(paginateDescribeLoadBalancers({ client }, {}), ({ LoadBalancers }) => LoadBalancers),
    all(paginateDescribeTargetGroups({ client }, {}), ({ TargetGroups }) => TargetGroups),
  ]);
  const listeners = await Promise.all(described.map((loadBalancer) => readListeners(source, loadBalancer)));
  const balancers = await Promise.all(
    described.map((loadBalancer) => readLoadBalancer(source, loadBalancer)),
  );
  const groups = await Promise.all(targetGroups.map((group) => readTargetGroup(source, group)));
  return {
    loadBalancers: byArn(balancers),
    listeners: byArn(listeners.flat()),
    targetGroups: byArn(groups),
  };
}

/**
 * The ARNs of what an ELBv2 call is about, for `changed`: a rule's stands for its listener.
 *
 * @param form the call's fields
 */
export function arnsIn(form: URLSearchParams): string[] {
  return [...form]
    .filter(([name]) =>
      /^(LoadBalancerArn|ListenerArn|TargetGroupArn|(RulePriorities\.member\.\d+\.)?RuleArn)$/.test(name),
    )
    .map(([, arn]) => arn.replace(/:listener-rule\/(.*)\/[^/]*$/, ":listener/$1"));
}

/** The items of every page of an answer. */
async function all<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

function byArn<Record_ extends { arn: string }>(records: readonly Record_[]): Record<string, Record_> {
  return Object.fromEntries(records.map((record) => [record.arn, record]));
}

async function readLoadBalancer(
  { client, known, changed }: RoutingSource,
  loadBalancer: LoadBalancer,
): Promise<LoadBalancerRecord> {
  const { LoadBalancerArn = "" } = loadBalancer;
  const before = known.loadBalancers[LoadBalancerArn];
  if (before && !changed.has(LoadBalancerArn)) return before;
  const { Attributes } = await client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
  return {
    arn: LoadBalancerArn,
    name: loadBalancer.LoadBalancerName ?? "",
    dnsName: loadBalancer.DNSName ?? "",
    type: loadBalancer.Type ?? "application",
    scheme: loadBalancer.Scheme ?? "internet-facing",
    attributes: byKey(Attributes),
  };
}

async function readListeners(
  source: RoutingSource,
  { LoadBalancerArn }: LoadBalancer,
): Promise<ListenerRecord[]> {
  const pages = paginateDescribeListeners({ client: source.client }, { LoadBalancerArn });
  const listeners = await all(pages, ({ Listeners }) => Listeners);
  return Promise.all(listeners.map((listener) => readListener(source, listener)));
}

async function readListener(source: RoutingSource, listener: Listener): Promise<ListenerRecord> {
  const { client, known, changed } = source;
  const { ListenerArn = "" } = listener;
  const before = known.listeners[ListenerArn];
  if (before && !changed.has(ListenerArn)) return before;
  const rules = await all(paginateDescribeRules({ client }, { ListenerArn }), ({ Rules }) => Rules);
  const certificates = listener.Protocol === "HTTPS" ? await readCertificates(source, listener) : undefined;
  return {
    arn: ListenerArn,
    loadBalancerArn: listener.LoadBalancerArn ?? "",
    protocol: listener.Protocol ?? "HTTP",
    port: listener.Port ?? 80,
    rules: inOrderOfEvaluation(rules.map((rule) => ruleRecord(rule, listener))),
    ...(certificates && { certificates }),
  };
}

/** The default certificate comes first. */
async function readCertificates(
  { client, motoEndpoint }: RoutingSource,
  { ListenerArn, Certificates = [] }: Listener,
): Promise<ListenerCertificate[]> {
  const pages = paginateDescribeListenerCertificates({ client }, { ListenerArn });
  const further = await all(pages, (page) => page.Certificates);
  const given = [...Certificates, ...further].map(({ CertificateArn }) => CertificateArn ?? "");
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
  { client, known, changed }: RoutingSource,
  group: TargetGroup,
): Promise<TargetGroupRecord> {
  const { TargetGroupArn = "" } = group;
  const before = known.targetGroups[TargetGroupArn];
  if (before && !changed.has(TargetGroupArn)) return before;
  const { Attributes } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  const attributes = byKey(Attributes);
  return {
    arn: TargetGroupArn,
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
