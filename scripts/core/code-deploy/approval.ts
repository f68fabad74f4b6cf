import type { DeploymentTarget } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";

import { activeService } from "../deployment/refusals.ts";
import type { Plan, Step } from "../deployment/plan.ts";
import { RefusedError } from "../errors.ts";
import { approvalMinutes, isRollback, isUnderWay, type KnownDeployment } from "./model.ts";
import { waitedFor } from "./plan.ts";
import { runningRevision } from "./task-sets.ts";

/** Whether what comes before the approval is over. */
function isTested(target: DeploymentTarget | undefined): boolean {
  const events = target?.ecsTarget?.lifecycleEvents ?? [];
  const last = events.find(({ lifecycleEventName }) => lifecycleEventName === "AfterAllowTestTraffic");
  return last?.status === "Succeeded" || last?.status === "Skipped";
}

/**
 * The plan of `./deploy activate`: the deployment that waits may go on. One that somebody has approved is waited for;
 * one that has succeeded leaves nothing to do.
 *
 * @param last the deployment under way, else the newest
 * @param target the target of the one under way
 * @throws RefusedError where nothing waits for approval
 */
export function planApproval(
  found: Service | undefined,
  { serviceName, cluster }: { readonly serviceName: string; readonly cluster: string },
  last: KnownDeployment | undefined,
  target: DeploymentTarget | undefined,
): Plan {
  const service = activeService(found, serviceName, cluster, "CODE_DEPLOY");
  const runs = runningRevision(service);
  const plan = { serviceName, cluster, ...(runs === undefined ? {} : { previousRevisionArn: runs }) };
  const begin = `To begin one: CONTAINER_VERSION=<image> ./deploy update ${serviceName}`;
  if (last === undefined) {
    throw new RefusedError(`Service ${serviceName} has no deployment that waits for approval. ${begin}`);
  }
  const { id, info } = last;
  if (isUnderWay(info) && !isRollback(info)) {
    if (approvalMinutes(info) === undefined) {
      throw new RefusedError(
        `Deployment ${id} of service ${serviceName} asks for no approval: it goes on by itself. To watch it: run its command again, or ./deploy deployments ${serviceName}`,
      );
    }
    if (info.status !== "Ready" && !isTested(target)) {
      throw new RefusedError(
        `Deployment ${id} of service ${serviceName} does not wait for approval yet (${info.status ?? "?"}): its tasks are on their way up. Once ./deploy deployments ${serviceName} shows it Ready: ./deploy activate ${serviceName}`,
      );
    }
    const approve: readonly Step[] =
      info.status === "Ready"
        ? [{ kind: "approveCodeDeployment", work: "approveCodeDeployment", deploymentId: id }]
        : [];
    return {
      ...plan,
      waitedFor: waitedFor(last),
      steps: [...approve, { kind: "waitForCodeDeployment", work: "watchCodeDeployment", deploymentId: id }],
    };
  }
  if (info.status === "Succeeded" && !isRollback(info)) {
    const nothingBecause = `Deployment ${id} has succeeded, and nothing waits for approval.`;
    return { ...plan, nothingBecause, steps: [] };
  }
  const words = info.errorInformation?.message;
  const how = isRollback(info)
    ? "a rollback"
    : `which ended ${info.status ?? "?"}${words === undefined ? "" : `: ${words}`}`;
  throw new RefusedError(
    `Service ${serviceName} has no deployment that waits for approval; the last one is ${id}, ${how}${/[.!?]$/.test(how) ? "" : "."} ${begin}`,
  );
}
