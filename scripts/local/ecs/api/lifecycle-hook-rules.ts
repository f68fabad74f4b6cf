/**
 * What is refused of lifecycle hooks, in AWS's words where they are known.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html
 */
import type { DeploymentLifecycleHook } from "@aws-sdk/client-ecs";

import { invalidParameter } from "./errors.ts";

const mostOfAType = 10;
const longestPauseMinutes = 20_160;
const longestFunctionMinutes = 1440;
/** The stages at which a deployment cannot be paused. */
const shifts: readonly string[] = ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"];

/** Throws for the first hook that cannot be. */
export function checkHooks(strategy: string, hooks: readonly DeploymentLifecycleHook[]): void {
  // Run as if they were not there, hooks of a rolling deployment would teach a wrong lesson.
  if (strategy === "ROLLING" && hooks.length > 0) {
    throw invalidParameter("The local AWS does not run lifecycle hooks with deployment strategy ROLLING.");
  }
  const pauses = hooks.filter(({ targetType }) => targetType === "PAUSE");
  if (pauses.length > mostOfAType || hooks.length - pauses.length > mostOfAType) {
    throw invalidParameter(`A service can have at most ${mostOfAType} lifecycle hooks of each target type.`);
  }
  for (const hook of hooks) checkHook(hook);
}

function checkHook(hook: DeploymentLifecycleHook): void {
  const { targetType = "AWS_LAMBDA", lifecycleStages = [], hookTargetArn, roleArn } = hook;
  if (lifecycleStages.length === 0) throw invalidParameter("lifecycleStages can not be empty.");
  const pause = targetType === "PAUSE";
  if (pause && lifecycleStages.some((stage) => shifts.includes(stage))) {
    throw invalidParameter("Invalid lifecycle stage provided for Pause Hook");
  }
  if (!pause) {
    if (hookTargetArn === undefined) throw invalidParameter("hookTargetArn can not be blank.");
    if (roleArn === undefined) throw invalidParameter("roleArn can not be blank.");
    if (!/^arn:[^:]+:lambda:[^:]*:\d*:function:/.test(hookTargetArn)) {
      throw invalidParameter(`hookTargetArn has an invalid ARN format. Got: ${hookTargetArn}`);
    }
  }
  const most = pause ? longestPauseMinutes : longestFunctionMinutes;
  const { timeoutInMinutes = 1 } = hook.timeoutConfiguration ?? {};
  if (timeoutInMinutes < 1 || timeoutInMinutes > most) {
    throw invalidParameter(`timeoutInMinutes must be between 1 and ${most}.`);
  }
}
