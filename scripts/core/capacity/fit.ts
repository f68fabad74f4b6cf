import type { Host, Misfit, Resources, Rollout } from "./model.ts";

/** A host while the rollout is simulated. */
export interface Slot {
  readonly host: Host;
  cpu: number;
  memoryMiB: number;
  gpus: number;
  interfaces: number;
  readonly takenPorts: Set<string>;
  /** Tasks on it by service. */
  readonly tasks: Map<string, number>;
}

/** A host as it is found. */
export function slotOf(host: Host): Slot {
  const { cpu, memoryMiB, gpus, takenPorts, interfaces = Infinity } = host.free;
  return { host, cpu, memoryMiB, gpus, interfaces, takenPorts: new Set(takenPorts), tasks: new Map() };
}

/** Whether a host is one that the service may use at all, whatever is free there. */
export function isCandidate({ host }: Slot, provider: string | undefined): boolean {
  return host.takesTasks && (provider === undefined || host.capacityProvider === provider);
}

/**
 * Why a host takes no task of the rollout now; undefined where it does.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
 */
export function misfitOf(slot: Slot, rollout: Rollout): Misfit | undefined {
  const { demand, service } = rollout;
  const missing = demand.attributes.find(({ name, value }) => {
    const found = slot.host.attributes.get(name);
    return found === undefined || (value !== undefined && found !== value);
  });
  if (missing !== undefined) return { kind: "attribute", name: missing.name };
  const isMember = slot.host.isNew ?? rollout.eligibleHostIds?.has(slot.host.id) ?? true;
  if (!isMember) return { kind: "memberOf" };
  const alone = rollout.distinctInstance || rollout.isDaemon;
  if (alone && (slot.tasks.get(service) ?? 0) > 0) return { kind: "distinctInstance" };
  const port = demand.ports.find((candidate) => slot.takenPorts.has(candidate));
  if (port !== undefined) return { kind: "port", port };
  if (slot.memoryMiB < demand.memoryMiB) return { kind: "memory", freeMiB: slot.memoryMiB };
  if (slot.cpu < demand.cpu) return { kind: "cpu", free: slot.cpu };
  if (slot.gpus < demand.gpus) return { kind: "gpu", free: slot.gpus };
  return slot.interfaces < demand.interfaces ? { kind: "interface" } : undefined;
}

/** Takes a task's resources from a host. */
export function occupy(slot: Slot, service: string, resources: Resources): void {
  change(slot, service, resources, 1);
  for (const port of resources.ports) slot.takenPorts.add(port);
}

/** Gives a task's resources back. */
export function vacate(slot: Slot, service: string, resources: Resources): void {
  change(slot, service, resources, -1);
  for (const port of resources.ports) slot.takenPorts.delete(port);
}

function change(slot: Slot, service: string, resources: Resources, sign: 1 | -1): void {
  slot.cpu -= sign * resources.cpu;
  slot.memoryMiB -= sign * resources.memoryMiB;
  slot.gpus -= sign * resources.gpus;
  slot.interfaces -= sign * resources.interfaces;
  slot.tasks.set(service, (slot.tasks.get(service) ?? 0) + sign);
}
