import {
  CreateListenerCommand,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteTargetGroupCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { given } from "./clients.ts";
import type { Context } from "./context.ts";

/** A target group, and the listener on the shared load balancer that forwards to it. */
export interface TargetGroup {
  readonly arn: string;
  /** Undefined for one that nothing forwards to. */
  readonly listenerArn: string | undefined;
}

/** How a target group differs from one of hosts behind a listener. */
export interface TargetGroupOptions {
  readonly targetType?: "instance" | "ip";
  readonly behindListener?: boolean;
  readonly path?: string;
}

/** Makes a target group with short intervals, so that a rollout against AWS takes minutes rather than half an hour. */
export async function makeTargetGroup(context: Context, options: TargetGroupOptions): Promise<TargetGroup> {
  const { elb } = context.clients;
  const { vpcId } = await context.network();
  const LoadBalancerArn = await context.loadBalancer();
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      // A target group's name has 32 characters at most.
      Name: context.name().slice(-32).replace(/^-/, ""),
      TargetType: options.targetType ?? "instance",
      Protocol: "HTTP",
      Port: 80,
      VpcId: vpcId,
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 2,
      HealthCheckPath: options.path ?? "/",
    }),
  );
  const arn = given(TargetGroups?.[0]?.TargetGroupArn);
  context.afterwards(() => elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn })));
  const delay = { Key: "deregistration_delay.timeout_seconds", Value: "30" };
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: [delay] }));
  if (options.behindListener === false) return { arn, listenerArn: undefined };
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Port: context.nextPort(),
      Protocol: "HTTP",
      DefaultActions: [{ Type: "forward", TargetGroupArn: arn }],
    }),
  );
  const listenerArn = given(Listeners?.[0]?.ListenerArn);
  context.afterwards(() => elb.send(new DeleteListenerCommand({ ListenerArn: listenerArn })));
  return { arn, listenerArn };
}

/** The targets of a group with their health. */
export async function targetsOf(context: Context, arn: string): Promise<TargetHealthDescription[]> {
  const { TargetHealthDescriptions } = await context.clients.elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: arn }),
  );
  return TargetHealthDescriptions ?? [];
}

/** A service's load balancer entry for container `web`. */
export function behind({ arn }: TargetGroup) {
  return { loadBalancers: [{ targetGroupArn: arn, containerName: "web", containerPort: 80 }] };
}
