import * as sdk from "@aws-sdk/client-application-auto-scaling";

import { modelSource } from "./model.ts";

/** @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_Types.html */
const fractional = new Set([
  "PredictiveScalingMetricSpecification.TargetValue",
  "StepAdjustment.MetricIntervalLowerBound",
  "StepAdjustment.MetricIntervalUpperBound",
  "TargetTrackingScalingPolicyConfiguration.TargetValue",
]);

/** The text of scripts/core/aws-model/auto-scaling-model.generated.ts. */
export function autoScalingModelSource(): string {
  return modelSource("autoScalingModel", {
    packageName: "@aws-sdk/client-application-auto-scaling",
    sdk,
    inputs: ["RegisterScalableTargetRequest", "PutScalingPolicyRequest", "PutScheduledActionRequest"],
    described: [
      {
        shape: "ScalableTarget",
        output: "ScalableTarget",
        inputs: ["RegisterScalableTargetRequest"],
      },
    ],
    fractional,
  });
}
