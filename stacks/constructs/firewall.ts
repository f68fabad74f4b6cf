import type { Construct } from "constructs";
import { addSecurityGroup, allowFrom, allowTo } from "./security-group.ts";
import type { ReachablePorts } from "./service-ports.ts";

/** Adds a security group whose members may call anything, and that nothing reaches until a load balancer opens it. */
export function addTargetFirewall(
  scope: Construct,
  kind: "hosts" | "tasks",
  { environmentName, vpcId }: { readonly environmentName: string; readonly vpcId: string },
): string {
  const group = addSecurityGroup(scope, `${kind}-security-group`, {
    namePrefix: `${environmentName}-${kind}-`,
    description: `ECS ${kind} of environment ${environmentName}`,
    vpcId,
  });
  allowTo(scope, `${kind}-to-anywhere`, {
    securityGroupId: group.id,
    peer: { cidr: "0.0.0.0/0" },
    description: "Images, AWS and whatever the containers call",
  });
  return group.id;
}

/** A load balancer's door to its targets. */
export interface TargetDoor {
  readonly variant: string;
  /** Of the load balancer. */
  readonly securityGroupId: string;
  /** Of the targets. */
  readonly targetGroupId: string;
}

/** Opens both ends between a load balancer and its targets, on the ports given and no others. */
export function connectTargets(
  scope: Construct,
  { variant, securityGroupId, targetGroupId }: TargetDoor,
  reachable: readonly ReachablePorts[],
): void {
  for (const { id, ports, purpose } of reachable) {
    allowTo(scope, `to-${id}`, {
      securityGroupId,
      peer: { securityGroupId: targetGroupId },
      ports,
      description: `Requests and health checks to ${purpose}`,
    });
    allowFrom(scope, `target-${id}`, {
      securityGroupId: targetGroupId,
      peer: { securityGroupId },
      ports,
      description: `The ${variant} load balancer to ${purpose}`,
    });
  }
}
