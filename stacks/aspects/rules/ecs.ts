import {
  asAttributes,
  block,
  blocks,
  found,
  isExpression,
  isMissing,
  isTrue,
  parseJson,
} from "../attributes.ts";
import type { Attributes } from "../attributes.ts";
import type { Inventory, Resource } from "../inventory.ts";
import type { RuleBody } from "../rule.ts";

const taskDefinition = ["aws_ecs_task_definition"];

const insights: RuleBody = {
  why: "Without them there is no figure of what tasks used when something went wrong.",
  types: ["aws_ecs_cluster"],
  mend: 'Set cluster.containerInsights to "enabled" or "enhanced".',
  check({ attributes }) {
    const setting = blocks(attributes, "setting").find(({ name }) => name === "containerInsights");
    const value = setting?.["value"];
    return value === "enabled" || value === "enhanced" ? [] : [found("setting containerInsights", value)];
  },
};

const separateRoles: RuleBody = {
  why: "The execution role reads every secret of the environment; code in a container must not have it.",
  types: taskDefinition,
  beyond: "A role that is written in two ways is known to be one.",
  mend: "Give taskRoleArn a role of its own.",
  check(resource, all) {
    const { task_role_arn: task, execution_role_arn: execution } = resource.attributes;
    if (isMissing(task) || isMissing(execution)) return [];
    return roleName(resource, task, all) === roleName(resource, execution, all)
      ? [`task_role_arn and execution_role_arn are both ${String(task)}`]
      : [];
  },
};

/** A role's name, however it is written: its ARN, its name alone, or a reference to where it is made. */
function roleName(from: Resource, value: unknown, all: Inventory): string {
  const role = all.reference(from, value)?.resource;
  const { name } = role?.attributes ?? {};
  const text = typeof name === "string" && !isExpression(name) ? name : String(role?.path ?? value);
  return role === undefined && !isExpression(text) ? text.slice(text.lastIndexOf("/") + 1) : text;
}

/** Looks at every container of a task definition. */
function checkContainers(
  { attributes }: Resource,
  check: (container: Attributes) => readonly string[],
): readonly string[] {
  const written = attributes["container_definitions"];
  const containers = typeof written === "string" ? parseJson(written) : undefined;
  return Array.isArray(containers)
    ? containers.map(asAttributes).flatMap((container) => {
        const { name } = container;
        return check(container).map((what) => `container ${String(name)}: ${what}`);
      })
    : [`container_definitions cannot be read before Terraform runs; write it with JSON.stringify`];
}

const unprivileged: RuleBody = {
  why: "A privileged container is root on its host, and so on every task there.",
  types: taskDefinition,
  mend: "Take privileged out of the container; linuxParameters.capabilities gives single rights.",
  check: (resource) =>
    checkContainers(resource, ({ privileged }) =>
      isMissing(privileged) || privileged === false ? [] : [found("privileged", privileged)],
    ),
};

const readOnlyRoot: RuleBody = {
  why: "Whoever gets into a container can leave no program behind.",
  types: taskDefinition,
  mend: "Set readonlyRootFilesystem to true, and mount a volume where the container writes.",
  check: (resource) =>
    checkContainers(resource, ({ readonlyRootFilesystem }) =>
      isTrue(readonlyRootFilesystem) ? [] : [found("readonlyRootFilesystem", readonlyRootFilesystem)],
    ),
};

const privateAddresses: RuleBody = {
  why: "A task with a public address can be reached past the load balancer.",
  types: ["aws_ecs_service", "aws_ecs_task_set"],
  beyond: "Task sets are looked at as well.",
  mend: "Set networkConfiguration.assignPublicIp to false, in the private subnets.",
  check({ attributes }) {
    const { assign_public_ip: isPublic } = block(attributes, "network_configuration");
    return isMissing(isPublic) || isPublic === false || isPublic === "false"
      ? []
      : [found("network_configuration.assign_public_ip", isPublic)];
  },
};

/** Rules for clusters, tasks and services. */
export const ecsRules = {
  CKV_AWS_65: insights,
  CKV_AWS_249: separateRoles,
  CKV_AWS_334: unprivileged,
  CKV_AWS_336: readOnlyRoot,
  CKV_AWS_333: privateAddresses,
};
