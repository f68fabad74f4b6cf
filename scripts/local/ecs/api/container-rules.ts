/**
 * What RegisterTaskDefinition refuses of a container, in AWS's words.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
import type {
  ContainerDefinition,
  HealthCheck,
  RegisterTaskDefinitionCommandInput,
} from "@aws-sdk/client-ecs";

import { askedBehaviour } from "../definitions.ts";
import { clientException } from "./errors.ts";
import { checkBehaviour } from "./behaviour-rules.ts";
import { memoryMiB } from "./fargate-sizes.ts";

/** Throws for the first rule that the container breaks. */
export function checkContainer(
  container: ContainerDefinition,
  input: RegisterTaskDefinitionCommandInput,
): void {
  const { name = "", image = "" } = container;
  if (name === "") throw clientException("Container.name should not be null or empty.");
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw clientException("Container.name contains invalid characters.");
  }
  if (image === "") throw clientException("Container.image should not be null or empty.");
  if (image.length > 255 || !/^[\w.:/@-]+$/.test(image)) {
    throw clientException("Container.image contains invalid characters.");
  }
  checkMemory(container, input);
  if ((container.cpu ?? 0) < 0) throw clientException(`Invalid 'cpu' setting for container '${name}'`);
  checkTimes(container);
  if (container.healthCheck) checkHealthCheck(container.healthCheck, name);
  if (input.networkMode === "awsvpc") checkAwsvpc(container);
  else if (input.networkMode === "host" && (container.links ?? []).length > 0) {
    throw clientException("Links are not supported when networkMode=host.");
  }
  checkReferences(container, input);
  checkSettings(container, input);
  checkBehaviour(name, askedBehaviour(container), clientException);
}

function checkMemory(
  { name = "", memory, memoryReservation }: ContainerDefinition,
  input: RegisterTaskDefinitionCommandInput,
): void {
  const setting = `Invalid setting for container '${name}'.`;
  if (input.memory === undefined && memory === undefined && memoryReservation === undefined) {
    throw clientException(`${setting} At least one of 'memory' or 'memoryReservation' must be specified.`);
  }
  if (memory !== undefined && memoryReservation !== undefined && memory < memoryReservation) {
    throw clientException(`${setting} 'memory' must be greater than or equal to 'memoryReservation'.`);
  }
  for (const [member, value] of Object.entries({ memory, memoryReservation })) {
    if (value !== undefined && value < 4) {
      throw clientException(`Invalid '${member}' setting for container '${name}'`);
    }
  }
  const whole = input.memory === undefined ? Infinity : (memoryMiB(input.memory) ?? Infinity);
  if (memory !== undefined && memory > whole) {
    throw clientException(`The 'memory' setting for container '${name}' is greater than for the task.`);
  }
}

function checkTimes({ name = "", startTimeout, stopTimeout, restartPolicy }: ContainerDefinition): void {
  for (const [kind, seconds] of Object.entries({ start: startTimeout, stop: stopTimeout })) {
    if (seconds !== undefined && seconds < 2) {
      throw clientException(`Granular ${kind} timeout on container '${name}' must be at least 2 seconds.`);
    }
  }
  const period = restartPolicy?.restartAttemptPeriod;
  if (period !== undefined && (period < 60 || period > 1800)) {
    throw clientException(
      `the 'restartAttemptPeriod' setting for container '${name}' must be between 60 and 1800`,
    );
  }
}

/** Least and greatest, as API_HealthCheck has them. */
const healthCheckRanges = { interval: [5, 300], timeout: [2, 120], retries: [1, 10], startPeriod: [0, 300] };

function checkHealthCheck(check: HealthCheck, name: string): void {
  const [kind = ""] = check.command ?? [];
  if (!["CMD", "CMD-SHELL", "NONE"].includes(kind)) {
    throw clientException(
      `The health check command of container '${name}' must begin with CMD or CMD-SHELL.`,
    );
  }
  for (const [member, [least = 0, most = 0]] of Object.entries(healthCheckRanges)) {
    const value = check[member as keyof typeof healthCheckRanges];
    if (value === undefined || (value >= least && value <= most)) continue;
    throw clientException(
      `the health check '${member}' setting for container '${name}' must be between ${least} and ${most}`,
    );
  }
}

function checkAwsvpc({
  links,
  hostname,
  extraHosts,
  dnsServers,
  dnsSearchDomains,
}: ContainerDefinition): void {
  const given = (list: readonly unknown[] | undefined) => (list ?? []).length > 0;
  if (given(links)) throw clientException("Links are not supported when networkMode=awsvpc.");
  const refuse = (what: string) =>
    clientException(`${what} not supported on container when networkMode=awsvpc.`);
  if (hostname !== undefined) throw refuse("hostname is");
  if (given(extraHosts)) throw refuse("Extra hosts are");
  if (given(dnsServers)) throw refuse("DNS servers are");
  if (given(dnsSearchDomains)) throw refuse("DNS search domains are");
}

/** Volumes and containers that are named must be there. */
function checkReferences(container: ContainerDefinition, input: RegisterTaskDefinitionCommandInput): void {
  const volumes = new Set(input.volumes?.map(({ name }) => name));
  const unknown = container.mountPoints?.find(({ sourceVolume }) => !volumes.has(sourceVolume));
  if (unknown) throw clientException(`Unknown volume '${unknown.sourceVolume ?? ""}'.`);
  const names = new Set(input.containerDefinitions?.map(({ name }) => name));
  const from = container.volumesFrom?.find(({ sourceContainer }) => !names.has(sourceContainer));
  if (from) {
    throw clientException(
      `Invalid 'volumesFrom' setting. Unknown container: '${from.sourceContainer ?? ""}'`,
    );
  }
  const link = container.links?.find((text) => !names.has(text.split(":")[0]));
  if (link !== undefined) {
    throw clientException(`Invalid 'links' setting. Unknown container: '${link.split(":")[0] ?? ""}'`);
  }
}

function checkSettings(container: ContainerDefinition, input: RegisterTaskDefinitionCommandInput): void {
  const { secrets = [], environment = [], environmentFiles = [], ulimits = [], logConfiguration } = container;
  if (secrets.length > 0 && input.executionRoleArn === undefined) {
    throw clientException(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  }
  const known = new Set(environment.map(({ name }) => name));
  for (const { name = "" } of secrets) {
    if (known.has(name)) {
      throw clientException(
        "The secret name must be unique and not shared with any new or existing environment variables set on " +
          `the container, such as '${name}'.`,
      );
    }
    known.add(name);
  }
  if (environmentFiles.length > 10) {
    throw clientException(
      "The maximum number of environment files was exceeded. Specify ten or less and try again.",
    );
  }
  for (const { name = "", softLimit = 0, hardLimit = 0 } of ulimits) {
    if (softLimit > hardLimit) throw clientException(`Soft limit exceeds hard limit for ulimit ${name}`);
  }
  const { logDriver, options = {} } = logConfiguration ?? {};
  if (logDriver === "awslogs" && !(options["awslogs-group"] && options["awslogs-region"])) {
    throw clientException("Log driver awslogs requires options: awslogs-region, awslogs-group");
  }
}
