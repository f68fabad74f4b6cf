import type { Action, RuleCondition, RuleTransform } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { MutualAuthentication, TrustStoreRecord } from "./trust-stores.ts";

/** A load balancer as far as routing needs it. */
export interface LoadBalancerRecord {
  arn: string;
  name: string;
  dnsName: string;
  type: string;
  scheme: string;
  /** As ModifyLoadBalancerAttributes takes them; one that is left out has AWS's default. */
  attributes?: Record<string, string>;
}

/** A rule of a listener; the default rule comes last. */
export interface RuleRecord {
  arn: string;
  isDefault: boolean;
  priority: number;
  conditions: RuleCondition[];
  actions: Action[];
  /** What is rewritten before a request goes to its target; none on most rules. */
  transforms?: RuleTransform[];
}

/** A certificate of an HTTPS listener, as far as choosing one needs it. */
export interface ListenerCertificate {
  arn: string;
  /** The names it is for, such as `example.com` and `*.example.com`. */
  domainNames: string[];
}

/** A listener with its rules in the order of their evaluation. */
export interface ListenerRecord {
  arn: string;
  loadBalancerArn: string;
  protocol: string;
  port: number;
  rules: RuleRecord[];
  /** Of an HTTPS listener: the default one first. */
  certificates?: ListenerCertificate[];
}

/** The health check settings of a target group, in AWS's units. */
export interface HealthCheckSettings {
  enabled: boolean;
  protocol: string;
  /** `traffic-port` or a number. */
  port: string;
  path: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
  /** HTTP codes: `200`, `200,202` or `200-299`. */
  matcher: string;
}

/** A target group without its targets. */
export interface TargetGroupRecord {
  arn: string;
  name: string;
  targetType: string;
  protocol: string;
  port: number;
  healthCheck: HealthCheckSettings;
  deregistrationDelaySeconds: number;
  /** As ModifyTargetGroupAttributes takes them; one that is left out has AWS's default. */
  attributes?: Record<string, string>;
}

/** A registered target. */
export interface TargetRecord {
  id: string;
  port: number;
  availabilityZone: string | null;
  state: "initial" | "healthy" | "unhealthy" | "draining";
  reason: string | null;
  description: string | null;
  successes: number;
  failures: number;
  registeredAt: number;
  /** When a draining target is gone; null while it is registered. */
  drainedAt: number | null;
  /** Since when its share of the requests grows; left out when it has its full share. */
  slowStartedAt?: number;
  /** What its instance is, when that is not running. */
  instanceState?: "stopped" | "terminated";
}

/** Elastic Load Balancing in one region: what moto holds, plus targets and their health, which are ours. */
export interface ElbState {
  loadBalancers: Record<string, LoadBalancerRecord>;
  listeners: Record<string, ListenerRecord>;
  targetGroups: Record<string, TargetGroupRecord>;
  /** By target group ARN, then by `id:port`. */
  targets: Record<string, Record<string, TargetRecord>>;
  trustStores: Record<string, TrustStoreRecord>;
  /** By listener ARN, of those that were ever told. */
  mutualAuthentication: Record<string, MutualAuthentication>;
}
