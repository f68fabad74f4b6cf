import type { HostRecord } from "../ecs/state.ts";
import type { State } from "../world/state.ts";

/** The host that an EC2 instance is to its cluster. */
export function hostOfInstance({ ecs }: State, ec2InstanceId: string): HostRecord | undefined {
  return Object.values(ecs.hosts).find((host) => host.ec2InstanceId === ec2InstanceId);
}

/**
 * Whether ECS has a host's tasks move before its instance ends.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instance-draining.html
 */
export function hasManagedDraining({ ecs }: State, { capacityProvider }: HostRecord): boolean {
  const provider = ecs.capacityProviders[capacityProvider ?? ""];
  return provider?.autoScalingGroupProvider.managedDraining === "ENABLED";
}
