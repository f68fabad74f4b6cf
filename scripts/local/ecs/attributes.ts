/**
 * What a container instance is like, for constraints and strategies.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html
 */
import type { HostRecord } from "./state.ts";

/** What the agent of every host here can do. */
const capabilities = [
  "com.amazonaws.ecs.capability.docker-remote-api.1.17",
  "com.amazonaws.ecs.capability.docker-remote-api.1.18",
  "com.amazonaws.ecs.capability.docker-remote-api.1.19",
  "com.amazonaws.ecs.capability.docker-remote-api.1.20",
  "com.amazonaws.ecs.capability.docker-remote-api.1.21",
  "com.amazonaws.ecs.capability.docker-remote-api.1.22",
  "com.amazonaws.ecs.capability.docker-remote-api.1.23",
  "com.amazonaws.ecs.capability.docker-remote-api.1.24",
  "com.amazonaws.ecs.capability.docker-remote-api.1.25",
  "com.amazonaws.ecs.capability.ecr-auth",
  "com.amazonaws.ecs.capability.logging-driver.awslogs",
  "com.amazonaws.ecs.capability.logging-driver.json-file",
  "com.amazonaws.ecs.capability.task-iam-role",
  "com.amazonaws.ecs.capability.task-iam-role-network-host",
  "ecs.capability.container-health-check",
  "ecs.capability.container-ordering",
  "ecs.capability.execution-role-awslogs",
  "ecs.capability.execution-role-ecr-pull",
  "ecs.capability.private-registry-authentication.secretsmanager",
  "ecs.capability.secrets.asm.environment-variables",
  "ecs.capability.secrets.ssm.environment-variables",
  "ecs.capability.task-eni",
];

/** The version of the agent on every host here. */
export const agentVersion = "1.89.2";

/** A host's attributes by name, AWS's own before those that somebody put on it; null for one without a value. */
export function attributesOf(host: HostRecord): ReadonlyMap<string, string | null> {
  return new Map<string, string | null>([
    ...capabilities.map((name) => [name, null] as const),
    ["ecs.ami-id", host.imageId],
    ["ecs.availability-zone", host.availabilityZone],
    ["ecs.cpu-architecture", host.cpuArchitecture ?? "x86_64"],
    ["ecs.instance-type", host.instanceType],
    ["ecs.os-family", "LINUX"],
    ["ecs.os-type", "linux"],
    ["ecs.subnet-id", host.subnetId],
    ...(host.vpcId === undefined ? [] : [["ecs.vpc-id", host.vpcId] as const]),
    ...Object.entries(host.attributes ?? {}),
  ]);
}

/** The value of one attribute of a host; null for one without a value, undefined for one that it lacks. */
export function attributeOf(host: HostRecord, name: string): string | null | undefined {
  if (name === "ecs.availability-zone") return host.availabilityZone;
  return attributesOf(host).get(name);
}
