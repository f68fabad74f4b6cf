import * as sdk from "@aws-sdk/client-ecs";

import { modelSource } from "./model.ts";

/**
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html
 */
const fractional = new Set(["LinearConfiguration.stepPercent", "CanaryConfiguration.canaryPercent"]);

/** The text of scripts/core/aws-model/ecs-model.generated.ts. */
export function ecsModelSource(): string {
  return modelSource("ecsModel", {
    packageName: "@aws-sdk/client-ecs",
    sdk,
    inputs: ["RegisterTaskDefinitionRequest", "CreateServiceRequest", "UpdateServiceRequest"],
    described: [
      { shape: "TaskDefinition", output: "TaskDefinition", inputs: ["RegisterTaskDefinitionRequest"] },
      { shape: "Service", output: "Service", inputs: ["CreateServiceRequest", "UpdateServiceRequest"] },
    ],
    fractional,
  });
}
