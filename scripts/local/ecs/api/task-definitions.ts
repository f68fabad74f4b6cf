import type {
  DeregisterTaskDefinitionCommandInput,
  DeleteTaskDefinitionsCommandInput,
  DescribeTaskDefinitionCommandInput,
  Failure,
  ListTaskDefinitionFamiliesCommandInput,
  ListTaskDefinitionsCommandInput,
  RegisterTaskDefinitionCommandInput,
  Tag,
  TaskDefinition,
} from "@aws-sdk/client-ecs";

import { isInUse } from "../queries.ts";
import type { TaskDefinitionRecord } from "../state.ts";
import { nameOf, optionalDate, page, type Call } from "./call.ts";
import { AwsError, clientException } from "./errors.ts";
import { cpuUnits, memoryMiB } from "./fargate-sizes.ts";
import { checkTaskDefinition, compatibilitiesOf } from "./task-definition-rules.ts";

/** Registers the next revision of a family. */
export function registerTaskDefinition(
  call: Call,
  input: RegisterTaskDefinitionCommandInput,
): { taskDefinition: TaskDefinition; tags: Tag[] | undefined } {
  const { state, now } = call;
  checkTaskDefinition(input);
  const { tags, ...definition } = input;
  const family = input.family ?? "";
  const revision = (state.ecs.latestRevisions[family] ?? 0) + 1;
  const record: TaskDefinitionRecord = {
    arn: `arn:aws:ecs:${state.region}:${state.account}:task-definition/${family}:${revision}`,
    family,
    revision,
    status: "ACTIVE",
    definition: { ...definition, ...sizeOf(input), containerDefinitions: withDefaults(input) },
    compatibilities: compatibilitiesOf(input),
    registeredAt: now,
    deregisteredAt: null,
  };
  state.ecs.latestRevisions[family] = revision;
  state.ecs.taskDefinitions[`${family}:${revision}`] = record;
  if (tags && tags.length > 0) state.ecs.tags[record.arn] = tags;
  return { taskDefinition: describeRecord(call, record), tags };
}

/** The size in CPU units and MiB, however it was written. */
function sizeOf({ cpu, memory }: RegisterTaskDefinitionCommandInput): { cpu?: string; memory?: string } {
  return {
    ...(cpu !== undefined && { cpu: String(cpuUnits(cpu)) }),
    ...(memory !== undefined && { memory: String(memoryMiB(memory)) }),
  };
}

/** The container definitions with the members that AWS adds when they are left out. */
function withDefaults(input: RegisterTaskDefinitionCommandInput): TaskDefinition["containerDefinitions"] {
  const sharesPort = input.networkMode === "awsvpc" || input.networkMode === "host";
  return (input.containerDefinitions ?? []).map((container) => ({
    ...container,
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    environment: container.environment ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: container.systemControls ?? [],
    portMappings: (container.portMappings ?? []).map((mapping) => ({
      ...mapping,
      hostPort: mapping.hostPort ?? (sharesPort ? mapping.containerPort : 0),
      protocol: mapping.protocol ?? "tcp",
    })),
    ...(container.healthCheck && {
      healthCheck: { interval: 30, timeout: 5, retries: 3, ...container.healthCheck },
    }),
  }));
}

function describeRecord(call: Call, record: TaskDefinitionRecord): TaskDefinition {
  return {
    ...record.definition,
    taskDefinitionArn: record.arn,
    family: record.family,
    revision: record.revision,
    status: record.status,
    volumes: record.definition.volumes ?? [],
    placementConstraints: record.definition.placementConstraints ?? [],
    requiresAttributes: [],
    compatibilities: record.compatibilities,
    registeredAt: call.toDate(record.registeredAt),
    registeredBy: `arn:aws:iam::${call.state.account}:root`,
    deregisteredAt: optionalDate(call, record.deregisteredAt),
  };
}

/**
 * A revision by family, `family:revision` or ARN; a bare family is its latest ACTIVE revision.
 *
 * @throws AwsError ClientException when there is none
 */
function resolveTaskDefinition({ state }: Pick<Call, "state">, reference: string): TaskDefinitionRecord {
  const name = nameOf(reference);
  const record = name.includes(":")
    ? state.ecs.taskDefinitions[name]
    : Object.values(state.ecs.taskDefinitions)
        .filter(({ family, status }) => family === name && status === "ACTIVE")
        .at(-1);
  if (!record) throw clientException("Unable to describe task definition.");
  return record;
}

/** Describes a revision, an INACTIVE one too. */
export function describeTaskDefinition(
  call: Call,
  input: DescribeTaskDefinitionCommandInput,
): { taskDefinition: TaskDefinition; tags: Tag[] } {
  const record = resolveTaskDefinition(call, input.taskDefinition ?? "");
  const tags = input.include?.includes("TAGS") ? (call.state.ecs.tags[record.arn] ?? []) : [];
  return { taskDefinition: describeRecord(call, record), tags };
}

/** Makes a revision INACTIVE. Services and tasks that use it go on. */
export function deregisterTaskDefinition(
  call: Call,
  input: DeregisterTaskDefinitionCommandInput,
): { taskDefinition: TaskDefinition } {
  const name = nameOf(input.taskDefinition ?? "");
  if (!name.includes(":")) throw clientException("The specified task definition does not have a revision.");
  const record = resolveTaskDefinition(call, name);
  if (record.status === "ACTIVE") {
    record.status = "INACTIVE";
    record.deregisteredAt = call.now;
  }
  return { taskDefinition: describeRecord(call, record) };
}

/** Deletes INACTIVE revisions, those in use once they no longer are; an ACTIVE one is a failure. */
export function deleteTaskDefinitions(
  call: Call,
  input: DeleteTaskDefinitionsCommandInput,
): { taskDefinitions: TaskDefinition[]; failures: Failure[] } {
  const { taskDefinitions: known } = call.state.ecs;
  const records = (input.taskDefinitions ?? []).map((name) => resolveTaskDefinition(call, name));
  const active = records.filter(({ status }) => status === "ACTIVE");
  const deleted = records.filter(({ status }) => status !== "ACTIVE");
  for (const record of deleted) {
    record.status = "DELETE_IN_PROGRESS";
    const key = `${record.family}:${record.revision}`;
    if (!isInUse(call.state, record.arn)) Reflect.deleteProperty(known, key);
  }
  return {
    taskDefinitions: deleted.map((record) => describeRecord(call, record)),
    failures: active.map(({ arn }) => ({
      arn,
      reason:
        "The specified task definition is still in ACTIVE status. Please deregister the target and try again.",
    })),
  };
}

/** Lists ARNs of revisions, by family prefix match as AWS does it: the family in full. */
export function listTaskDefinitions(
  { state }: Call,
  input: ListTaskDefinitionsCommandInput,
): { taskDefinitionArns: string[]; nextToken: string | undefined } {
  const matching = Object.values(state.ecs.taskDefinitions)
    .filter(({ family }) => input.familyPrefix === undefined || family === input.familyPrefix)
    .filter(({ status }) => status === (input.status ?? "ACTIVE"))
    .toSorted((one, other) => one.family.localeCompare(other.family) || one.revision - other.revision);
  if (input.sort === "DESC") matching.reverse();
  const { items, nextToken } = page(matching, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 100,
  });
  return { taskDefinitionArns: items.map(({ arn }) => arn), nextToken };
}

/** Lists families: ACTIVE ones have an ACTIVE revision. */
export function listTaskDefinitionFamilies(
  { state }: Call,
  input: ListTaskDefinitionFamiliesCommandInput,
): { families: string[]; nextToken: string | undefined } {
  const records = Object.values(state.ecs.taskDefinitions);
  const isActive = (name: string) =>
    records.some(({ family, status }) => family === name && status === "ACTIVE");
  const wanted = input.status ?? "ALL";
  const families = Object.keys(state.ecs.latestRevisions)
    .filter((family) => family.startsWith(input.familyPrefix ?? ""))
    .filter((family) => wanted === "ALL" || isActive(family) === (wanted === "ACTIVE"))
    .toSorted();
  const { items, nextToken } = page(families, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 100,
  });
  return { families: items, nextToken };
}

/** A revision that tasks may be started from. @throws AwsError when it is gone or INACTIVE */
export function usableTaskDefinition(call: Pick<Call, "state">, reference: string): TaskDefinitionRecord {
  const name = nameOf(reference);
  const known = name.includes(":")
    ? call.state.ecs.taskDefinitions[name]
    : Object.values(call.state.ecs.taskDefinitions)
        .filter(({ family, status }) => family === name && status === "ACTIVE")
        .at(-1);
  if (!known) throw new AwsError("ClientException", "TaskDefinition not found.");
  if (known.status !== "ACTIVE") throw clientException("TaskDefinition is inactive");
  return known;
}
