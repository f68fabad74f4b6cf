import type { Service } from "@aws-sdk/client-ecs";

import { RefusedError } from "../errors.ts";
import { byId, whatThereIs } from "./find.ts";
import type { ObservedApplication, StagedDeployment } from "./model.ts";

/** A deployment whose service is there. */
export type StandingDeployment = StagedDeployment & { readonly service: Service };

/** The deployments whose services are there: those that have live traffic first, then the newest. */
export function standing({ deployments }: ObservedApplication): readonly StandingDeployment[] {
  return deployments
    .filter((one): one is StandingDeployment => one.service !== undefined)
    .toSorted((left, right) => right.trafficPercent - left.trafficPercent);
}

/**
 * The deployment that a verb is about which looks at one alone: the one of an id, else the active one, else the newest
 * that stands and is not being taken down.
 *
 * @throws RefusedError where there is none
 */
export function chooseStanding(observed: ObservedApplication, id: string | undefined): StandingDeployment {
  if (id !== undefined) byId(observed, id);
  const there = standing(observed).filter((one) => id === undefined || one.id === id);
  const chosen = there.find(({ state }) => state !== "leaving") ?? there[0];
  if (chosen !== undefined) return chosen;
  throw new RefusedError(
    id === undefined
      ? nothingStands(observed)
      : `Deployment ${id} of ${observed.application} has no service: it is still being made, or taken down. ${whatThereIs(observed)}`,
  );
}

/** That none of an application's deployments has a service, and what to do about it. */
export function nothingStands(observed: ObservedApplication): string {
  const { application, environment, deployments } = observed;
  if (deployments.length === 0) {
    return `${application} has no deployment in environment ${environment}. ./deploy stage makes one: CONTAINER_VERSION=<image> ./deploy stage ${application}`;
  }
  return `No deployment of ${application} in environment ${environment} has a service. ${whatThereIs(observed)} ./deploy stage makes another.`;
}
