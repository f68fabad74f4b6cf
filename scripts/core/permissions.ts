/**
 * What each kind of work that `./deploy` does needs in IAM.
 *
 * The deployer's policy (stacks/users.ts) is made from this table, and the plan's steps name their entry in it, so
 * the two cannot drift apart.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */

/**
 * What a permission is narrowed to:
 * - `any`: the action takes no resource, so `*` is all that IAM accepts
 * - `service`: services of the environment's cluster
 * - `task`: tasks and container instances of the environment's cluster
 * - `taskDefinition`: task definitions of the account and region
 * - `tagsAtCreation`: services and task definitions of the environment, in the call that makes them
 * - `stackOutputs`: parameters below `/slipway/<env>/`
 * - `taskRoles`: roles below `/ecs/`, passed to `ecs-tasks.amazonaws.com` only
 * - `loadBalancerRole`: the environment's load balancer role, passed to `ecs.amazonaws.com` only
 */
export type PermissionScope =
  | "any"
  | "service"
  | "task"
  | "taskDefinition"
  | "tagsAtCreation"
  | "stackOutputs"
  | "taskRoles"
  | "loadBalancerRole";

/** IAM actions and what they are narrowed to. */
export interface Permission {
  readonly actions: readonly string[];
  readonly scope: PermissionScope;
}

/** Every kind of work, by name. */
export const permissions = {
  readStackOutputs: [{ actions: ["ssm:GetParameters"], scope: "stackOutputs" }],
  observeService: [
    { actions: ["ecs:DescribeServices"], scope: "service" },
    { actions: ["ecs:DescribeTaskDefinition"], scope: "any" },
  ],
  registerTaskDefinition: [
    { actions: ["ecs:RegisterTaskDefinition"], scope: "taskDefinition" },
    { actions: ["ecs:TagResource"], scope: "tagsAtCreation" },
    { actions: ["iam:PassRole"], scope: "taskRoles" },
  ],
  createService: [
    { actions: ["ecs:CreateService"], scope: "service" },
    { actions: ["ecs:TagResource"], scope: "tagsAtCreation" },
    { actions: ["iam:PassRole"], scope: "loadBalancerRole" },
  ],
  updateService: [{ actions: ["ecs:UpdateService"], scope: "service" }],
  watchDeployment: [
    { actions: ["ecs:DescribeServices"], scope: "service" },
    { actions: ["ecs:ListTasks", "ecs:DescribeTasks"], scope: "task" },
    { actions: ["elasticloadbalancing:DescribeTargetHealth"], scope: "any" },
  ],
} as const satisfies Record<string, readonly Permission[]>;

/** A kind of work that has an entry in the table. */
export type Work = keyof typeof permissions;
