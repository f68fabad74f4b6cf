/**
 * What RegisterTaskDefinition refuses of a definition that is to run on Fargate, in AWS's words.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";

import { clientException } from "./errors.ts";
import { cpuUnits, isFargateSize, memoryMiB } from "./fargate-sizes.ts";

const logDrivers = ["awslogs", "splunk", "awsfirelens"];

/** Throws for the first thing that Fargate does not run. */
export function checkFargate(input: RegisterTaskDefinitionCommandInput): void {
  if (input.networkMode !== "awsvpc") throw clientException("Fargate only supports network mode ‘awsvpc’.");
  for (const member of ["cpu", "memory"] as const) {
    if (input[member] === undefined) {
      throw clientException(`Fargate requires that '${member}' be defined at the task level.`);
    }
  }
  if (!fitsFargate(input)) throw clientException("No Fargate configuration exists for given values.");
  checkTask(input);
  const containers = input.containerDefinitions ?? [];
  for (const container of containers) checkContainer(container);
  if (input.executionRoleArn === undefined) checkNeedsNoRole(containers);
}

/** Whether a definition has a size that Fargate runs. */
export function fitsFargate({ cpu, memory, runtimePlatform }: RegisterTaskDefinitionCommandInput): boolean {
  const windows = runtimePlatform?.operatingSystemFamily?.startsWith("WINDOWS") ?? false;
  return isFargateSize(cpuUnits(cpu ?? "") ?? 0, memoryMiB(memory ?? "") ?? 0, windows);
}

function checkTask(input: RegisterTaskDefinitionCommandInput): void {
  const unsupported = (what: string) =>
    clientException(`Fargate compatible task definitions do not support ${what}`);
  if (input.ipcMode !== undefined) throw unsupported("ipcMode");
  if (input.pidMode === "host") {
    throw clientException("Tasks using the Fargate launch type do not support pidMode 'host'");
  }
  if ((input.placementConstraints ?? []).length > 0) throw unsupported("constraints");
  for (const volume of input.volumes ?? []) {
    if (volume.host?.sourcePath !== undefined) throw unsupported("sourcePath");
    if (volume.dockerVolumeConfiguration) throw unsupported("dockerVolumeConfiguration");
  }
  const size = input.ephemeralStorage?.sizeInGiB;
  if (size !== undefined && (size < 21 || size > 200)) {
    throw clientException("Ephemeral storage size must be between 21 and 200 GiB.");
  }
}

function checkContainer(container: ContainerDefinition): void {
  const { linuxParameters: linux, stopTimeout, logConfiguration } = container;
  const asked: [string, boolean][] = [
    ["devices", (linux?.devices ?? []).length > 0],
    ["maxSwap", linux?.maxSwap !== undefined],
    ["sharedMemorySize", linux?.sharedMemorySize !== undefined],
    ["swappiness", linux?.swappiness !== undefined],
    ["tmpfs", (linux?.tmpfs ?? []).length > 0],
    ["dockerSecurityOptions", (container.dockerSecurityOptions ?? []).length > 0],
    ["privileged", container.privileged === true],
  ];
  const [first] = asked.find(([, given]) => given) ?? [];
  if (first) throw clientException(`Fargate compatible task definitions do not support ${first}`);
  const capability = linux?.capabilities?.add?.find((name) => name !== "SYS_PTRACE");
  if (capability !== undefined) throw clientException(`${capability} is not allowed on Fargate.`);
  if (stopTimeout !== undefined && stopTimeout > 120) {
    throw clientException(
      "Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds.",
    );
  }
  const driver = logConfiguration?.logDriver;
  if (driver !== undefined && !logDrivers.includes(driver)) {
    throw clientException(`${driver} is not a valid log driver. Must be one of [${logDrivers.join(", ")}]`);
  }
}

/** Fargate itself pulls from ECR and writes to CloudWatch Logs, in the execution role's name. */
function checkNeedsNoRole(containers: readonly ContainerDefinition[]): void {
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
