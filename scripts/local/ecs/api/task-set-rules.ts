/**
 * What the deployment controllers CODE_DEPLOY and EXTERNAL leave to the service operations, in AWS's words where they
 * are known.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
import type { CreateServiceCommandInput, UpdateServiceCommandInput } from "@aws-sdk/client-ecs";

import type { ServiceRecord } from "../state.ts";
import { invalidParameter } from "./errors.ts";

/** The parameters that belong to a task set where there are task sets, with what AWS calls them in its refusals. */
const ofTaskSets = {
  taskDefinition: "task definition",
  loadBalancers: "load balancers",
  networkConfiguration: "network parameters",
  platformVersion: "platform version",
  capacityProviderStrategy: "capacity provider strategy",
  serviceRegistries: "service registries",
} as const;

const parametersOfTaskSets = Object.keys(ofTaskSets) as (keyof typeof ofTaskSets)[];

/** Refuses to change, by UpdateService, what only a new task set may change. */
export function refuseUnderTaskSets(service: ServiceRecord, input: UpdateServiceCommandInput): void {
  const { type = "ECS" } = service.deploymentController;
  const instead =
    type === "CODE_DEPLOY"
      ? "Use AWS CodeDeploy to trigger a new deployment."
      : "Create a new task set with CreateTaskSet.";
  const refuse = (what: string) =>
    invalidParameter(`${what} on services with a ${type} deployment controller. ${instead}`);
  for (const name of parametersOfTaskSets) {
    if (input[name] !== undefined) throw refuse(`Unable to update ${ofTaskSets[name]}`);
  }
  if (input.forceNewDeployment === true) throw refuse("Cannot force a new deployment");
}

/** Refuses what a service with task sets cannot be created with. */
export function checkTaskSetService(input: CreateServiceCommandInput): void {
  const type = input.deploymentController?.type;
  if (type !== "CODE_DEPLOY" && type !== "EXTERNAL") return;
  if (input.schedulingStrategy === "DAEMON") {
    throw invalidParameter(
      `The DAEMON scheduling strategy is not supported with the ${type} deployment controller.`,
    );
  }
  if (type === "CODE_DEPLOY" && (input.loadBalancers ?? []).length === 0) {
    throw invalidParameter(
      "A load balancer is required for services with a CODE_DEPLOY deployment controller.",
    );
  }
  if (type === "CODE_DEPLOY") return;
  if (input.taskDefinition !== undefined) throw invalidParameter("TaskDefinition must be blank.");
  if ((input.loadBalancers ?? []).length > 0) {
    throw invalidParameter("LoadBalancers must be empty or null.");
  }
  const given = [...parametersOfTaskSets, "launchType" as const].find((name) => {
    const value = input[name];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
  if (given === undefined) return;
  throw invalidParameter(
    `${given} cannot be specified for a service with an EXTERNAL deployment controller. Specify it in its task sets.`,
  );
}
