import type {
  BatchGetDeploymentTargetsCommandInput,
  DeploymentTarget,
  GetDeploymentTargetCommandInput,
  ListDeploymentTargetsCommandInput,
  PutLifecycleEventHookExecutionStatusCommandInput,
} from "@aws-sdk/client-codedeploy";

import type { Call } from "../../ecs/api/call.ts";
import { reportHook } from "../report-hook.ts";
import type { DeploymentRecord } from "../state.ts";
import { missingMember, refusal } from "./errors.ts";
import { findDeployment } from "./find.ts";
import { presentTarget, targetId, targetStatus } from "./present-deployment.ts";

/** Lists the one target of a deployment, unless a filter leaves it out. */
export function listDeploymentTargets(
  call: Call,
  { deploymentId, targetFilters = {} }: ListDeploymentTargetsCommandInput,
): { targetIds: string[] } {
  const deployment = findDeployment(call, deploymentId);
  for (const name of Object.keys(targetFilters)) {
    if (name === "TargetStatus" || name === "ServerInstanceLabel") continue;
    throw refusal("InvalidTargetFilterName", `The target filter name ${name} is not valid.`);
  }
  if (targetFilters.ServerInstanceLabel) {
    throw refusal("InvalidTargetFilterName", "ServerInstanceLabel is a filter for instances only.");
  }
  const statuses: readonly string[] | undefined = targetFilters.TargetStatus;
  return {
    targetIds: !statuses || statuses.includes(targetStatus(deployment)) ? [targetId(deployment)] : [],
  };
}

function targetOf(call: Call, deployment: DeploymentRecord, id: string): DeploymentTarget {
  if (id !== targetId(deployment)) {
    throw refusal(
      "DeploymentTargetDoesNotExist",
      `The target ${id} does not belong to the deployment ${deployment.id}.`,
    );
  }
  return presentTarget(call, deployment);
}

/** Tells of the target of a deployment: its lifecycle events and task sets. */
export function getDeploymentTarget(
  call: Call,
  { deploymentId, targetId: id = "" }: GetDeploymentTargetCommandInput,
): { deploymentTarget: DeploymentTarget } {
  return { deploymentTarget: targetOf(call, findDeployment(call, deploymentId), id) };
}

/** Tells of targets by their ids, of which an ECS deployment has one. */
export function batchGetDeploymentTargets(
  call: Call,
  { deploymentId, targetIds = [] }: BatchGetDeploymentTargetsCommandInput,
): { deploymentTargets: DeploymentTarget[] } {
  const deployment = findDeployment(call, deploymentId);
  if (targetIds.length > 1) {
    throw refusal(
      "DeploymentTargetListSizeExceeded",
      "The target list of an Amazon ECS deployment must have exactly one item.",
    );
  }
  return { deploymentTargets: targetIds.map((id) => targetOf(call, deployment, id)) };
}

/** Takes what a function has found of an event of a deployment. */
export function putLifecycleEventHookExecutionStatus(
  call: Call,
  input: PutLifecycleEventHookExecutionStatusCommandInput,
): { lifecycleEventHookExecutionId: string } {
  const { deploymentId, lifecycleEventHookExecutionId: id = "", status } = input;
  if (deploymentId === undefined) throw missingMember("deploymentId");
  const deployment = findDeployment(call, deploymentId);
  const execution = deployment.hooks.find((hook) => hook.id === id);
  if (!execution) {
    throw refusal(
      "InvalidLifecycleEventHookExecutionId",
      `The deployment ${deployment.id} has no lifecycle event hook execution '${id}'.`,
    );
  }
  if (status !== "Succeeded" && status !== "Failed") {
    throw refusal(
      "InvalidLifecycleEventHookExecutionStatus",
      "The status of a lifecycle event hook execution must be Succeeded or Failed.",
    );
  }
  if (execution.status !== "InProgress" || deployment.stage !== execution.event) {
    throw refusal(
      "LifecycleEventAlreadyCompleted",
      `The lifecycle event ${execution.event} of deployment ${deployment.id} is already complete.`,
    );
  }
  reportHook(call, deployment, execution, status);
  return { lifecycleEventHookExecutionId: id };
}
