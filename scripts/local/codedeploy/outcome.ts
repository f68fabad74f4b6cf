/**
 * How deployments end, and how one that went wrong is rolled back by another.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html
 */
import type { AutoRollbackEvent, ErrorCode, RevisionLocation } from "@aws-sdk/client-codedeploy";

import type { Transaction } from "../world/transaction.ts";
import { allAtOnce } from "./configs.ts";
import { addDeployment, groupOf } from "./create.ts";
import { startsAfter } from "./durations.ts";
import { sha256 } from "./sha256.ts";
import type { DeploymentRecord } from "./state.ts";

/** Ends a deployment well. */
export function succeed(transaction: Transaction, deployment: DeploymentRecord): void {
  end(transaction, deployment, "Succeeded");
  const group = groupOf(transaction, deployment);
  if (group) group.lastSuccessful = deployment.id;
}

/** Why a deployment ends badly. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Fails a deployment, and rolls it back where its group does so on failure. */
export function fail(transaction: Transaction, deployment: DeploymentRecord, failure: Failure): void {
  breakOff(transaction, deployment, "Failed", failure);
  if (rollsBackOn(deployment, "DEPLOYMENT_FAILURE")) rollBack(transaction, deployment);
}

/** Stops a deployment, and rolls it back if asked to. */
export function stop(
  transaction: Transaction,
  deployment: DeploymentRecord,
  failure: Failure,
  rollsBack: boolean,
): void {
  breakOff(transaction, deployment, "Stopped", failure);
  if (rollsBack) rollBack(transaction, deployment);
}

/** Whether a deployment is rolled back by itself on something. */
export function rollsBackOn({ autoRollback, creator }: DeploymentRecord, event: AutoRollbackEvent): boolean {
  if (creator === "codeDeployRollback") return false;
  return autoRollback?.enabled === true && (autoRollback.events ?? []).includes(event);
}

function breakOff(
  transaction: Transaction,
  deployment: DeploymentRecord,
  status: "Failed" | "Stopped",
  failure: Failure,
): void {
  for (const event of deployment.events) {
    if (event.status === "InProgress") {
      event.status = "Failed";
      event.endedAt = transaction.now;
      event.failure = failure.message;
    } else if (event.status === "Pending") event.status = "Skipped";
  }
  deployment.error = { ...failure };
  end(transaction, deployment, status);
}

function end(
  { now, effects }: Transaction,
  deployment: DeploymentRecord,
  status: "Succeeded" | "Failed" | "Stopped",
): void {
  deployment.status = status;
  deployment.completedAt = now;
  deployment.stage = "over";
  deployment.nextStepAt = null;
  deployment.deadline = null;
  const why = deployment.error ? `: ${deployment.error.message ?? ""}` : "";
  effects.push({ type: "log", message: `codedeploy ${deployment.id} ${status}${why}` });
}

function rollBack(transaction: Transaction, broken: DeploymentRecord): void {
  const group = groupOf(transaction, broken);
  if (!group) return;
  const { state, now } = transaction;
  const rollback = addDeployment(transaction, group, {
    serviceArn: broken.serviceArn,
    pair: broken.pair,
    configName: allAtOnce,
    creator: "codeDeployRollback",
    revision: originalRevision(transaction, broken),
    appSpec: null,
    stage: "created",
    nextStepAt: now + startsAfter,
  });
  rollback.rollback = {
    rollbackTriggeringDeploymentId: broken.id,
    rollbackMessage: `Deployment ${rollback.id} is triggered to roll back deployment ${broken.id}.`,
  };
  const known = state.codedeploy.deployments[broken.id];
  if (!known) return;
  known.rollback = {
    rollbackDeploymentId: rollback.id,
    rollbackMessage: `Deployment ${broken.id} terminated. Automatic rollback is triggered with a DeploymentId ${rollback.id}.`,
  };
}

/** What was deployed before: the revision that succeeded last; before the first one, what the service runs. */
function originalRevision(
  { state }: Transaction,
  { previousRevision, blue, serviceArn }: DeploymentRecord,
): RevisionLocation {
  if (previousRevision) return previousRevision;
  const taskSet = state.ecs.services[serviceArn]?.taskSets.find(({ id }) => id === blue?.taskSetId);
  const [loadBalancer] = taskSet?.revision.loadBalancers ?? [];
  const content = JSON.stringify({
    version: "0.0",
    Resources: [
      {
        TargetService: {
          Type: "AWS::ECS::Service",
          Properties: {
            TaskDefinition: taskSet?.revision.taskDefinition,
            LoadBalancerInfo: {
              ContainerName: loadBalancer?.containerName,
              ContainerPort: loadBalancer?.containerPort,
            },
          },
        },
      },
    ],
  });
  return { revisionType: "AppSpecContent", appSpecContent: { content, sha256: sha256(content) } };
}
