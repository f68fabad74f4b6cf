import type { ContainerDefinition, NetworkMode, PortMapping } from "@aws-sdk/client-ecs";

import { clientException } from "./errors.ts";

/**
 * What RegisterTaskDefinition refuses of port mappings, in AWS's words.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
 */
export function checkPorts(
  containers: readonly ContainerDefinition[],
  networkMode: NetworkMode | undefined,
): void {
  for (const { name = "", portMappings = [] } of containers) {
    for (const mapping of portMappings) checkMapping(mapping, name, networkMode);
  }
  const mappings = containers.flatMap(({ portMappings }) => portMappings ?? []);
  checkUnique(mappings, networkMode);
}

function checkMapping(mapping: PortMapping, container: string, networkMode: NetworkMode | undefined): void {
  const { containerPort, hostPort, containerPortRange } = mapping;
  const invalid = (member: string) =>
    clientException(`Invalid '${member}' setting for container '${container}'`);
  if (containerPortRange !== undefined) {
    if (containerPort !== undefined || hostPort !== undefined) {
      throw clientException("cannot specify both single port and port range");
    }
    const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(containerPortRange) ?? [];
    if (!isPort(Number(first)) || !isPort(Number(last)) || Number(first) >= Number(last)) {
      throw invalid("containerPortRange");
    }
    return;
  }
  if (containerPort === undefined || !isPort(containerPort)) throw invalid("containerPort");
  if (hostPort !== undefined && hostPort !== 0 && !isPort(hostPort)) throw invalid("hostPort");
  const shared = networkMode === "awsvpc" || networkMode === "host";
  // Port 0 stands for the container's own port where both share an address.
  if (shared && hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort) {
    throw clientException(
      `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`,
    );
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function checkUnique(mappings: readonly PortMapping[], networkMode: NetworkMode | undefined): void {
  const shared = networkMode === "awsvpc" || networkMode === "host";
  const ports = new Set<string>();
  const names = new Set<string>();
  for (const { name, containerPort = 0, hostPort = 0, protocol = "tcp" } of mappings) {
    const port = hostPort === 0 && shared ? containerPort : hostPort;
    const key = `${protocol.toUpperCase()} host port '${port}'`;
    if (port !== 0 && ports.has(key)) throw clientException(`${key} is mapped multiple times in task.`);
    ports.add(key);
    if (name !== undefined && names.has(name)) throw clientException("port mapping name is already used");
    if (name !== undefined) names.add(name);
  }
}
