/** What a permission is narrowed to. */
export type PermissionScope =
  /** The action takes no resource, so `*` is all that IAM accepts. */
  | "any"
  /** The environment's cluster itself. */
  | "cluster"
  /** Services of the environment's cluster. */
  | "service"
  /** Services of the environment's cluster, and ECS's records of their deployments and revisions. */
  | "serviceDeployment"
  /** Tasks and container instances of the environment's cluster. */
  | "task"
  /** The action takes no resource, and is held to the environment's cluster all the same. */
  | "anyInCluster"
  /** Task definitions, to be run in the environment's cluster. */
  | "taskDefinitionInCluster"
  /** Log group `/ecs/<env>` and those below it. */
  | "taskLogs"
  /** The environment's own key, with which its sessions are encrypted; nothing where there is none. */
  | "sessionKey"
  /** Task definitions of the account and region. */
  | "taskDefinition"
  /** Services, task definitions and tasks of the environment, in the call that makes them. */
  | "tagsAtCreation"
  /** Tags named `slipway:…` of the environment's services. */
  | "trailTags"
  /** Parameters below `/slipway/<env>/`. */
  | "stackOutputs"
  /** Parameters below `/slipway/<env>/locks/`. */
  | "locks"
  /** Desired counts of ECS services in the hands of Application Auto Scaling. */
  | "scalableTargets"
  /** Alarms that Application Auto Scaling makes for services of the environment's cluster. */
  | "scalingAlarms"
  /** AWS's own role by which services of ECS are scaled, to be made once in an account. */
  | "scalingRole"
  /** Roles `/ecs/<env>_…` and those that the environment names, passed to `ecs-tasks.amazonaws.com` only. */
  | "taskRoles"
  /** The environment's load balancer role, passed to `ecs.amazonaws.com` only. */
  | "loadBalancerRole"
  /** Capacity providers of the account and region. */
  | "capacityProvider"
  /** Repositories of ECR, in any account that lets us in. */
  | "image"
  /** The repositories of the environment's registry. */
  | "registry"
  /** The same, for whoever may delete images in them; in no deployer's policy. */
  | "registryKeeper"
  /** What Secrets Manager tells of secrets without their values. */
  | "secret"
  /** Roles below `/ecs/`, and those of the environment that may not be there, to be looked at. */
  | "rolesLookedAt"
  /** Target groups, rules and listeners, in the call that makes and tags them as the environment's. */
  | "newTrafficResources"
  /** Target groups, rules and listeners that carry the environment's tag. */
  | "trafficResources"
  /** Route 53 records of the environment's zone. */
  | "records"
  /** Roles `/ecs/<env>_…` that are held by the environment's permissions boundary. */
  | "applicationRoles"
  /** The environment's CodeDeploy application, its groups and the account's configurations. */
  | "codeDeploy"
  /** The environment's CodeDeploy role, passed to `codedeploy.amazonaws.com` only. */
  | "codeDeployRole"
  /** The role with which ECS moves traffic, passed to `ecs.amazonaws.com` only. */
  | "infrastructureRole";

/** IAM actions and what they are narrowed to. */
export interface Permission {
  readonly actions: readonly string[];
  readonly scope: PermissionScope;
}
