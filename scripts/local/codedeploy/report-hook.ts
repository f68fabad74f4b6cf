import type { Transaction } from "../world/transaction.ts";
import { finishEvent } from "./advance.ts";
import { failHook } from "./hooks.ts";
import type { DeploymentRecord, HookExecution } from "./state.ts";

/** Takes a function's verdict on the event that its deployment is in. */
export function reportHook(
  transaction: Transaction,
  deployment: DeploymentRecord,
  execution: HookExecution,
  status: "Succeeded" | "Failed",
): void {
  if (status === "Failed") {
    failHook(transaction, deployment);
    return;
  }
  execution.status = "Succeeded";
  finishEvent(transaction, deployment);
}

/** A function could not be called; nothing happens when it has called back before. */
export function hookBroke(transaction: Transaction, deploymentId: string, executionId: string): void {
  const deployment = transaction.state.codedeploy.deployments[deploymentId];
  const execution = deployment?.hooks.find(({ id }) => id === executionId);
  if (!deployment || execution?.status !== "InProgress" || deployment.stage !== execution.event) return;
  failHook(transaction, deployment);
}
