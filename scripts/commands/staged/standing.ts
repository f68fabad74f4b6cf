import type { Service } from "@aws-sdk/client-ecs";

import { RefusedError, SlipwayError } from "../../core/errors.ts";
import {
  chooseStanding,
  nothingStands,
  standing,
  type StandingDeployment,
} from "../../core/staged/standing.ts";
import type { ObservedApplication } from "../../core/staged/model.ts";
import { stagedStatus } from "../../core/status/staged.ts";
import type { AddressedService, LookedUp } from "../addresses.ts";
import type { RunContext } from "../run-context.ts";
import { observeApplication } from "./observe.ts";
import type { StagedService } from "./place.ts";

/**
 * The services of an application's deployments, those with live traffic first, then the newest; after them a service
 * that has the application's own name, as it had before each deployment was a service.
 *
 * @param id of the only deployment that is meant
 * @throws RefusedError, InvalidInputError or AwsCallError
 */
export async function lookUpStaged(
  service: StagedService,
  id: string | undefined,
  context: RunContext,
): Promise<LookedUp> {
  const { address } = service;
  const [observed, namesake] = await Promise.all([
    observeApplication(service, context),
    namesakeOf(service, context),
  ]);
  if (id !== undefined) {
    return { found: [addressed(service, observed, chooseStanding(observed, id))], missing: [] };
  }
  const found: AddressedService[] = standing(observed).map((one) => addressed(service, observed, one));
  if (namesake !== undefined) found.push({ ...address, service: namesake });
  return { found, missing: found.length === 0 ? [nothingStands(observed)] : [] };
}

/** The same, where what keeps it from being told is no reason to tell nothing of other services. */
export async function lookUpStagedAmongOthers(
  service: StagedService,
  context: RunContext,
): Promise<LookedUp> {
  try {
    return await lookUpStaged(service, undefined, context);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { found: [], missing: [`${service.address.name} could not be looked at: ${error.message}`] };
  }
}

/**
 * The service of the deployment that a verb is about which looks at one alone, and says which that is: the one of
 * `--id`, else the active one, else the newest that stands.
 *
 * @throws RefusedError where none stands
 */
export async function standingService(
  service: StagedService,
  id: string | undefined,
  context: RunContext,
): Promise<AddressedService> {
  const observed = await observeApplication(service, context);
  if (id === undefined && standing(observed).length === 0) {
    const namesake = await namesakeOf(service, context);
    if (namesake !== undefined) return { ...service.address, service: namesake };
    throw new RefusedError(nothingStands(observed));
  }
  const chosen = addressed(service, observed, chooseStanding(observed, id));
  const { deploymentId, version, state } = chosen.staged;
  const named = version === undefined ? "" : `version ${version}, `;
  const message = `${service.address.name}: deployment ${deploymentId} (${named}${state}), service ${chosen.serviceName}`;
  context.emit({ type: "note", message });
  return chosen;
}

async function namesakeOf(
  { address: { cluster, serviceName } }: StagedService,
  { ecs }: RunContext,
): Promise<Service | undefined> {
  const [service] = await ecs.describeServices(cluster, [serviceName]);
  return service?.status === "INACTIVE" ? undefined : service;
}

function addressed({ address }: StagedService, observed: ObservedApplication, one: StandingDeployment) {
  const { serviceName, service } = one;
  return { ...address, serviceName, service, staged: stagedStatus(observed, one) };
}
