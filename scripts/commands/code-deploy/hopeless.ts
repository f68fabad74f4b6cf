import type { DeploymentTarget } from "@aws-sdk/client-codedeploy";
import type { Task } from "@aws-sdk/client-ecs";

import { replacementOf } from "../../core/code-deploy/replacement.ts";
import type { EcsPort } from "../../core/ports.ts";

/** The circuit breaker's threshold, as far as one look at stopped tasks goes: half of the desired count, from 3 to 10. */
const fewest = 3;
const most = 10;

/**
 * Why a replacement task set will not come up; undefined while it may. ECS has no circuit breaker for task sets, and
 * CodeDeploy waits an hour for one to be steady.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html
 */
export async function hopelessReason(
  { cluster }: { readonly cluster: string },
  target: DeploymentTarget | undefined,
  ecs: EcsPort,
): Promise<string | undefined> {
  const green = replacementOf(target);
  const install = target?.ecsTarget?.lifecycleEvents?.find(
    ({ lifecycleEventName }) => lifecycleEventName === "Install",
  );
  if (green?.identifer === undefined || install?.status !== "InProgress") return undefined;
  const failed = await failedTasks(cluster, green.identifer, green.desiredCount ?? 1, ecs);
  return failed === undefined
    ? undefined
    : `${failed} tasks of the new version failed to start or to get healthy, and CodeDeploy would go on trying for an hour.`;
}

/** How many tasks of a task set have failed, where they are as many as the circuit breaker would allow. */
export async function failedTasks(
  cluster: string,
  taskSetId: string,
  desired: number,
  ecs: EcsPort,
): Promise<number | undefined> {
  const threshold = Math.min(most, Math.max(fewest, Math.ceil(desired / 2)));
  const stopped = await ecs.stoppedTasks(cluster, taskSetId, most);
  const failed = stopped.filter(hasFailed).length;
  return failed < threshold ? undefined : failed;
}

/** The scheduler also stops tasks that are one too many, which says nothing of them. */
function hasFailed({ stopCode, stoppedReason = "" }: Task): boolean {
  if (stopCode === "TaskFailedToStart" || stopCode === "EssentialContainerExited") return true;
  return /failed (ELB|container) health checks/.test(stoppedReason);
}
