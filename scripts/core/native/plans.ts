import type { Service, ServiceDeployment, ServiceDeploymentBrief } from "@aws-sdk/client-ecs";

import type { Plan, Step } from "../deployment/plan.ts";
import { activeService } from "../deployment/refusals.ts";
import { RefusedError } from "../errors.ts";
import { deploymentIdOf, isGoingBack, waitingHooks } from "./deployment.ts";

/** Plans that act on a deployment which is under way. */

interface Address {
  readonly serviceName: string;
  readonly cluster: string;
}

function planOf(service: Service, { serviceName, cluster }: Address, steps: readonly Step[]): Plan {
  const current = service.taskDefinition;
  return { serviceName, cluster, steps, ...(current === undefined ? {} : { previousRevisionArn: current }) };
}

function waitFor(
  kind: "waitForDeployment" | "waitForRollback",
  { targetServiceRevision }: ServiceDeployment,
): Step {
  const deploymentId = deploymentIdOf(targetServiceRevision?.arn ?? "");
  return { kind, work: "watchDeployment", deploymentId };
}

/**
 * The plan of `./deploy activate`: every pause that waits is answered, and the deployment watched on. Where none waits
 * (any more) while one is under way, that one is watched.
 *
 * @param open the deployment that has not ended
 * @param newest the newest one, where none is open
 * @throws RefusedError where the deployment goes back, or went back
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/continue-service-deployment.html
 */
export function planContinue(
  observed: { readonly service?: Service },
  address: Address,
  open: ServiceDeployment | undefined,
  newest: ServiceDeploymentBrief | undefined,
): Plan {
  const service = activeService(observed.service, address.serviceName, address.cluster);
  if (open === undefined) return nothingOpen(service, address, newest);
  if (isGoingBack(open)) {
    throw new RefusedError(
      `The deployment of service ${address.serviceName} is being rolled back, so there is nothing to approve${because(open)}`,
    );
  }
  const stage = open.lifecycleStage ?? "a pause";
  const answers = waitingHooks(open).flatMap(({ hookId }): Step[] => {
    const { serviceDeploymentArn } = open;
    if (hookId === undefined || serviceDeploymentArn === undefined) return [];
    return [
      {
        kind: "continueDeployment",
        work: "continueDeployment",
        input: { serviceDeploymentArn, hookId },
        stage,
      },
    ];
  });
  return planOf(service, address, [...answers, waitFor("waitForDeployment", open)]);
}

function nothingOpen(service: Service, address: Address, newest: ServiceDeploymentBrief | undefined): Plan {
  if (newest === undefined || newest.status === "SUCCESSFUL") {
    const nothingBecause = "No deployment waits for approval: the last one has completed.";
    return { ...planOf(service, address, []), nothingBecause };
  }
  throw new RefusedError(
    `No deployment of service ${address.serviceName} waits for approval. The last one ended ${newest.status ?? "in an unknown state"}${because(newest)}`,
  );
}

/**
 * The plan of `./deploy rollback` while a deployment is under way: ECS gives the traffic back and takes the new tasks
 * down. One that goes back already is only waited for.
 *
 * @param backTo ARN of the revision that it replaces
 * @throws RefusedError where it is the service's first, so that there is nothing to go back to
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
 */
export function planStop(
  observed: { readonly service?: Service },
  address: Address,
  open: ServiceDeployment,
  backTo: string | undefined,
): Plan {
  const service = activeService(observed.service, address.serviceName, address.cluster);
  const { serviceDeploymentArn, sourceServiceRevisions = [] } = open;
  if (isGoingBack(open)) return planOf(service, address, [waitFor("waitForRollback", open)]);
  if (sourceServiceRevisions.length === 0 || serviceDeploymentArn === undefined) {
    throw new RefusedError(
      `The deployment under way is the first of service ${address.serviceName}, so there is nothing to go back to. To take it away: ./deploy delete ${address.serviceName}`,
    );
  }
  return planOf(service, address, [
    {
      kind: "stopDeployment",
      work: "stopDeployment",
      input: { serviceDeploymentArn },
      ...(backTo === undefined ? {} : { backTo }),
    },
    waitFor("waitForRollback", open),
  ]);
}

function because({ statusReason }: Pick<ServiceDeployment, "statusReason">): string {
  return statusReason === undefined ? "." : `: ${statusReason}`;
}
