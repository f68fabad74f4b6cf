import type { Service } from "@aws-sdk/client-ecs";

import type { Environment } from "../core/environments.ts";
import type { ServiceAddress } from "./addresses.ts";

/** What the environments file says of a service whose deployments do not roll. */
export type BlueGreenSettings = NonNullable<Environment["services"][string]["blueGreen"]>;

/** What it says of one whose every deployment is a service of its own. */
export type StageSettings = Extract<BlueGreenSettings, { by: "stage" }>;

/** What the environments file says of how the service gets its traffic; by the template's name, else its own. */
export function blueGreenSettings(
  { services }: Environment,
  { name, serviceName }: Pick<ServiceAddress, "name" | "serviceName">,
): BlueGreenSettings | undefined {
  return (services[name] ?? services[serviceName])?.blueGreen;
}

/** Whether each deployment of the service is a service of its own. */
export function stageSettings(
  environment: Environment,
  address: Pick<ServiceAddress, "name" | "serviceName">,
): StageSettings | undefined {
  const settings = blueGreenSettings(environment, address);
  return settings?.by === "stage" ? settings : undefined;
}

/** Who deploys a service that exists: ECS by itself, rolling or with a shift of traffic, or CodeDeploy. */
export function deployerOf(service: Service): "rolling" | "ecs" | "codeDeploy" | "external" {
  switch (service.deploymentController?.type ?? "ECS") {
    case "CODE_DEPLOY":
      return "codeDeploy";
    case "ECS":
      return (service.deploymentConfiguration?.strategy ?? "ROLLING") === "ROLLING" ? "rolling" : "ecs";
    case "EXTERNAL":
      return "external";
  }
}
