/**
 * Makes the inputs of CreateService and UpdateService from one service template.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
import { fieldNames } from "../aws-model/model.ts";
import { DeferredText, fieldsOf, type Filled, type FilledObject } from "../aws-model/values.ts";

/** The placeholder that stands for the revision that the run registers, or finds unchanged. */
export const taskDefinitionArn = "TASKDEFINITION_ARN";

/**
 * The input of CreateService: the service under `serviceName`, without the fields that only an update has.
 *
 * A template may leave out `taskDefinition`, which then is the revision just registered, and `desiredCount`, which
 * leaves the count to auto scaling: the service starts with one task.
 *
 * @param service - a filled and checked service template
 */
export function createServiceInput(service: FilledObject): FilledObject {
  const { service: name, ...rest } = service;
  const named = only("CreateService", name === undefined ? rest : { serviceName: name, ...rest });
  const daemon = named["schedulingStrategy"] === "DAEMON";
  return { ...(daemon ? {} : { desiredCount: 1 }), ...revision(named), ...named };
}

/**
 * The input of UpdateService: the service under `service`, without the fields that are fixed once it exists
 * (`launchType`, `role`, `schedulingStrategy`, `clientToken`, `tags`).
 *
 * It leaves out `deploymentController` too, which UpdateService takes to migrate a service to another controller: a
 * template that says how its service was made asks for no migration. And it leaves out what AWS lets nobody change in
 * a service that was created with a role of its own (`loadBalancers`, `serviceRegistries`). A `service-update.json`
 * is sent as it is.
 *
 * @param service - a filled and checked service template
 */
export function updateServiceInput(service: FilledObject): FilledObject {
  const { serviceName: name, ...rest } = service;
  const named = only("UpdateService", name === undefined ? rest : { service: name, ...rest });
  const fixed = [
    "deploymentController",
    ...(Object.hasOwn(service, "role") ? ["loadBalancers", "serviceRegistries"] : []),
  ];
  return { ...revision(named), ...without(named, fixed) };
}

function only(shape: "CreateService" | "UpdateService", document: FilledObject): FilledObject {
  const known = new Set(fieldNames(shape));
  return Object.fromEntries(Object.entries(document).filter(([name]) => known.has(name)));
}

function without(document: FilledObject, names: readonly string[]): FilledObject {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));
}

/** With an EXTERNAL controller the revision belongs to the task sets, not to the service. */
function revision(input: FilledObject): Readonly<Record<string, Filled>> {
  const external = fieldsOf(input["deploymentController"])["type"] === "EXTERNAL";
  return external ? {} : { taskDefinition: new DeferredText([{ deferred: taskDefinitionArn }]) };
}
