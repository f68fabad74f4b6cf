import type { HostRecord } from "./state.ts";

const dynamicPorts = { first: 32768, last: 60999 };

/** The next free port of the dynamic range of a host. */
export function takeDynamicPort(host: HostRecord, used: Set<number>): number {
  let port = host.nextDynamicPort;
  while (used.has(port)) port = port === dynamicPorts.last ? dynamicPorts.first : port + 1;
  host.nextDynamicPort = port === dynamicPorts.last ? dynamicPorts.first : port + 1;
  used.add(port);
  return port;
}

/** Where the dynamic range of a new host starts. */
export const firstDynamicPort = dynamicPorts.first;
