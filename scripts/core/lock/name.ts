import { stackOutputFolder } from "../naming.ts";
import { shortName } from "../short-name.ts";

/** The folder in Parameter Store that holds an environment's locks. */
export function lockFolder(environment: string): string {
  return `${stackOutputFolder(environment)}locks/`;
}

/**
 * The parameter that is a service's lock. Names of clusters and services have only characters that Parameter Store
 * takes, and with at most 255 each they stay below its 1011.
 *
 * @param cluster name or ARN
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html
 */
export function lockName(environment: string, cluster: string, service: string): string {
  return `${lockFolder(environment)}${shortName(cluster)}/${shortName(service)}`;
}
