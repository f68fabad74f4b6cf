import type { Service } from "@aws-sdk/client-ecs";

import { counted } from "../../core/diagnosis/facts.ts";
import type { StagedDeployment } from "../../core/staged/model.ts";
import type { RunContext } from "../run-context.ts";

/** How a deployment is doing: steady, with as many healthy targets as tasks, or what of that is missing. */
export interface Health {
  readonly service?: Service;
  /** States of its targets, as in `healthy`. */
  readonly targets: readonly string[];
  /** Absent where all is well; otherwise the end of a sentence. */
  readonly missing?: string;
  /** Whether what is missing seems to be on its way: nothing has failed, and its count was changed a moment ago. */
  readonly isUnderWay: boolean;
}

/**
 * Looks at a deployment's service and at its targets.
 *
 * @throws AwsCallError
 */
export async function lookAtHealth(
  { serviceName, targetGroup }: Pick<StagedDeployment, "serviceName" | "targetGroup">,
  cluster: string,
  { ecs, connect }: Pick<RunContext, "ecs" | "connect">,
): Promise<Health> {
  const { targetHealthPort } = await import("../../aws/target-health.ts");
  const [[found], descriptions] = await Promise.all([
    ecs.describeServices(cluster, [serviceName]),
    connect(targetHealthPort).targetHealth(targetGroup.arn),
  ]);
  const service = found?.status === "ACTIVE" ? found : undefined;
  const targets = descriptions.map(({ TargetHealth }) => TargetHealth?.State ?? "unknown");
  const missing = missingIn(service, targets);
  return {
    ...(service && { service }),
    targets,
    ...(missing === undefined ? {} : { missing }),
    isUnderWay: missing !== undefined && isUnderWay(service, targets),
  };
}

function isUnderWay(service: Service | undefined, targets: readonly string[]): boolean {
  const { desiredCount = 0, deployments: [deployment, ...others] = [] } = service ?? {};
  return (
    desiredCount > 0 &&
    others.length === 0 &&
    deployment?.rolloutState === "COMPLETED" &&
    (deployment.failedTasks ?? 0) === 0 &&
    !targets.includes("unhealthy")
  );
}

function missingIn(service: Service | undefined, targets: readonly string[]): string | undefined {
  if (service === undefined) return "it has no active service";
  const { desiredCount = 0, runningCount = 0, deployments = [] } = service;
  const [deployment] = deployments;
  if (deployment?.rolloutState === "FAILED") return "ECS calls its deployment failed";
  if (desiredCount === 0) return "it is to run no task";
  if (deployments.length > 1 || runningCount !== desiredCount || deployment?.rolloutState === "IN_PROGRESS") {
    return `${runningCount} of ${counted(desiredCount, "task")} ${runningCount === 1 ? "runs" : "run"}, and its deployment is not steady`;
  }
  const healthy = targets.filter((state) => state === "healthy").length;
  if (healthy >= desiredCount) return undefined;
  return `${healthy} of ${counted(desiredCount, "target")} ${healthy === 1 ? "is" : "are"} healthy`;
}
