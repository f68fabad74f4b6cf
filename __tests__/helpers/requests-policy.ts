/** A policy of an autoscaling template that follows the requests for each task. */
export const requestsPolicy = {
  PolicyName: "requests",
  PolicyType: "TargetTrackingScaling",
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 1_000,
    PredefinedMetricSpecification: { PredefinedMetricType: "ALBRequestCountPerTarget" },
  },
};
