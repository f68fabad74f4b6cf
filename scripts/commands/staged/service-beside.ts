import type { Service } from "@aws-sdk/client-ecs";

import { RefusedError } from "../../core/errors.ts";
import { standing } from "../../core/staged/standing.ts";
import type { RunContext } from "../run-context.ts";
import type { StagedInputs } from "../templates/both-inputs.ts";
import { observeApplication } from "./observe.ts";
import { findTaskRole } from "./stage-facts.ts";

/**
 * The service of the deployment that has the traffic, else of the newest, which a one-off task runs beside.
 *
 * @returns undefined where none stands, so that the template tells where it runs
 * @throws RefusedError where the task's role is still to be made
 */
export async function serviceBeside(
  { service, hasOwnRole }: StagedInputs,
  context: RunContext,
): Promise<Service | undefined> {
  const observed = await observeApplication(service, context);
  const beside = standing(observed).find((one) => one.service.status === "ACTIVE");
  if (hasOwnRole && beside === undefined) {
    const { role, stands } = await findTaskRole(observed, context);
    if (!stands) {
      throw new RefusedError(
        `${observed.application} has never been staged in environment ${observed.environment}, and its tasks' role ${role.arn} is made then: CONTAINER_VERSION=<image> ./deploy stage ${observed.application}; or name a taskRoleArn in the task definition. Nothing was started.`,
      );
    }
  }
  return beside?.service;
}
