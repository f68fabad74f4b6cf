import type { CreateServiceRequest, RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";

import { InvalidInputError } from "../errors.ts";

/** What a deployment's service gets its requests by. */
interface Entrance {
  readonly containerName: string;
  readonly containerPort: number;
}

/** What the templates ask of a service whose every deployment is a service of its own. */
export interface Wish {
  readonly taskDefinition: RegisterTaskDefinitionRequest;
  /** As the template has it; its name, its target group and its count are the deployment's own. */
  readonly service: CreateServiceRequest;
  readonly entrance: Entrance;
  readonly targetType: "ip" | "instance";
}

/**
 * Reads from filled templates what a staged deployment needs.
 *
 * @param name the template's, for messages
 * @param family of the application's revisions, in place of the template's
 * @throws InvalidInputError for what can't be staged
 */
export function wishOf(
  name: string,
  family: string,
  taskDefinition: RegisterTaskDefinitionRequest,
  service: CreateServiceRequest,
): Wish {
  refuseOtherStrategies(name, service);
  refuseOtherWaysIn(name, service);
  return {
    taskDefinition: { ...taskDefinition, family },
    service,
    entrance: entranceOf(name, taskDefinition, service),
    targetType: taskDefinition.networkMode === "awsvpc" ? "ip" : "instance",
  };
}

function refuseOtherStrategies(
  name: string,
  { deploymentController, deploymentConfiguration }: CreateServiceRequest,
): void {
  const controller = deploymentController?.type ?? "ECS";
  const strategy = deploymentConfiguration?.strategy ?? "ROLLING";
  if (controller === "ECS" && strategy === "ROLLING") return;
  const what =
    controller === "ECS"
      ? `deploymentConfiguration.strategy is ${strategy}`
      : `deploymentController.type is ${controller}`;
  throw refused(
    name,
    `${what}, and environments.jsonc says that each deployment is a service of its own. Leave it out, or change blueGreen.by there`,
  );
}

/** What ECS registers tasks with by itself would get requests before the deployment is activated. */
function refuseOtherWaysIn(name: string, service: CreateServiceRequest): void {
  const { serviceRegistries = [], serviceConnectConfiguration, vpcLatticeConfigurations = [] } = service;
  const found = [
    ...(serviceRegistries.length > 0 ? ["serviceRegistries"] : []),
    ...((serviceConnectConfiguration?.services ?? []).length > 0
      ? ["serviceConnectConfiguration.services"]
      : []),
    ...(vpcLatticeConfigurations.length > 0 ? ["vpcLatticeConfigurations"] : []),
  ];
  if (found.length === 0) return;
  throw refused(
    name,
    `${found.join(" and ")} would send requests to a staged deployment before it is activated. Take ${found.length === 1 ? "it" : "them"} out; clients reach the service by its host`,
  );
}

function entranceOf(
  name: string,
  { containerDefinitions = [] }: RegisterTaskDefinitionRequest,
  { loadBalancers = [] }: CreateServiceRequest,
): Entrance {
  const [balancer, ...more] = loadBalancers;
  if (more.length > 0) {
    throw refused(name, `loadBalancers has ${loadBalancers.length} entries; a staged deployment takes one`);
  }
  if (balancer?.containerName !== undefined && balancer.containerPort !== undefined) {
    return { containerName: balancer.containerName, containerPort: balancer.containerPort };
  }
  const ports = containerDefinitions.flatMap(({ name: containerName = "", portMappings = [] }) =>
    portMappings.flatMap(({ containerPort }) =>
      containerPort === undefined ? [] : [{ containerName, containerPort }],
    ),
  );
  const [only, ...others] = ports;
  if (only !== undefined && others.length === 0) return only;
  throw refused(
    name,
    `loadBalancers does not say which container and port get the requests, and the task definition has ${ports.length === 0 ? "no port mapping" : `${ports.length} port mappings`}. Add "loadBalancers": [{ "containerName": "…", "containerPort": … }] to service.json`,
  );
}

function refused(name: string, what: string): InvalidInputError {
  return new InvalidInputError(`${name} can't be staged: ${what}. Nothing was changed.`);
}
