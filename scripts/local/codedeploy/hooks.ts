/**
 * Functions of the user's that judge an event: called with an id, by which they call back.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-ecs
 */
import { uuid } from "../world/identifiers.ts";
import type { Transaction } from "../world/transaction.ts";
import { hookTimeout } from "./durations.ts";
import type { LifecycleEventName } from "./lifecycle-events.ts";
import { fail, type Failure } from "./outcome.ts";
import type { DeploymentRecord } from "./state.ts";

/** Has a function called that is to judge an event; the deployment waits for it. */
export function callHook(
  { state, now, effects }: Transaction,
  deployment: DeploymentRecord,
  event: LifecycleEventName,
  functionName: string,
): void {
  const id = uuid(state);
  deployment.hooks.push({ id, event, functionName, status: "InProgress" });
  deployment.deadline = now + hookTimeout;
  deployment.nextStepAt = deployment.deadline;
  effects.push({ type: "codedeploy-hook", deploymentId: deployment.id, executionId: id, functionName });
}

/** A function did not call back in time. */
export function giveUpOnHook(transaction: Transaction, deployment: DeploymentRecord): void {
  failHook(transaction, deployment, {
    code: "HOOK_EXECUTION_FAILURE",
    message:
      "The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within one hour after a deployment hook is invoked.",
  });
}

/** A function found fault, or could not be asked: the deployment fails. */
export function failHook(
  transaction: Transaction,
  deployment: DeploymentRecord,
  failure: Failure = {
    code: "HOOK_EXECUTION_FAILURE",
    message: "The deployment failed because one or more of the lifecycle event validation functions failed.",
  },
): void {
  const execution = deployment.hooks.at(-1);
  if (execution) execution.status = "Failed";
  fail(transaction, deployment, failure);
}
