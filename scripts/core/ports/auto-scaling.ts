/** Which kinds of scaling are suspended. */
export interface Suspension {
  readonly dynamicScalingIn: boolean;
  readonly dynamicScalingOut: boolean;
  readonly scheduledScaling: boolean;
}

/** A service's desired count in the hands of Application Auto Scaling. */
export interface ScalableTarget {
  /** Tasks. */
  readonly minCapacity: number;
  /** Tasks. */
  readonly maxCapacity: number;
  readonly suspension: Suspension;
}

/** What the deploy script asks of Application Auto Scaling. Every method throws AwsCallError. */
export interface AutoScalingPort {
  /**
   * The scalable targets of services, by the service's name as given; services whose desired count nobody scales are
   * left out. Any number, asked for fifty at a time.
   *
   * @param cluster name or ARN
   * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html
   */
  describeTargets(cluster: string, services: readonly string[]): Promise<ReadonlyMap<string, ScalableTarget>>;
  /**
   * Sets what is suspended of a registered target. Its capacities stay as they are.
   *
   * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
   */
  suspend(cluster: string, service: string, suspension: Suspension): Promise<void>;
}
