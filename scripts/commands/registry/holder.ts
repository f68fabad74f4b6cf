import { clusterName } from "../../core/naming.ts";
import type { PinHolder } from "../../core/registry/pins.ts";
import { shortName } from "../../core/short-name.ts";
import type { RunContext } from "../run-context.ts";

/** Who holds the pins of a service: the environment and the service, and where it is elsewhere than the file says. */
export function holderOf(
  { serviceName, cluster }: { readonly serviceName: string; readonly cluster: string },
  { environment, region }: Pick<RunContext, "environment" | "region">,
): PinHolder {
  const inCluster = shortName(cluster);
  const isOwn = inCluster === clusterName(environment.name) && region === environment.region;
  return {
    environment: environment.name,
    service: serviceName,
    ...(isOwn ? {} : { elsewhere: `${inCluster} ${region}` }),
  };
}
