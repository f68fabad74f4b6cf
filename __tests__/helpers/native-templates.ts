import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import type { AwsVpcConfiguration, DeploymentConfiguration, LoadBalancer } from "@aws-sdk/client-ecs";

import { fargateDefinition } from "./fargate-definition.ts";

/** A service whose traffic ECS shifts, with all that it stands on. */
export interface NativeSite {
  readonly name: string;
  readonly templates: string;
  readonly loadBalancer: LoadBalancer;
}

/** What a test asks of the service's template. */
export interface NativeTemplate {
  readonly deploymentConfiguration: DeploymentConfiguration;
  /** @default with every member of advancedConfiguration */
  readonly loadBalancers?: readonly LoadBalancer[];
  readonly desiredCount?: number;
  readonly dependsOn?: readonly string[];
  /** @default the image of the run */
  readonly image?: string;
}

/** Writes the templates of a service, over those that are there. */
export async function writeNativeTemplates(
  site: NativeSite,
  template: NativeTemplate,
  awsvpcConfiguration: AwsVpcConfiguration,
): Promise<void> {
  const { name, templates, loadBalancer } = site;
  const { deploymentConfiguration, desiredCount = 2, loadBalancers = [loadBalancer], dependsOn } = template;
  const { image = "@@VERSION@@" } = template;
  const folder = path.join(templates, name);
  await mkdir(folder, { recursive: true });
  const definition = fargateDefinition(name, "web", image);
  const service = {
    serviceName: name,
    cluster: "test",
    desiredCount,
    launchType: "FARGATE",
    networkConfiguration: { awsvpcConfiguration },
    deploymentConfiguration,
    loadBalancers,
    ...(dependsOn === undefined ? {} : { dependsOn }),
  };
  await writeFile(path.join(folder, "task-definition.json"), JSON.stringify(definition, undefined, 2));
  await writeFile(path.join(folder, "service.json"), JSON.stringify(service, undefined, 2));
}
