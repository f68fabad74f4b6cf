import { RefusedError, UsageError } from "../core/errors.ts";
import {
  addressService,
  describeAddressed,
  type AddressedService,
  type ServiceAddress,
} from "./addresses.ts";
import type { RunCommand, RunContext } from "./run-context.ts";
import { stageSettings } from "./strategy.ts";

/**
 * The service that a verb is about which looks at one alone. Where each deployment is a service of its own, that of
 * one deployment: of `--id`, else the active one, else the newest that stands.
 *
 * @throws RefusedError when there is none
 */
export async function oneService(
  command: RunCommand,
  context: RunContext,
  workingFolder: string,
): Promise<AddressedService> {
  const { id } = command.options;
  const address = await addressService(command, context, workingFolder);
  const settings = stageSettings(context.environment, address);
  if (settings !== undefined) {
    const { standingService } = await import("./staged/standing.ts");
    return standingService({ address, settings }, id, context);
  }
  if (id !== undefined) throw idMeansNothing(address);
  const [addressed] = await describeAddressed([address], context);
  if (addressed === undefined) throw new RefusedError(`Service ${address.serviceName} does not exist.`);
  return addressed;
}

/** That `--id` was given for a service whose deployments are none of their own. */
export function idMeansNothing({ name }: Pick<ServiceAddress, "name">): UsageError {
  return new UsageError(
    `--id is for services whose every deployment is a service of its own ("blueGreen": { "by": "stage" } in environments.jsonc), and ${name} is none. Leave it out.`,
  );
}
