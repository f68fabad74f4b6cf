import type { DeploymentTarget, ECSTaskSet } from "@aws-sdk/client-codedeploy";

/** The task set that the deployment brings. */
export function replacementOf(target: DeploymentTarget | undefined): ECSTaskSet | undefined {
  return target?.ecsTarget?.taskSetsInfo?.find(({ taskSetLabel }) => taskSetLabel === "Green");
}
