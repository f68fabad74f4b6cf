import type { Environment } from "../../scripts/core/environments.ts";
import type { PortRange } from "./security-group.ts";

/**
 * The ports that ECS gives to containers without a fixed one on ECS-optimised hosts.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
 */
const ephemeralPorts: PortRange = { from: 32_768, to: 65_535 };

/** Ports that a load balancer has to reach, with what they are for. */
export interface ReachablePorts {
  /** Part of a construct id: stable, and different for every entry. */
  readonly id: string;
  readonly ports: PortRange;
  readonly purpose: string;
}

/** What load balancers reach on hosts: the ephemeral ports if there are hosts, and the fixed ones of services. */
export function hostPorts(environment: Environment): ReachablePorts[] {
  const fixed = Object.values(environment.services).flatMap((service) => {
    const port = service.networkMode === "host" ? service.containerPort : service.hostPort;
    return service.networkMode === "awsvpc" || port === undefined || port >= ephemeralPorts.from
      ? []
      : [port];
  });
  const hasHosts =
    environment.cluster.ec2 !== null || Object.keys(environment.cluster.extraInstanceGroups).length > 0;
  return hasHosts
    ? [{ id: "ephemeral", ports: ephemeralPorts, purpose: "dynamic host ports" }, ...single(fixed, "host")]
    : [];
}

/** What load balancers reach on tasks with an address of their own: the container ports of awsvpc services. */
export function taskPorts(environment: Environment): ReachablePorts[] {
  const ports = Object.values(environment.services).flatMap((service) =>
    service.networkMode === "awsvpc" ? [service.containerPort] : [],
  );
  return single(ports, "task");
}

function single(ports: readonly number[], kind: "host" | "task"): ReachablePorts[] {
  return [...new Set(ports)]
    .toSorted((one, other) => one - other)
    .map((port) => ({
      id: `${kind}-${port}`,
      ports: { from: port, to: port },
      purpose: `${kind} port ${port}`,
    }));
}
