import { expect } from "@jest/globals";

import type { ContractCase } from "../suite/contract-case.ts";
import { fargateSize, webContainer } from "../suite/context.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { filled } from "./task-definition-steps.ts";

export const taskDefinitionDefaultCases: readonly ContractCase[] = [
  filled(
    "default-essential",
    "A container is essential unless it says otherwise",
    ecsApi("ContainerDefinition"),
    {},
    { containerDefinitions: [{ essential: true, cpu: 0 }] },
  ),
  filled(
    "default-lists",
    "Lists of a container that were left out come back empty",
    ecsApi("ContainerDefinition"),
    {},
    { containerDefinitions: [{ environment: [], mountPoints: [], volumesFrom: [] }] },
  ),
  filled(
    "default-protocol",
    "A port mapping is of tcp, with host port 0 in bridge mode",
    ecsApi("PortMapping"),
    { containerDefinitions: [{ ...webContainer, portMappings: [{ containerPort: 80 }] }] },
    { containerDefinitions: [{ portMappings: [{ containerPort: 80, hostPort: 0, protocol: "tcp" }] }] },
  ),
  filled(
    "default-host-port",
    "In awsvpc mode the host port is the container port",
    ecsApi("PortMapping"),
    {
      networkMode: "awsvpc",
      containerDefinitions: [{ ...webContainer, portMappings: [{ containerPort: 80 }] }],
    },
    { containerDefinitions: [{ portMappings: [{ containerPort: 80, hostPort: 80 }] }] },
  ),
  filled(
    "default-health-check",
    "A health check has interval 30, timeout 5 and 3 retries",
    ecsApi("HealthCheck"),
    { containerDefinitions: [{ ...webContainer, healthCheck: { command: ["CMD", "true"] } }] },
    { containerDefinitions: [{ healthCheck: { interval: 30, timeout: 5, retries: 3 } }] },
  ),
  filled(
    "compatible-with-fargate",
    "A definition for Fargate is compatible with FARGATE and EC2",
    ecsApi("TaskDefinition"),
    fargateSize,
    { requiresCompatibilities: ["FARGATE"], compatibilities: expect.arrayContaining(["EC2", "FARGATE"]) },
  ),
  filled(
    "compatible-with-hosts",
    "A definition in bridge mode is not compatible with FARGATE",
    ecsApi("TaskDefinition"),
    {},
    { compatibilities: expect.not.arrayContaining(["FARGATE"]) },
  ),
  filled(
    "size-normalised",
    "A size in vCPU and GB comes back in CPU units and MiB",
    ecsApi("RegisterTaskDefinition"),
    { ...fargateSize, cpu: ".25 vCPU", memory: "0.5 GB" },
    { cpu: "256", memory: "512" },
  ),
  filled(
    "fargate-largest",
    "Fargate runs 16 vCPUs with 120 GiB",
    ecsGuide("fargate-tasks-services"),
    { ...fargateSize, cpu: "16384", memory: "122880" },
    { cpu: "16384", memory: "122880" },
  ),
];
