/**
 * UpdateService moves a service from one deployment controller to another: its tasks stay, and what they are counted
 * under changes from a task set to a deployment or back.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-deployment-controller-migration.html
 */
import type { DeploymentControllerType } from "@aws-sdk/client-ecs";

import type { DeploymentRecord, ServiceRecord, TaskSetRecord } from "../state.ts";
import { computedDesiredCount, primaryTaskSet, usesTaskSets } from "../task-sets.ts";
import type { Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";

/** Gives a service another controller; nothing happens when it has it already. @throws AwsError when it is not at rest */
export function changeController(
  call: Call,
  service: ServiceRecord,
  type: DeploymentControllerType | undefined,
): void {
  if (type === undefined || type === service.deploymentController.type) return;
  const before = usesTaskSets(service);
  const several = before ? service.taskSets.length : service.deployments.length;
  if (several > 1) {
    throw invalidParameter(
      "Updating the deployment controller is not supported when there are multiple tasksets in the service. " +
        "Please ensure your service has only one taskset and try again.",
    );
  }
  const [primary] = before ? [primaryTaskSet(service)] : service.deployments;
  if (!primary) {
    throw invalidParameter(
      "Updating the deployment controller requires a primary taskset in the service. " +
        "Please ensure your service has a primary taskset and try again.",
    );
  }
  if (type === "CODE_DEPLOY" && primary.revision.loadBalancers.length === 0) {
    throw invalidParameter(
      "A load balancer is required for services with a CODE_DEPLOY deployment controller.",
    );
  }
  service.deploymentController = { type };
  const after = usesTaskSets(service);
  if (before === after) return;
  if ("scalePercent" in primary) toDeployment(call, service, primary);
  else toTaskSet(call, service, primary);
}

/** Tasks are counted by who started them, so the deployment takes the id of the task set. */
function toDeployment({ now }: Call, service: ServiceRecord, taskSet: TaskSetRecord): void {
  const deployment: DeploymentRecord = {
    id: taskSet.id,
    status: "PRIMARY",
    revision: taskSet.revision,
    rolloutState: "COMPLETED",
    rolloutStateReason: `ECS deployment ${taskSet.id} completed.`,
    failedTasks: 0,
    createdAt: taskSet.createdAt,
    updatedAt: now,
  };
  service.taskSets = [];
  service.deployments = [deployment];
  service.lastCompleted = { ...deployment };
}

function toTaskSet({ state, now }: Call, service: ServiceRecord, deployment: DeploymentRecord): void {
  const path = `${service.clusterName}/${service.name}/${deployment.id}`;
  const primary = { status: "PRIMARY" as const, scalePercent: 100 };
  service.deployments = [];
  service.lastCompleted = null;
  service.taskSets = [
    {
      ...primary,
      id: deployment.id,
      arn: `arn:aws:ecs:${state.region}:${state.account}:task-set/${path}`,
      externalId: null,
      startedBy: null,
      clientToken: null,
      revision: deployment.revision,
      computedDesiredCount: computedDesiredCount(service, primary),
      stability: "STABILIZING",
      stabilityAt: now,
      startFailures: 0,
      startsHeldUntil: 0,
      createdAt: deployment.createdAt,
      updatedAt: now,
    },
  ];
}
