import { RefusedError } from "../errors.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "./model.ts";

/** The deployment that has all of the live traffic. */
export function activeOf({ deployments }: ObservedApplication): StagedDeployment | undefined {
  return deployments.find(({ trafficPercent }) => trafficPercent === 100);
}

/** What `activating-at` says of a deployment that has not all of the traffic: a move to it was begun and not ended. */
export function movingTo({ deployments }: ObservedApplication): StagedDeployment | undefined {
  return deployments.find(
    (one) =>
      one.targetGroup.tags[stagedTags.activatingAt] !== undefined &&
      one.trafficPercent < 100 &&
      (one.trafficPercent > 0 || one.targetGroup.tags[stagedTags.failedAt] === undefined),
  );
}

/** The deployment, besides one, that has most of the live traffic. */
export function otherWithTraffic(
  { deployments }: ObservedApplication,
  id: string,
): StagedDeployment | undefined {
  const [first] = deployments
    .filter((one) => one.id !== id && one.trafficPercent > 0)
    .toSorted((left, right) => right.trafficPercent - left.trafficPercent);
  return first;
}

/** The one that took the traffic from a deployment and was rolled back to it, the latest. */
export function rolledBackTo({ deployments }: ObservedApplication, id: string): StagedDeployment | undefined {
  const failedAt = ({ targetGroup }: StagedDeployment): string => targetGroup.tags[stagedTags.failedAt] ?? "";
  const [last] = deployments
    .filter(
      (one) => one.id !== id && failedAt(one) !== "" && one.targetGroup.tags[stagedTags.replaces] === id,
    )
    .toSorted((left, right) => failedAt(right).localeCompare(failedAt(left)));
  return last;
}

/**
 * A deployment by its id.
 *
 * @throws RefusedError that lists those that there are
 */
export function byId(observed: ObservedApplication, id: string): StagedDeployment {
  const found = observed.deployments.find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new RefusedError(
    `${observed.application} has no deployment ${id} in environment ${observed.environment}. ${whatThereIs(observed)}`,
  );
}

/** The deployments of an application with their states, as a sentence. */
export function whatThereIs({ application, deployments }: ObservedApplication): string {
  if (deployments.length === 0) {
    return `There is none yet; to stage one: CONTAINER_VERSION=<image> ./deploy stage ${application}`;
  }
  const listed = deployments.map(({ id, state, targetGroup }) => {
    const version = targetGroup.tags[stagedTags.version];
    return `${id} (${version === undefined ? "" : `${version}, `}${state})`;
  });
  return `There is ${listed.join(", ")}.`;
}
