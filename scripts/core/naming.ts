/**
 * Names that the stacks give to resources and that `./deploy` looks for.
 */
import { createHash } from "node:crypto";

const HASH_LENGTH = 7;

/**
 * Joins `parts` with hyphens and keeps the result within `limit` characters. A name that does not fit is cut and ends
 * in a hash of the whole, so that two long names with the same beginning stay apart.
 *
 * Load balancers and target groups take at most 32 characters, letters, digits and inner hyphens.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 */
export function boundedName(parts: readonly string[], limit: number): string {
  const name = parts.join("-");
  if (name.length <= limit) {
    return name;
  }
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_LENGTH);
  return `${name.slice(0, limit - HASH_LENGTH - 1).replace(/-+$/, "")}-${hash}`;
}

/** The load balancer of an environment: at most 32 characters. */
export function loadBalancerName(environment: string, variant: "external" | "internal"): string {
  return boundedName([environment, variant], 32);
}

/** The ECS cluster of an environment carries its name. */
export function clusterName(environment: string): string {
  return environment;
}

/** The log group of an environment's containers. */
export function logGroupName(environment: string): string {
  return `/ecs/${environment}`;
}

/** The log group of sessions in containers: not below {@link logGroupName}, which every deployer may read. */
export function execLogGroupName(environment: string): string {
  return `/ecs-exec/${environment}`;
}

/** The alias of the KMS key that an environment has of its own. */
export function encryptionKeyAlias(environment: string): string {
  return `alias/slipway-${environment}`;
}

/** The SNS topic that is told what goes wrong in an environment. */
export function eventTopicName(environment: string): string {
  return `${environment}-ecs-events`;
}

/**
 * The path of every role that this project makes but the hosts'. No role below it may be powerful; tasks may have those
 * that stand right below it and are named `<environment>_…`.
 */
export const rolePath = "/ecs/";

/** The path of the roles by which CodeDeploy and ECS move traffic. No pattern of roles for tasks reaches below it. */
export const trafficRolePath = "/ecs/traffic/";

/** The path of the roles that pipelines assume. Nobody may pass one. */
export const pipelineRolePath = "/ecs/pipelines/";

/** The path of the roles of the hosts, apart from {@link rolePath} so that no deployer can pass them. */
export const hostRolePath = "/ecs-hosts/";

/** The names of an environment's roles, without their path. */
export function roleNames(environment: string): {
  readonly loadBalancer: string;
  readonly defaultTask: string;
  readonly execution: string;
  readonly host: string;
  readonly codeDeploy: string;
  readonly infrastructure: string;
} {
  return {
    loadBalancer: `${environment}_ecs_lb_role`,
    defaultTask: `${environment}_default_task`,
    execution: `${environment}_task_execution`,
    host: `${environment}_ecs_host`,
    codeDeploy: `${environment}_codedeploy`,
    infrastructure: `${environment}_ecs_infrastructure`,
  };
}

/** The policy below {@link rolePath} that bounds the task roles which deployments make. */
export function taskBoundaryName(environment: string): string {
  return `${environment}_task_boundary`;
}

/** The path of the roles that ECR assumes, apart from {@link rolePath} so that no deployer can pass them. */
export const registryRolePath = "/ecs-registry/";

/** The role below {@link registryRolePath} with which ECR makes the repositories of cached images. */
export function registryRoleName(environment: string): string {
  return `${environment}_ecr_cache`;
}

/** The policy below {@link rolePath} that lets its holder take the pins of images away. */
export function registryKeeperPolicyName(environment: string): string {
  return `${environment}_registry_keeper`;
}

/** The policy below {@link rolePath} that bounds every role of an environment that the stacks make there. */
export function roleBoundaryName(environment: string): string {
  return `${environment}_role_boundary`;
}

/** The policy below {@link rolePath} that bounds the deployer and every pipeline. */
export const deployerBoundaryName = "ecs_deployer_boundary";

/** The role that a pipeline assumes, below {@link pipelineRolePath}. */
export function pipelineRoleName(pipeline: string): string {
  return `${pipeline}_pipeline`;
}

/** The CodeDeploy application of an environment carries its name. */
export function codeDeployApplicationName(environment: string): string {
  return environment;
}

/** The user that deploys, one an account, under {@link rolePath}. */
export const deployerUserName = "ecs_deployer";

/** The name of a capacity provider. The underscore is in neither part, so no two pairs share a name. */
export function capacityProviderName(environment: string, instanceGroup: string): string {
  return `${environment}_${instanceGroup}`;
}

/** The folder in Parameter Store that holds an environment's stack outputs. */
export function stackOutputFolder(environment: string): string {
  return `/slipway/${environment}/`;
}
