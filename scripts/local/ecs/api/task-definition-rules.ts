/**
 * What RegisterTaskDefinition refuses, in AWS's words.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
import type { RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";

import { checkContainer } from "./container-rules.ts";
import { checkDependencies } from "./dependency-rules.ts";
import { clientException } from "./errors.ts";
import { readQuery } from "./placement-rules.ts";
import { checkFargate, fitsFargate } from "./fargate-rules.ts";
import { cpuUnits, memoryMiB } from "./fargate-sizes.ts";
import { checkPorts } from "./port-rules.ts";
import { checkTags } from "./tag-rules.ts";

const mostContainers = 10;
const mostConstraints = 10;
const mostBytes = 65_536;

/** Throws what AWS would for the first rule that the definition breaks. */
export function checkTaskDefinition(input: RegisterTaskDefinitionCommandInput): void {
  const containers = input.containerDefinitions ?? [];
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(input.family ?? "")) {
    throw clientException("Family contains invalid characters.");
  }
  checkSize(input);
  if (containers.length === 0) throw clientException("Container list cannot be empty.");
  if (containers.length > mostContainers) throw clientException("Too many containers.");
  for (const container of containers) checkContainer(container, input);
  if (!containers.some(({ essential }) => essential ?? true)) {
    throw clientException("At least one container in a task definition must be marked as essential.");
  }
  const names = new Set(containers.map(({ name }) => name));
  if (names.size < containers.length) {
    throw clientException("Container names must be unique within a Task Definition.");
  }
  checkPorts(containers, input.networkMode);
  checkDependencies(containers);
  checkTask(input);
  if (input.requiresCompatibilities?.includes("FARGATE")) checkFargate(input);
  checkTags(input.tags, clientException);
}

function checkSize(input: RegisterTaskDefinitionCommandInput): void {
  if (input.cpu !== undefined && cpuUnits(input.cpu) === undefined) {
    throw clientException("Invalid 'cpu' setting for task.");
  }
  if (input.memory !== undefined && memoryMiB(input.memory) === undefined) {
    throw clientException("Invalid 'memory' setting for task.");
  }
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > mostBytes) {
    throw clientException(`Actual length: '${bytes}'. Max allowed length is '${mostBytes}' bytes.`);
  }
}

function checkTask(input: RegisterTaskDefinitionCommandInput): void {
  const containers = input.containerDefinitions ?? [];
  const cpu = containers.reduce((sum, container) => sum + (container.cpu ?? 0), 0);
  if (input.cpu !== undefined && cpu > (cpuUnits(input.cpu) ?? Infinity)) {
    throw clientException(
      "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
    );
  }
  for (const role of [input.taskRoleArn, input.executionRoleArn]) {
    if (role !== undefined && !isRole(role)) throw clientException("Role is not valid");
  }
  for (const { expression } of input.placementConstraints ?? []) readQuery(expression ?? "");
  if ((input.placementConstraints ?? []).length > mostConstraints) {
    throw clientException(`Maximum number of placement constraints is ${mostConstraints}`);
  }
  const mounted = new Set(
    containers.flatMap(({ mountPoints = [] }) => mountPoints.map((point) => point.sourceVolume)),
  );
  const idle = (input.volumes ?? []).filter(
    ({ name, configuredAtLaunch }) => configuredAtLaunch === true && !mounted.has(name),
  );
  if (idle.length > 0) {
    const list = idle.map(({ name }) => name ?? "").join(", ");
    throw clientException(`Volumes [${list}] are not referenced by any of the containers`);
  }
  for (const { efsVolumeConfiguration: efs } of input.volumes ?? []) {
    if (efs?.authorizationConfig?.iam === "ENABLED" && efs.transitEncryption !== "ENABLED") {
      throw clientException("EFS IAM authorization requires TransitEncryption to be enabled");
    }
  }
}

/** A role's short name, or its ARN. */
function isRole(text: string): boolean {
  return /^(arn:aws[a-z-]*:iam::\d{12}:role\/)?[\w+=,.@/-]+$/.test(text);
}

/** Where a definition can run: Fargate wants awsvpc and one of its sizes. */
export function compatibilitiesOf(
  input: RegisterTaskDefinitionCommandInput,
): ("EC2" | "FARGATE" | "EXTERNAL")[] {
  if (input.networkMode === "awsvpc") return fitsFargate(input) ? ["EC2", "FARGATE"] : ["EC2"];
  return ["EXTERNAL", "EC2"];
}
