import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";

/** A load balancer as far as routing needs it. */
export interface LoadBalancerRecord {
  arn: string;
  name: string;
  dnsName: string;
  type: string;
  scheme: string;
}

/** A rule of a listener; the default rule comes last. */
export interface RuleRecord {
  arn: string;
  isDefault: boolean;
  priority: number;
  conditions: RuleCondition[];
  actions: Action[];
}

/** A listener with its rules in the order of their evaluation. */
export interface ListenerRecord {
  arn: string;
  loadBalancerArn: string;
  protocol: string;
  port: number;
  rules: RuleRecord[];
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
}

/** Elastic Load Balancing in one region: what moto holds, plus targets and their health, which are ours. */
export interface ElbState {
  loadBalancers: Record<string, LoadBalancerRecord>;
  listeners: Record<string, ListenerRecord>;
  targetGroups: Record<string, TargetGroupRecord>;
  /** By target group ARN, then by `id:port`. */
  targets: Record<string, Record<string, TargetRecord>>;
}
