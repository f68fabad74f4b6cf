import type { TargetGroup, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";

/** What the deploy script asks of target groups. Every method throws AwsCallError. */
export interface TargetHealthPort {
  /** Target groups with their health checks' settings; those that do not exist are left out. */
  targetGroups(arns: readonly string[]): Promise<readonly TargetGroup[]>;
  /** What the load balancer has found of each target of a group. */
  targetHealth(targetGroupArn: string): Promise<readonly TargetHealthDescription[]>;
}
