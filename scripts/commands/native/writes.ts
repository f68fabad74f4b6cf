import { AwsCallError } from "../../core/errors.ts";
import { isGoingBack, waitingHooks } from "../../core/native/deployment.ts";
import type { RunContext } from "../run-context.ts";
import { deploymentsPort } from "./find-deployment.ts";

/** Writes on a deployment that is under way. Each names its deployment, and may be made again. */
export interface NativeWrites {
  /** Answers a pause; one that was answered before is fine. */
  continueOnce(input: { readonly serviceDeploymentArn: string; readonly hookId: string }): Promise<void>;
  /** Has a deployment rolled back; one that goes back already is fine. */
  stopOnce(serviceDeploymentArn: string): Promise<void>;
}

/** AWS answers what was asked twice as it answers what cannot be asked: a look tells the two apart. */
export function nativeWrites(context: Pick<RunContext, "connect">): NativeWrites {
  return {
    async continueOnce({ serviceDeploymentArn, hookId }) {
      const deployments = await deploymentsPort(context);
      try {
        await deployments.continue(serviceDeploymentArn, hookId);
      } catch (error) {
        if (!(error instanceof AwsCallError) || !isRefusal(error)) throw error;
        const [deployment] = await deployments.describe([serviceDeploymentArn]);
        const stillWaits =
          deployment === undefined || waitingHooks(deployment).some((hook) => hook.hookId === hookId);
        if (stillWaits) throw error;
      }
    },
    async stopOnce(serviceDeploymentArn) {
      const deployments = await deploymentsPort(context);
      try {
        await deployments.stop(serviceDeploymentArn);
      } catch (error) {
        if (!(error instanceof AwsCallError) || !isRefusal(error)) throw error;
        const [deployment] = await deployments.describe([serviceDeploymentArn]);
        const goesBack =
          deployment !== undefined &&
          (isGoingBack(deployment) || deployment.status === "ROLLBACK_SUCCESSFUL");
        if (!goesBack) throw error;
      }
    },
  };
}

function isRefusal({ code }: AwsCallError): boolean {
  return code === "ConflictException" || code === "InvalidParameterException";
}
