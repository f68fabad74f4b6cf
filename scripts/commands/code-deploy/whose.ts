/** Tells services that CodeDeploy deploys from others; small, since every run asks it. */
import { refuseOtherController } from "../../core/code-deploy/controller.ts";
import { InvalidInputError, UsageError } from "../../core/errors.ts";
import type { ObservedService } from "../rollout/observe.ts";
import type { RunCommand } from "../run-context.ts";
import type { FilledService } from "../templates/fill-templates.ts";
import type { ServiceHooks } from "./hooks-file.ts";

/**
 * Whether CodeDeploy deploys a template's service, or is to.
 *
 * @throws RefusedError where one that exists would have to give it another deployment controller
 */
export function isForCodeDeploy(
  verb: RunCommand["verb"],
  filled: FilledService,
  { service }: ObservedService,
): boolean {
  const wanted = filled.createInput().deploymentController?.type;
  if (service?.status !== "ACTIVE") return verb === "create" && wanted === "CODE_DEPLOY";
  refuseOtherController(filled, service, wanted);
  return service.deploymentController?.type === "CODE_DEPLOY";
}

/**
 * Refuses what would be ignored where CodeDeploy does not deploy the service.
 *
 * @throws UsageError, InvalidInputError
 */
export function refuseWithoutCodeDeploy(
  serviceName: string,
  hooks: ServiceHooks | undefined,
  { options }: RunCommand,
): void {
  if (options.deploymentConfig !== undefined) {
    throw new UsageError(
      `--deployment-config is for services that CodeDeploy deploys, and ${serviceName} does not have deployment controller CODE_DEPLOY. Leave it out. Nothing was changed.`,
    );
  }
  if (options.autoApproveAfterMs !== undefined) {
    throw new UsageError(
      `--auto-approve-after is for services that CodeDeploy deploys, and ${serviceName} does not have deployment controller CODE_DEPLOY. Leave it out: a rolling deployment asks for no approval, and with ECS's own strategies a lifecycle hook of targetType PAUSE goes on by itself where its timeoutConfiguration.action is CONTINUE. Nothing was changed.`,
    );
  }
  if (hooks !== undefined) {
    throw new InvalidInputError(
      `${hooks.file} holds hooks for CodeDeploy, and service ${serviceName} does not have deployment controller CODE_DEPLOY. Take the file away, or set deploymentController in service.json. Nothing was changed.`,
    );
  }
}
