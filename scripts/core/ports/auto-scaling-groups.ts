/** How far an auto-scaling group may grow, in instances. */
interface AutoScalingGroup {
  readonly name: string;
  readonly arn: string;
  readonly desiredCapacity: number;
  readonly maxSize: number;
}

/** What the deploy script asks of EC2 Auto Scaling. Every method throws AwsCallError. */
export interface AutoScalingGroupsPort {
  /** Groups by name; those that do not exist are left out. Any number. */
  describe(names: readonly string[]): Promise<readonly AutoScalingGroup[]>;
}
