/**
 * The form in which task definitions are compared: sizes in one unit, what AWS fills in written out, what holds anyway
 * left out.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
import type { Tag } from "@aws-sdk/client-ecs";

import { readOnlyFields } from "../aws-model/model.ts";
import { changedMembers, each, filled, withoutDefaults, type Members } from "./members.ts";

/**
 * A definition's comparable form, whether it was asked for or registered.
 *
 * @param definition the input of RegisterTaskDefinition, or what DescribeTaskDefinition answers
 * @param tags its tags, which DescribeTaskDefinition answers beside it
 */
export function comparableDefinition(definition: object, tags: readonly Tag[] | undefined): Members {
  const readOnly = new Set(readOnlyFields("TaskDefinition"));
  const own = Object.fromEntries(Object.entries(definition).filter(([name]) => !readOnly.has(name)));
  const task = filled(withoutDefaults(own, { enableFaultInjection: false }), { networkMode: "bridge" });
  const samePort = task["networkMode"] === "awsvpc" || task["networkMode"] === "host";
  return {
    ...changedMembers(task, {
      cpu: (cpu) => inUnits(cpu, /^(\d+(?:\.\d+)?|\.\d+)\s*vcpus?$/i),
      memory: (memory) => inUnits(memory, /^(\d+(?:\.\d+)?|\.\d+)\s*gb$/i),
      containerDefinitions: each((container) => comparableContainer(container, samePort)),
      proxyConfiguration: (proxy) => withoutDefaults(proxy, { type: "APPMESH" }),
      volumes: each(comparableVolume),
    }),
    tags: ownTags(tags),
  };
}

/** CPU units and MiB are both 1024 to the larger unit that people may write. */
function inUnits(size: unknown, larger: RegExp): unknown {
  if (typeof size !== "string") return size;
  const text = size.trim();
  const match = larger.exec(text)?.[1];
  if (match !== undefined) return String(Math.round(Number(match) * 1024));
  return /^\d+$/.test(text) ? String(Number(text)) : text;
}

const containerDefaults = {
  cpu: 0,
  disableNetworking: false,
  interactive: false,
  privileged: false,
  pseudoTerminal: false,
  readonlyRootFilesystem: false,
  versionConsistency: "enabled",
};

function comparableContainer(container: unknown, samePort: boolean): Members {
  return changedMembers(filled(withoutDefaults(container, containerDefaults), { essential: true }), {
    healthCheck: (check) =>
      withoutDefaults(filled(check, { interval: 30, timeout: 5, retries: 3 }), { startPeriod: 0 }),
    linuxParameters: (parameters) =>
      changedMembers(withoutDefaults(parameters, { initProcessEnabled: false }), {
        devices: each((device) => filled(device, { permissions: ["read", "write", "mknod"] })),
      }),
    mountPoints: each((mount) => withoutDefaults(mount, { readOnly: false })),
    portMappings: each((mapping) => comparablePort(mapping, samePort)),
    restartPolicy: (policy) => filled(policy, { restartAttemptPeriod: 300 }),
    volumesFrom: each((volume) => withoutDefaults(volume, { readOnly: false })),
  });
}

/** Under awsvpc and host a container's port is the host's; under bridge, 0 is a free port of the host. */
function comparablePort(mapping: unknown, samePort: boolean): Members {
  const port = filled(mapping, { protocol: "tcp" });
  return withoutDefaults(port, { hostPort: samePort ? port["containerPort"] : 0 });
}

function comparableVolume(volume: unknown): Members {
  return changedMembers(withoutDefaults(volume, { configuredAtLaunch: false }), {
    dockerVolumeConfiguration: (docker) => withoutDefaults(docker, { autoprovision: false }),
    efsVolumeConfiguration: (efs) =>
      changedMembers(withoutDefaults(efs, { rootDirectory: "/", transitEncryption: "DISABLED" }), {
        authorizationConfig: (authorization) => withoutDefaults(authorization, { iam: "DISABLED" }),
      }),
    s3filesVolumeConfiguration: (files) => withoutDefaults(files, { rootDirectory: "/" }),
  });
}

/** AWS's own tags can't be set by a caller, and the trail of a run says nothing of what runs. */
export function ownTags(tags: readonly Tag[] | undefined): readonly Tag[] {
  return (tags ?? []).filter(
    ({ key }) => key?.startsWith("aws:") !== true && key?.startsWith("slipway:") !== true,
  );
}
