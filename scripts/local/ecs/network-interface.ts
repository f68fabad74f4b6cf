import type { AwsVpcConfiguration } from "@aws-sdk/client-ecs";

import { networkInterfaceId, uuid } from "../world/identifiers.ts";
import type { State } from "../world/state.ts";
import type { SubnetRecord } from "./state.ts";
import type { NetworkInterface } from "./task-state.ts";

/** AWS keeps the first four addresses of a subnet and the last one for itself. */
const reservedAddresses = 4;

/** Creates a task's network interface in one of its subnets, preferring the given zone. */
export function createNetworkInterface(
  state: State,
  configuration: AwsVpcConfiguration,
  preferredZone: string | undefined,
  spread: number,
): { networkInterface: NetworkInterface; availabilityZone: string } | undefined {
  const subnets = (configuration.subnets ?? [])
    .map((id) => state.ecs.subnets[id])
    .filter((subnet) => subnet !== undefined);
  const subnet =
    subnets.find(({ availabilityZone }) => availabilityZone === preferredZone) ??
    subnets[spread % Math.max(1, subnets.length)];
  if (!subnet) return undefined;
  const id = networkInterfaceId(state);
  return {
    availabilityZone: subnet.availabilityZone,
    networkInterface: {
      id,
      attachmentId: uuid(state),
      subnetId: subnet.id,
      address: nextAddress(state, subnet),
      macAddress: `0e:${(id.slice(4, 14).match(/../g) ?? []).join(":")}`,
    },
  };
}

/** The next address of a subnet that no host and no task has; addresses are given out in turn. */
function nextAddress(state: State, subnet: SubnetRecord): string {
  const [base = "10.0.0.0", bits = "24"] = subnet.cidrBlock.split("/");
  const size = 2 ** (32 - Number(bits));
  const usable = Math.max(1, size - reservedAddresses - 1);
  const first = base.split(".").reduce((total, part) => total * 256 + Number(part), 0) + reservedAddresses;
  const hosts = new Set(Object.values(state.ecs.hosts).map(({ address }) => address));
  // No task has an address that was never given out.
  const tasks = subnet.nextAddress < usable ? new Set<string>() : addressesOfTasks(state);
  let address = "";
  for (let tries = 0; tries < usable; tries += 1) {
    address = dotted(first + (subnet.nextAddress % usable));
    subnet.nextAddress += 1;
    if (!hosts.has(address) && !tasks.has(address)) break;
  }
  return address;
}

function addressesOfTasks({ ecs }: State): Set<string> {
  const alive = Object.values(ecs.tasks).filter(({ lastStatus }) => lastStatus !== "STOPPED");
  return new Set(alive.flatMap(({ networkInterface }) => networkInterface?.address ?? []));
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}
