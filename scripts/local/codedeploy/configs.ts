import type { TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";

import type { CodeDeployState } from "./state.ts";

const prefix = "CodeDeployDefault.";

const linear = (linearPercentage: number, linearInterval: number): TrafficRoutingConfig => ({
  type: "TimeBasedLinear",
  timeBasedLinear: { linearPercentage, linearInterval },
});
const canary = (canaryPercentage: number, canaryInterval: number): TrafficRoutingConfig => ({
  type: "TimeBasedCanary",
  timeBasedCanary: { canaryPercentage, canaryInterval },
});

/**
 * AWS's own configurations for ECS, by name.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html#deployment-configurations-predefined-ecs
 */
export const predefinedConfigs: Readonly<Record<string, TrafficRoutingConfig>> = {
  [`${prefix}ECSAllAtOnce`]: { type: "AllAtOnce" },
  [`${prefix}ECSCanary10Percent15Minutes`]: canary(10, 15),
  [`${prefix}ECSCanary10Percent5Minutes`]: canary(10, 5),
  [`${prefix}ECSLinear10PercentEvery1Minutes`]: linear(10, 1),
  [`${prefix}ECSLinear10PercentEvery3Minutes`]: linear(10, 3),
};

/** What an ECS deployment runs by unless told otherwise; rollbacks always do. */
export const allAtOnce = `${prefix}ECSAllAtOnce`;

/** Whether a name is kept for AWS's own configurations. */
export function isReserved(name: string): boolean {
  return name.startsWith(prefix);
}

/** How a configuration routes traffic; undefined when there is none of that name. */
export function routingOf({ configs }: CodeDeployState, name: string): TrafficRoutingConfig | undefined {
  return predefinedConfigs[name] ?? configs[name]?.routing;
}
