import type { Service } from "@aws-sdk/client-ecs";

import { isSteady, runningRevision } from "../code-deploy/task-sets.ts";
import { RefusedError } from "../errors.ts";
import { unfinishedRollout, type Observed, type Plan, type Step } from "./plan.ts";
import { activeService } from "./refusals.ts";
import { primaryDeployment } from "./service-changes.ts";

/** Plans of the verbs that bring no new revision. */

interface Address {
  readonly serviceName: string;
  readonly cluster: string;
}

const waitUntilSteady = { kind: "waitUntilSteady", work: "watchDeployment" } as const;
const wait = { kind: "waitForDeployment", work: "watchDeployment" } as const;

/**
 * The plan of `./deploy restart`: new tasks of the same revision.
 *
 * @throws RefusedError when there is no active service of this name
 */
export function planRestart(observed: Observed, { serviceName, cluster }: Address): Plan {
  const service = activeService(observed.service, serviceName, cluster);
  const arn = service.taskDefinition ?? "";
  return {
    serviceName,
    cluster,
    previousRevisionArn: arn,
    steps: [
      {
        kind: "updateService",
        work: "updateService",
        revision: { kind: "existing", arn },
        input: { cluster, service: serviceName, forceNewDeployment: true },
        changes: [],
      },
      wait,
    ],
  };
}

/**
 * The plan of `./deploy scale`.
 *
 * @param evenIfAutoscaled `--force`: sets a count that a scaling policy may change again at any moment
 * @throws RefusedError when there is no active service of this name, or autoscaling owns its count
 */
export function planScale(
  observed: Observed,
  { serviceName, cluster }: Address,
  count: number,
  evenIfAutoscaled: boolean,
): Plan {
  const byCodeDeploy = observed.service?.deploymentController?.type === "CODE_DEPLOY";
  const service = activeService(observed.service, serviceName, cluster, byCodeDeploy ? "CODE_DEPLOY" : "ECS");
  const arn = (byCodeDeploy ? runningRevision(service) : service.taskDefinition) ?? "";
  const plan = { serviceName, cluster, previousRevisionArn: arn };
  if (service.schedulingStrategy === "DAEMON") {
    throw new RefusedError(
      `Service ${serviceName} is a daemon: it runs one task on each host, so its count is not set. Add or remove hosts.`,
    );
  }
  if (service.desiredCount === count) {
    if (byCodeDeploy) return { ...plan, steps: isSteady(service) ? [] : [waitUntilSteady] };
    return { ...plan, steps: untilSoManyRun(service) };
  }
  if (observed.countIsAutoscaled === true && !evenIfAutoscaled) {
    throw new RefusedError(
      `The count of service ${serviceName} belongs to autoscaling, which would set it back. Change the scalable target's minimum and maximum, or set the count for the moment with --force.`,
    );
  }
  return {
    ...plan,
    steps: [
      {
        kind: "updateService",
        work: "updateService",
        revision: { kind: "existing", arn },
        input: { cluster, service: serviceName, desiredCount: count },
        changes: [{ member: "desiredCount", from: service.desiredCount, to: count }],
      },
      byCodeDeploy ? waitUntilSteady : wait,
    ],
  };
}

/** The count is as it should be, as after a run that was killed; the tasks may be on their way. */
function untilSoManyRun(service: Service): readonly Step[] {
  const { id, runningCount, desiredCount, pendingCount = 0 } = primaryDeployment(service) ?? {};
  const settled = runningCount === desiredCount && pendingCount === 0;
  return id === undefined || settled ? unfinishedRollout(service) : [{ ...wait, deploymentId: id }];
}
