/** Makes the templates of a service that runs. */
import type { Service } from "@aws-sdk/client-ecs";

import { fieldNames, readOnlyFields, structureOf } from "../aws-model/model.ts";
import { observedMember } from "../deployment/service-changes.ts";
import type { RegisteredRevision } from "../deployment/task-definition.ts";
import { ownTags } from "../diff/definition-form.ts";
import { taskDefinitionArn } from "../template/service-inputs.ts";
import type { DeployedImage } from "./deployed-image.ts";
import { PlaceholderText } from "./template-text.ts";
import { withoutEmptyLists } from "./without-empty-lists.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * The template of a revision: every field that RegisterTaskDefinition takes, and none of those that AWS alone sets.
 *
 * @param deployed the image that becomes a placeholder
 */
export function taskDefinitionTemplate(
  { taskDefinition, tags }: RegisteredRevision,
  deployed: DeployedImage | undefined,
): Members {
  const readOnly = new Set(readOnlyFields("TaskDefinition"));
  const all: Members = { ...taskDefinition, tags: ownTags(tags) };
  const names = [...new Set([...fieldNames("TaskDefinition"), ...Object.keys(all)])];
  const own = names.filter((name) => !readOnly.has(name)).map((name) => [name, all[name]] as const);
  const template = withoutEmptyLists(Object.fromEntries(own), structureOf("TaskDefinition"));
  const containers = template["containerDefinitions"] as readonly Members[] | undefined;
  return {
    ...template,
    containerDefinitions: containers?.map((container) =>
      container["image"] === deployed?.image
        ? { ...container, image: new PlaceholderText("CONTAINER_VERSION") }
        : container,
    ),
  };
}

/** What is decided here and not copied. */
const decided = new Set([
  "serviceName",
  "service",
  "cluster",
  "taskDefinition",
  "desiredCount",
  "clientToken",
  "forceNewDeployment",
  "role",
  "tags",
]);

/**
 * The one service template that both inputs are made from.
 *
 * @param service with the members that its service revision tells of
 * @param cluster the cluster's name, where a run would not come to it by itself
 * @param countIsAutoscaled whether the desired count is Application Auto Scaling's
 */
export function serviceTemplate(
  service: Service,
  { cluster, countIsAutoscaled }: { readonly cluster?: string; readonly countIsAutoscaled: boolean },
): Members {
  const strategy = service.capacityProviderStrategy ?? [];
  const counted = !countIsAutoscaled && service.schedulingStrategy !== "DAEMON";
  const copied = [...fieldNames("Service")]
    .filter((name) => !decided.has(name))
    // The names are the fields of both inputs, and all that CreateService alone takes is the service's own.
    .map((name) => [name, observedMember(service, name as Parameters<typeof observedMember>[1])] as const)
    .filter(([name, value]) => !isOmitted(name, value, strategy.length > 0));
  const template = {
    cluster,
    serviceName: service.serviceName,
    taskDefinition: new PlaceholderText(taskDefinitionArn),
    desiredCount: counted ? service.desiredCount : undefined,
    ...Object.fromEntries(copied),
    role: ownRole(service),
    tags: ownTags(service.tags),
  };
  return withoutEmptyLists(template, structureOf("Service"));
}

/** AWS takes no launch type beside capacity providers, and no grace period where nothing checks the health. */
function isOmitted(name: string, value: unknown, hasStrategy: boolean): boolean {
  return (name === "launchType" && hasStrategy) || (name === "healthCheckGracePeriodSeconds" && value === 0);
}

/** The role that the service was created with; its service-linked role is ECS's own. */
function ownRole({ roleArn, loadBalancers = [], networkConfiguration }: Service): string | undefined {
  if (roleArn === undefined || roleArn.includes("/aws-service-role/")) return undefined;
  return loadBalancers.length > 0 && networkConfiguration === undefined ? roleArn : undefined;
}
