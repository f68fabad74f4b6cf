import type { Service } from "@aws-sdk/client-ecs";

import { RefusedError } from "../core/errors.ts";
import type { ServiceAddress } from "./addresses.ts";
import type { RunContext } from "./run-context.ts";

/**
 * The service as AWS has it.
 *
 * @throws RefusedError when there is none that is active
 */
export async function existingService(
  { serviceName, cluster }: ServiceAddress,
  { ecs }: RunContext,
): Promise<Service> {
  const [service] = await ecs.describeServices(cluster, [serviceName]);
  if (service?.status === "ACTIVE") return service;
  throw new RefusedError(
    `There is no active service ${serviceName} in cluster ${cluster}. To create it: ./deploy create ${serviceName}`,
  );
}
