import type { AwsVpcConfiguration, NetworkMode } from "@aws-sdk/client-ecs";

import type { Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";

const mostSubnets = 16;
const mostSecurityGroups = 5;

/**
 * What is refused of a network configuration, in AWS's words.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
 */
export function checkNetwork(
  { state }: Pick<Call, "state">,
  configuration: AwsVpcConfiguration | null,
  { networkMode, fargate }: { networkMode: NetworkMode | undefined; fargate: boolean },
): void {
  const subnets = configuration?.subnets ?? [];
  if (networkMode !== "awsvpc") {
    if (!configuration) return;
    throw invalidParameter(
      "Network Configuration is not valid for the given networkMode of this task definition.",
    );
  }
  if (subnets.length === 0) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (subnets.length > mostSubnets) {
    throw invalidParameter(`subnets can have at most ${mostSubnets} items.`);
  }
  if ((configuration?.securityGroups ?? []).length > mostSecurityGroups) {
    throw invalidParameter(`securityGroups can have at most ${mostSecurityGroups} items.`);
  }
  if (configuration?.assignPublicIp === "ENABLED" && !fargate) {
    throw invalidParameter("Assign public IP is not supported for this launch type.");
  }
  for (const id of subnets) {
    if (state.ecs.subnets[id]) continue;
    throw invalidParameter(
      `Error retrieving subnet information for [${id}]: The subnet ID '${id}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`,
    );
  }
}
