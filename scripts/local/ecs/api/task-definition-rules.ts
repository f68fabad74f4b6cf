/**
 * What RegisterTaskDefinition refuses, in AWS's words.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";

import { clientException } from "./errors.ts";

/** Memory in MiB that Fargate offers for each cpu size: from, to, step. */
const fargateMemory: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, range(1024, 4096, 1024)],
  [1024, range(2048, 8192, 1024)],
  [2048, range(4096, 16384, 1024)],
  [4096, range(8192, 30720, 1024)],
  [8192, range(16384, 61440, 4096)],
  [16384, range(32768, 122880, 8192)],
]);

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}

/** Throws what AWS would for the first rule that the definition breaks. */
export function checkTaskDefinition(input: RegisterTaskDefinitionCommandInput): void {
  const containers = input.containerDefinitions ?? [];
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(input.family ?? "")) {
    throw clientException(
      "Family contains invalid characters. Up to 255 letters (uppercase and lowercase), numbers, hyphens, and underscores are allowed.",
    );
  }
  if (containers.length === 0) throw clientException("Container list cannot be empty.");
  for (const container of containers) checkContainer(container, input);
  if (!containers.some(({ essential }) => essential ?? true)) {
    throw clientException("At least one container in a task definition must be marked as essential.");
  }
  checkNames(containers);
  if (input.requiresCompatibilities?.includes("FARGATE")) checkFargate(input);
}

function checkNames(containers: readonly ContainerDefinition[]): void {
  const names = containers.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    throw clientException("Container names must be unique within a task definition.");
  }
}

function checkContainer(container: ContainerDefinition, input: RegisterTaskDefinitionCommandInput): void {
  const name = container.name ?? "";
  if (name === "") throw clientException("Container.name should not be null or empty.");
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw clientException(`Invalid container name: ${name}`);
  if (!container.image) throw clientException("Container.image should not be null or empty.");
  if (
    input.memory === undefined &&
    container.memory === undefined &&
    container.memoryReservation === undefined
  ) {
    throw clientException(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  for (const { hostPort, containerPort } of container.portMappings ?? []) {
    if (input.networkMode === "awsvpc" && hostPort !== undefined && hostPort !== containerPort) {
      throw clientException(
        "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
      );
    }
  }
}

function checkFargate(input: RegisterTaskDefinitionCommandInput): void {
  if (input.networkMode !== "awsvpc") {
    throw clientException("Fargate only supports network mode ‘awsvpc’.");
  }
  if (!isFargateSize(input)) throw clientException("No Fargate configuration exists for given values.");
  if (input.executionRoleArn !== undefined) return;
  const containers = input.containerDefinitions ?? [];
  if (containers.some(({ logConfiguration }) => logConfiguration?.logDriver === "awslogs")) {
    throw clientException(
      "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    );
  }
  if (containers.some(({ image }) => /\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\//.test(image ?? ""))) {
    throw clientException(
      "Fargate requires task definition to have execution role ARN to support ECR images.",
    );
  }
}

function isFargateSize({ cpu, memory }: RegisterTaskDefinitionCommandInput): boolean {
  return fargateMemory.get(cpuUnits(cpu))?.includes(mebibytes(memory)) ?? false;
}

function cpuUnits(cpu: string | undefined): number {
  const match = /^([\d.]+)\s*vcpu$/i.exec(cpu ?? "");
  return match ? Number(match[1]) * 1024 : Number(cpu);
}

function mebibytes(memory: string | undefined): number {
  const match = /^([\d.]+)\s*gb$/i.exec(memory ?? "");
  return match ? Number(match[1]) * 1024 : Number(memory);
}

/** Where a definition can run: Fargate wants awsvpc and one of its sizes. */
export function compatibilitiesOf(
  input: RegisterTaskDefinitionCommandInput,
): ("EC2" | "FARGATE" | "EXTERNAL")[] {
  if (input.networkMode === "awsvpc") return isFargateSize(input) ? ["EC2", "FARGATE"] : ["EC2"];
  return ["EXTERNAL", "EC2"];
}
