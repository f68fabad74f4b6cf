import { approvalMinutes, type CodeDeployFacts } from "../../core/code-deploy/model.ts";
import type { GroupSettings } from "../../core/code-deploy/steps.ts";
import type { DeployOptions } from "../../core/command-line/parse.ts";
import { UsageError } from "../../core/errors.ts";
import type { CodeDeployPort } from "../../core/ports/code-deploy.ts";

const minuteMs = 60_000;

/**
 * Checks the options that are about CodeDeploy against the group that deploys the service.
 *
 * @param wanted the group as it will be
 * @throws UsageError for a configuration that there is not, and for waiting that there will not be
 */
export async function checkOptions(
  { deploymentConfig, waitUntil, autoApproveAfterMs }: DeployOptions,
  { group, underWay }: CodeDeployFacts,
  wanted: GroupSettings | undefined,
  port: CodeDeployPort,
): Promise<void> {
  const minutes = approvalMinutes(underWay?.info ?? wanted ?? group);
  const name = group.deploymentGroupName ?? "?";
  const option =
    waitUntil === "paused"
      ? "--wait-until paused"
      : autoApproveAfterMs === undefined
        ? undefined
        : "--auto-approve-after";
  if (option !== undefined && minutes === undefined) {
    throw new UsageError(
      `${option} is for deployments that wait for approval, and those of deployment group ${name} go on by themselves. Set services.<name>.blueGreen.approvalMinutes in environments.jsonc, or leave the option out. Nothing was changed.`,
    );
  }
  if (autoApproveAfterMs !== undefined && minutes !== undefined && autoApproveAfterMs >= minutes * minuteMs) {
    throw new UsageError(
      `--auto-approve-after is longer than deployments of group ${name} wait for approval, which is ${minutes} minutes: then CodeDeploy stops them. Allowed: less than that. Nothing was changed.`,
    );
  }
  if (deploymentConfig !== undefined && !(await port.hasConfig(deploymentConfig))) {
    throw new UsageError(
      `CodeDeploy knows no deployment configuration ${deploymentConfig}. aws deploy list-deployment-configs lists them; for ECS there are CodeDeployDefault.ECSAllAtOnce, CodeDeployDefault.ECSCanary10Percent5Minutes, CodeDeployDefault.ECSCanary10Percent15Minutes, CodeDeployDefault.ECSLinear10PercentEvery1Minutes and CodeDeployDefault.ECSLinear10PercentEvery3Minutes, and your own. Nothing was changed.`,
    );
  }
}
