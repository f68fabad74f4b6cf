import { AlbTargetGroup } from "@cdktf/provider-aws/lib/alb-target-group/index.js";
import type { Construct } from "constructs";
import type { LoadBalancerSettings } from "../../scripts/core/environments.ts";

/** `instance` for tasks on hosts, `ip` for those with an address of their own. */
export type TargetType = "instance" | "ip";

/** What makes a target group. */
export interface TargetGroupProps {
  readonly name: string;
  readonly targetType: TargetType;
  readonly vpcId: string;
  readonly settings: LoadBalancerSettings["targetGroups"]["ip"];
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Adds a target group for HTTP.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
 */
export function addTargetGroup(
  scope: Construct,
  id: string,
  { name, targetType, vpcId, settings, tags }: TargetGroupProps,
): AlbTargetGroup {
  const { healthCheck, deregistrationDelaySeconds } = settings;
  return new AlbTargetGroup(scope, id, {
    name,
    targetType,
    vpcId,
    // Only a default: ECS registers each task with a port of its own.
    port: 80,
    protocol: "HTTP",
    deregistrationDelay: String(deregistrationDelaySeconds),
    healthCheck: {
      path: healthCheck.path,
      matcher: healthCheck.matcher,
      interval: healthCheck.intervalSeconds,
      timeout: healthCheck.timeoutSeconds,
      healthyThreshold: healthCheck.healthyThreshold,
      unhealthyThreshold: healthCheck.unhealthyThreshold,
    },
    ...(tags === undefined ? {} : { tags: { ...tags } }),
  });
}
