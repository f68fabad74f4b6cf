import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import type { ECSClient } from "@aws-sdk/client-ecs";
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type ContainerDefinition,
  type DeploymentConfiguration,
  type RegisterTaskDefinitionCommandInput,
  type Service,
} from "@aws-sdk/client-ecs";

/** A service of a test's own: small, on Fargate, without a load balancer. */
export interface OwnService {
  /** Of the service, its family and its template's folder. */
  readonly name: string;
  readonly subnets: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly deploymentConfiguration?: DeploymentConfiguration;
  readonly desiredCount?: number;
  /** What its template asks for. @default the image of the run */
  readonly image?: string;
  readonly otherContainers?: readonly ContainerDefinition[];
}

const cluster = "test";

/** The circuit breaker with rollback. */
export const breaker: DeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: true, rollback: true },
};

function definitionOf(
  { name, otherContainers = [] }: OwnService,
  image: string,
): RegisterTaskDefinitionCommandInput {
  return {
    family: name,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "256",
    memory: "512",
    containerDefinitions: [{ name: "app", image, essential: true }, ...otherContainers],
  };
}

function inputOf({ name, subnets, deploymentConfiguration, desiredCount = 1 }: OwnService) {
  return {
    serviceName: name,
    cluster,
    desiredCount,
    launchType: "FARGATE" as const,
    networkConfiguration: { awsvpcConfiguration: { subnets: [...subnets] } },
    ...(deploymentConfiguration === undefined ? {} : { deploymentConfiguration }),
  };
}

/** Writes the templates that ask for the service. */
export async function writeTemplates(templates: string, own: OwnService): Promise<void> {
  const folder = path.join(templates, own.name);
  await mkdir(folder, { recursive: true });
  const service = { ...inputOf(own), ...(own.dependsOn === undefined ? {} : { dependsOn: own.dependsOn }) };
  await writeFile(
    path.join(folder, "task-definition.json"),
    JSON.stringify(definitionOf(own, own.image ?? "@@VERSION@@")),
  );
  await writeFile(path.join(folder, "service.json"), JSON.stringify(service));
}

/** Brings the service up with one image after another, each steady before the next. */
export async function bringUp(ecs: ECSClient, own: OwnService, images: readonly string[]): Promise<void> {
  for (const [index, image] of images.entries()) {
    const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand(definitionOf(own, image)));
    const taskDefinitionArn = taskDefinition?.taskDefinitionArn;
    if (index === 0) {
      await ecs.send(new CreateServiceCommand({ ...inputOf(own), taskDefinition: taskDefinitionArn }));
    } else {
      await ecs.send(
        new UpdateServiceCommand({ cluster, service: own.name, taskDefinition: taskDefinitionArn }),
      );
    }
    await untilCompleted(ecs, own.name);
  }
}

/** Waits until the service has one deployment, completed. */
export async function untilCompleted(ecs: ECSClient, name: string): Promise<Service> {
  for (;;) {
    const service = await describeService(ecs, name);
    const [only, ...others] = service?.deployments ?? [];
    if (service !== undefined && only?.rolloutState === "COMPLETED" && others.length === 0) return service;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The service with its tags; undefined where ECS knows none of this name. */
export async function describeService(ecs: ECSClient, name: string): Promise<Service | undefined> {
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [name], include: ["TAGS"] }),
  );
  return services?.[0];
}

/** Deletes it with its tasks, so that many tests leave no crowd behind; waits for nothing. */
export async function takeDown(ecs: ECSClient, name: string): Promise<void> {
  await ecs.send(new DeleteServiceCommand({ cluster, service: name, force: true }));
}
