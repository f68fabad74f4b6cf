import type { Instance, SecurityGroup, Subnet } from "@aws-sdk/client-ec2";

/** What the deploy script asks of EC2. Every method throws AwsCallError. */
export interface NetworkPort {
  /** Subnets by id; those that do not exist are left out. Any number. */
  subnets(ids: readonly string[]): Promise<readonly Subnet[]>;
  /** Security groups with their rules by id; those that do not exist are left out. Any number. */
  securityGroups(ids: readonly string[]): Promise<readonly SecurityGroup[]>;
  /** Instances by id; those that do not exist are left out. Any number. */
  instances(ids: readonly string[]): Promise<readonly Instance[]>;
}
