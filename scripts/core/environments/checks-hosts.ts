/**
 * What has to hold of the hosts of an environment, and between them and the services that need them.
 */
import type { Environment, InstanceGroupSettings } from "../environments.ts";
import type { Finding } from "./checks.ts";
import {
  architectureOf,
  isForHosts,
  isInstanceType,
  nearestInstanceType,
  sizesOfFamily,
} from "./instance-types.ts";
import { asObject, below, within, type Raw } from "./parts.ts";
import { instanceGroup, service } from "./schema-cluster.ts";
import { takesHostPort } from "./spare-host.ts";

type Group = InstanceGroupSettings;

/** Checks a group of hosts: its types, and how they are mixed and replaced; each field for itself. */
export function checkHosts(raw: Raw): Finding[] {
  const { instanceType, otherInstanceTypes, architecture, max, spot, refresh } = instanceGroup.shape;
  const known = architecture.safeParse(raw.architecture).data;
  const limit = max.safeParse(raw.max).data;
  const first = instanceType.safeParse(raw.instanceType).data;
  const others = otherInstanceTypes.safeParse(raw.otherInstanceTypes).data ?? [];
  const types = [
    ...(first === undefined ? [] : [{ type: first, path: ["instanceType"] }]),
    ...others.map((type, index) => ({ type, path: ["otherInstanceTypes", index] })),
  ];
  return [
    ...types.flatMap(({ type, path }, index) => {
      const repeated = types.findIndex((other) => other.type === type) < index;
      const message = `"${type}" stands twice. Name each type once.`;
      return repeated ? [{ path, message }] : checkType(type, known, path);
    }),
    ...within(["spot"], spot, raw.spot, (given) => checkSpot(given, limit)),
    ...within(["refresh"], refresh, raw.refresh, checkRefresh),
  ];
}

function checkType(
  type: string,
  architecture: Group["architecture"] | undefined,
  path: Finding["path"],
): Finding[] {
  if (!isInstanceType(type)) {
    const nearest = nearestInstanceType(type);
    const sizes = sizesOfFamily(type);
    const message = [
      `"${type}" is no instance type that the installed AWS SDK knows.`,
      ...(nearest === undefined ? [] : [`Did you mean "${nearest}"?`]),
      ...(sizes.length === 0 ? [] : [`Sizes of ${type.split(".")[0] ?? ""}: ${sizes.join(", ")}.`]),
      "One that is newer is known after an update of @aws-sdk/client-ec2 and npm run generate.",
    ].join(" ");
    return [{ path, message }];
  }
  if (!isForHosts(type)) {
    const message = `"${type}" is a Mac, for which ECS has no image. Choose another type, as in t3.small.`;
    return [{ path, message }];
  }
  const own = architectureOf(type);
  if (architecture === undefined || own === architecture) return [];
  const message =
    `"${type}" has an ${own} processor, and the group's architecture is ${architecture}: its image would not start. ` +
    `Set architecture to "${own}", or choose ${architecture === "arm64" ? "a Graviton type, as in t4g.small" : "another type, as in t3.small"}.`;
  return [{ path, message }];
}

function checkSpot(spot: Group["spot"], max: number | undefined): Finding[] {
  if (spot === undefined || max === undefined || spot.onDemandBase < max) return [];
  const message = `${spot.onDemandBase} hosts are On-Demand first, and there are ${max} at most: none would be Spot. Lower it, or remove spot.`;
  return [{ path: ["onDemandBase"], message }];
}

function checkRefresh(refresh: Group["refresh"]): Finding[] {
  if (refresh === false) return [];
  const { minHealthyPercent, maxHealthyPercent } = refresh;
  const at = (message: string): Finding[] => [{ path: ["maxHealthyPercent"], message }];
  if (maxHealthyPercent - minHealthyPercent > 100) {
    return at(
      `${maxHealthyPercent} is more than 100 above minHealthyPercent ${minHealthyPercent}; AWS allows 100. Lower it.`,
    );
  }
  return maxHealthyPercent === 100 && minHealthyPercent === 100
    ? at(
        "With 100 at least and 100 at most no host could be replaced. Raise maxHealthyPercent, or lower minHealthyPercent.",
      )
    : [];
}

/** Ports that the host's own programs have: SSH, Docker and the agent of ECS. */
const hostsOwnPorts = [22, 2375, 2376, 51678, 51679, 51680];

/** ECS picks ports of bridge services from here. */
const dynamicPorts = { first: 32768, last: 65535 };

/**
 * Checks the services of an environment against its hosts: that there are any for those that need them, that fixed ports
 * are free, and that a host more than tasks can come where a port is fixed.
 */
export function checkServicesOnHosts(raw: Raw): Finding[] {
  const cluster = asObject(raw.cluster);
  const services = Object.entries(asObject(raw.services)).flatMap(([name, value]) => {
    const parsed = service.safeParse(value);
    return parsed.success ? [{ name, service: parsed.data }] : [];
  });
  const groups = groupsOf(cluster);
  const onHosts = services.flatMap(({ name, service: one }) => {
    const fixed = takesHostPort(one);
    return [
      ...(one.networkMode !== "awsvpc" && one.blueGreen === undefined && groups === 0
        ? [noHosts(name, one)]
        : []),
      ...(fixed === undefined ? [] : checkPort(name, one, fixed)),
    ];
  });
  return [...onHosts, ...checkClashes(services, groups), ...checkRoom(cluster, services)];
}

/** How many groups of hosts there are; undefined where the file is wrong there. */
function groupsOf(cluster: Raw): number | undefined {
  const { ec2, extraInstanceGroups } = cluster;
  if (ec2 !== null && (typeof ec2 !== "object" || Array.isArray(ec2))) return undefined;
  return (ec2 === null ? 0 : 1) + Object.keys(asObject(extraInstanceGroups)).length;
}

type ServiceSettings = Environment["services"][string];

function noHosts(name: string, { networkMode }: ServiceSettings): Finding {
  const message =
    `In network mode ${networkMode} tasks run on hosts, and the environment has none. Use awsvpc, or describe hosts in ` +
    "cluster.ec2.";
  return { path: ["services", name, "networkMode"], message };
}

function checkPort(name: string, { networkMode }: ServiceSettings, fixed: number): Finding[] {
  const path = ["services", name, networkMode === "host" ? "containerPort" : "hostPort"];
  if (hostsOwnPorts.includes(fixed)) {
    const message = `Port ${fixed} of a host is its own (SSH, Docker, the agent of ECS). Choose another.`;
    return [{ path, message }];
  }
  if (fixed < dynamicPorts.first) return [];
  const message =
    `Port ${fixed} is among those that ECS gives to other tasks (${dynamicPorts.first} to ${dynamicPorts.last}). ` +
    "Choose one below.";
  return [{ path, message }];
}

/** With one group of hosts, services that take the same port push each other off every host. */
function checkClashes(
  services: readonly { readonly name: string; readonly service: ServiceSettings }[],
  groups: number | undefined,
): Finding[] {
  if (groups !== 1) return [];
  return services.flatMap(({ name, service: one }, index) => {
    const fixed = takesHostPort(one);
    const other = services
      .slice(0, index)
      .find((candidate) => fixed !== undefined && takesHostPort(candidate.service) === fixed);
    if (fixed === undefined || other === undefined) return [];
    const message =
      `Port ${fixed} of a host is taken by service "${other.name}", and no host could run both. Choose another port, let ` +
      "ECS choose (network mode bridge without hostPort), or give one of them hosts of its own in extraInstanceGroups.";
    return [{ path: ["services", name, one.networkMode === "host" ? "containerPort" : "hostPort"], message }];
  });
}

function checkRoom(
  cluster: Raw,
  services: readonly { readonly name: string; readonly service: ServiceSettings }[],
): Finding[] {
  const fixed = services.find((one) => takesHostPort(one.service) !== undefined);
  if (fixed === undefined) return [];
  return below(
    ["cluster"],
    within(["ec2"], instanceGroup, cluster.ec2, ({ max, targetCapacityPercent }) => {
      if (max > 1 || targetCapacityPercent !== undefined) return [];
      const message =
        `Service "${fixed.name}" has a fixed port, so a rollout needs a host more than there are tasks, and max ${max} ` +
        "leaves no room for one. Raise it, or set targetCapacityPercent to 100 if its deployments stop a task before " +
        "they start one.";
      return [{ path: ["max"], message }];
    }),
  );
}
