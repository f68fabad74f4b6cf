import type { DeployOptions } from "../../core/command-line/parse.ts";
import { UsageError } from "../../core/errors.ts";
import { configurationAfter, isNative } from "../../core/native/deployment.ts";
import type { Planned } from "../rollout/job.ts";

/**
 * `--wait-until deployed` and `paused` are for deployments that ECS moves traffic for.
 *
 * @throws UsageError naming the services that have none such, before anything is written
 */
export function refuseWaitUntil(
  planned: readonly Planned[],
  { waitUntil, keepRevisions, suspendAutoscaling }: DeployOptions,
): void {
  if (waitUntil === "stable") return;
  const option = `--wait-until ${waitUntil}`;
  const ends = "ends the run before the deployment is over";
  if (keepRevisions !== undefined) {
    throw new UsageError(
      `${option} ${ends}, and --keep-revisions deregisters revisions only once it is; choose one of the two.`,
    );
  }
  if (suspendAutoscaling) {
    throw new UsageError(
      `${option} ${ends}, and --suspend-autoscaling resumes autoscaling when the run ends; choose one of the two.`,
    );
  }
  for (const { job, plan, observed } of planned) {
    // Of other controllers their own part decides.
    const create = plan.steps.find((step) => step.kind === "createService");
    const controller = create?.input.deploymentController ?? observed.service?.deploymentController;
    if ((controller?.type ?? "ECS") !== "ECS") continue;
    const configuration = configurationAfter(plan, observed);
    if (!isNative(configuration)) {
      throw new UsageError(
        `${option} is for services whose deploymentConfiguration.strategy is BLUE_GREEN, LINEAR or CANARY. Service ${job.serviceName} has rolling deployments: leave it out, or wait until stable.`,
      );
    }
    const pauses = configuration?.lifecycleHooks?.some(({ targetType }) => targetType === "PAUSE") === true;
    if (waitUntil === "paused" && !pauses) {
      throw new UsageError(
        `${option} is for deployments with a lifecycle hook of targetType PAUSE, and service ${job.serviceName} has none: add one to deploymentConfiguration.lifecycleHooks, or wait until deployed or stable.`,
      );
    }
  }
}
