import type { ContainerInstance, Resource } from "@aws-sdk/client-ecs";

import { lastPart } from "./demand.ts";
import type { Host, Room } from "./model.ts";

/**
 * A container instance as the forecast sees it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html
 */
export function hostOf(instance: ContainerInstance): Host {
  const { containerInstanceArn = "", ec2InstanceId, capacityProviderName } = instance;
  const attributes = new Map(
    (instance.attributes ?? []).map(({ name = "", value = "" }) => [name, value] as const),
  );
  const instanceType = attributes.get("ecs.instance-type") ?? "";
  const id = lastPart(containerInstanceArn);
  return {
    id,
    label: `${ec2InstanceId ?? id}${instanceType === "" ? "" : ` (${instanceType})`}`,
    instanceType,
    zone: attributes.get("ecs.availability-zone") ?? "",
    takesTasks: instance.status === "ACTIVE" && instance.agentConnected !== false,
    attributes,
    free: roomOf(instance.remainingResources ?? []),
    whole: roomOf(instance.registeredResources ?? []),
    ...(capacityProviderName === undefined ? {} : { capacityProvider: capacityProviderName }),
  };
}

function roomOf(resources: readonly Resource[]): Room {
  const named = (name: string): Resource | undefined => resources.find((resource) => resource.name === name);
  const ports = (name: string, protocol: string): string[] =>
    (named(name)?.stringSetValue ?? []).map((port) => `${port}/${protocol}`);
  return {
    cpu: named("CPU")?.integerValue ?? 0,
    memoryMiB: named("MEMORY")?.integerValue ?? 0,
    gpus: named("GPU")?.stringSetValue?.length ?? 0,
    takenPorts: [...ports("PORTS", "tcp"), ...ports("PORTS_UDP", "udp")],
  };
}

/** So many new hosts, empty, of the kind of an existing one, in its zone. */
export function hostsLike(host: Host, count: number): readonly Host[] {
  return Array.from({ length: count }, (_, index) => ({
    ...host,
    isNew: true,
    id: `new-${index + 1}`,
    label: `a new ${host.instanceType}`,
    takesTasks: true,
    free: host.whole,
  }));
}
