import { revisionName } from "../deployment/task-definition.ts";
import { isRollback, isUnderWay, type KnownDeployment } from "./model.ts";

/** A deployment as `./deploy deployments` lists it. */
export interface ListedCodeDeployment {
  readonly id: string;
  /** `family:revision`; absent where CodeDeploy does not keep its AppSpec. */
  readonly revision?: string;
  /** In CodeDeploy's words, as in `Succeeded`. */
  readonly status: string;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
  readonly completedAt?: string;
  /** Its share of the production traffic now, in per cent. */
  readonly trafficPercent: number;
  readonly deploymentConfig?: string;
  /** The run that made it, where one of Slipway did. */
  readonly run?: string;
  /** Id of the deployment that it rolls back. */
  readonly rollsBack?: string;
  /** Why it failed or was stopped. */
  readonly reason?: string;
}

/**
 * The deployments of a group as they are listed.
 *
 * @param deployments newest first
 * @param shiftedPercent what the one under way has of the traffic; the rest has the newest that succeeded
 */
export function listedDeployments(
  deployments: readonly KnownDeployment[],
  shiftedPercent: number,
): readonly ListedCodeDeployment[] {
  const underWay = deployments.find(({ info }) => isUnderWay(info));
  const stands = deployments.find(({ info }) => info.status === "Succeeded");
  // A rollback gives the traffic back before it has succeeded.
  const moved = underWay !== undefined && isRollback(underWay.info) ? 100 : shiftedPercent;
  return deployments.map((one) => {
    const { id, info, origin } = one;
    const rollsBack = info.rollbackInfo?.rollbackTriggeringDeploymentId;
    const revision = revisionOf(one, deployments);
    return {
      id,
      ...(revision === undefined ? {} : { revision }),
      status: info.status ?? "unknown",
      ...(info.createTime === undefined ? {} : { createdAt: info.createTime.toISOString() }),
      ...(info.completeTime === undefined ? {} : { completedAt: info.completeTime.toISOString() }),
      trafficPercent:
        one === underWay ? moved : one === stands ? 100 - (underWay === undefined ? 0 : moved) : 0,
      ...(info.deploymentConfigName === undefined ? {} : { deploymentConfig: info.deploymentConfigName }),
      ...(origin === undefined ? {} : { run: origin.run }),
      ...(rollsBack === undefined ? {} : { rollsBack }),
      ...(info.errorInformation?.message === undefined ? {} : { reason: info.errorInformation.message }),
    };
  });
}

function revisionOf(
  { revisionArn, info }: KnownDeployment,
  all: readonly KnownDeployment[],
): string | undefined {
  if (revisionArn !== undefined) return revisionName(revisionArn);
  const broken = all.find(({ id }) => id === info.rollbackInfo?.rollbackTriggeringDeploymentId);
  return broken?.origin?.replaces;
}
