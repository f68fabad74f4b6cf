import type { LoadBalancer, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";

/** What the deploy script asks of Elastic Load Balancing before a rollout. Every method throws AwsCallError. */
export interface LoadBalancersPort {
  /** Target groups by ARN; those that do not exist are left out. Any number. */
  targetGroups(arns: readonly string[]): Promise<readonly TargetGroup[]>;
  /** Load balancers by ARN; those that do not exist are left out. Any number. */
  loadBalancers(arns: readonly string[]): Promise<readonly LoadBalancer[]>;
}
