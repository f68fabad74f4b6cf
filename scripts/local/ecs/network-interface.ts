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
      address: nextAddress(subnet),
      macAddress: `0e:${(id.slice(4, 14).match(/../g) ?? []).join(":")}`,
    },
  };
}

function nextAddress(subnet: SubnetRecord): string {
  const [base = "10.0.0.0", bits = "24"] = subnet.cidrBlock.split("/");
  const size = 2 ** (32 - Number(bits));
  const usable = Math.max(1, size - reservedAddresses - 1);
  const offset = reservedAddresses + (subnet.nextAddress % usable);
  subnet.nextAddress += 1;
  const number = base.split(".").reduce((total, part) => total * 256 + Number(part), 0) + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}
