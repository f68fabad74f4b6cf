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
 * - `cluster`: the environment's cluster itself
 * - `service`: services of the environment's cluster
 * - `serviceDeployment`: the same, and ECS's records of their deployments and revisions
 * - `task`: tasks and container instances of the environment's cluster
 * - `anyInCluster`: the action takes no resource, and is held to the environment's cluster all the same
 * - `taskDefinitionInCluster`: task definitions, to be run in the environment's cluster
 * - `taskLogs`: log group `/ecs/<env>` and those below it
 * - `taskDefinition`: task definitions of the account and region
 * - `tagsAtCreation`: services, task definitions and tasks of the environment, in the call that makes them
 * - `trailTags`: tags named `slipway:…` of the environment's services
 * - `stackOutputs`: parameters below `/slipway/<env>/`
 * - `locks`: parameters below `/slipway/<env>/locks/`
 * - `scalableTargets`: desired counts of ECS services in the hands of Application Auto Scaling
 * - `taskRoles`: roles below `/ecs/`, passed to `ecs-tasks.amazonaws.com` only
 * - `loadBalancerRole`: the environment's load balancer role, passed to `ecs.amazonaws.com` only
 * - `capacityProvider`: capacity providers of the account and region
 * - `image`: repositories of ECR, in any account that lets us in
 * - `secret`: what Secrets Manager tells of secrets without their values
 * - `rolesLookedAt`: roles below `/ecs/`, to be looked at
 * - `newTrafficResources`: target groups, rules and listeners, in the call that makes and tags them as the environment's
 * - `trafficResources`: target groups, rules and listeners that carry the environment's tag
 * - `records`: Route 53 records of the environment's zone
 * - `applicationRoles`: roles `/ecs/<env>_…` that are held by the environment's permissions boundary
 * - `codeDeploy`: the environment's CodeDeploy application, its groups and the account's configurations
 * - `codeDeployRole`: the environment's CodeDeploy role, passed to `codedeploy.amazonaws.com` only
 * - `infrastructureRole`: the role with which ECS moves traffic, passed to `ecs.amazonaws.com` only
 */
export type PermissionScope =
  | "any"
  | "cluster"
  | "service"
  | "serviceDeployment"
  | "task"
  | "anyInCluster"
  | "taskDefinitionInCluster"
  | "taskLogs"
  | "taskDefinition"
  | "tagsAtCreation"
  | "trailTags"
  | "stackOutputs"
  | "locks"
  | "scalableTargets"
  | "taskRoles"
  | "loadBalancerRole"
  | "capacityProvider"
  | "image"
  | "secret"
  | "rolesLookedAt"
  | "newTrafficResources"
  | "trafficResources"
  | "records"
  | "applicationRoles"
  | "codeDeploy"
  | "codeDeployRole"
  | "infrastructureRole";

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
  holdLock: [{ actions: ["ssm:PutParameter", "ssm:GetParameters", "ssm:DeleteParameters"], scope: "locks" }],
  leaveTrail: [{ actions: ["ecs:TagResource"], scope: "trailTags" }],
  suspendAutoscaling: [
    { actions: ["application-autoscaling:DescribeScalableTargets"], scope: "any" },
    { actions: ["application-autoscaling:RegisterScalableTarget"], scope: "scalableTargets" },
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
    { actions: ["iam:PassRole"], scope: "infrastructureRole" },
  ],
  updateService: [
    { actions: ["ecs:UpdateService"], scope: "service" },
    { actions: ["iam:PassRole"], scope: "infrastructureRole" },
  ],
  continueDeployment: [{ actions: ["ecs:ContinueServiceDeployment"], scope: "serviceDeployment" }],
  stopDeployment: [{ actions: ["ecs:StopServiceDeployment"], scope: "serviceDeployment" }],
  listDeployments: [
    {
      actions: [
        "ecs:ListServiceDeployments",
        "ecs:DescribeServiceDeployments",
        "ecs:DescribeServiceRevisions",
      ],
      scope: "serviceDeployment",
    },
  ],
  watchDeployment: [
    { actions: ["ecs:DescribeServices"], scope: "service" },
    { actions: ["ecs:ListServiceDeployments", "ecs:DescribeServiceDeployments"], scope: "serviceDeployment" },
    { actions: ["ecs:ListTasks", "ecs:DescribeTasks"], scope: "task" },
    { actions: ["elasticloadbalancing:DescribeTargetHealth"], scope: "any" },
  ],
  explainFailure: [
    { actions: ["ecs:DescribeServices"], scope: "service" },
    { actions: ["ecs:DescribeTaskDefinition"], scope: "any" },
    { actions: ["ecs:ListTasks", "ecs:DescribeTasks", "ecs:DescribeContainerInstances"], scope: "task" },
    { actions: ["ecs:ListContainerInstances"], scope: "cluster" },
    { actions: ["ecs:ListServiceDeployments", "ecs:DescribeServiceDeployments"], scope: "serviceDeployment" },
    {
      actions: ["elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"],
      scope: "any",
    },
    { actions: ["logs:GetLogEvents"], scope: "taskLogs" },
  ],
  compareService: [
    { actions: ["ecs:DescribeServices"], scope: "service" },
    {
      actions: ["ecs:DescribeTaskDefinition", "application-autoscaling:DescribeScalableTargets"],
      scope: "any",
    },
    { actions: ["ecs:DescribeServiceRevisions"], scope: "serviceDeployment" },
  ],
  listServices: [{ actions: ["ecs:ListServices"], scope: "any" }],
  readStatus: [
    { actions: ["ecs:DescribeServices"], scope: "service" },
    { actions: ["ecs:ListServices"], scope: "anyInCluster" },
    { actions: ["ecs:DescribeTaskDefinition"], scope: "any" },
    { actions: ["ecs:ListTasks", "ecs:DescribeTasks", "ecs:DescribeContainerInstances"], scope: "task" },
    {
      actions: [
        "ecs:ListServiceDeployments",
        "ecs:DescribeServiceDeployments",
        "ecs:DescribeServiceRevisions",
      ],
      scope: "serviceDeployment",
    },
    { actions: ["elasticloadbalancing:DescribeTargetHealth"], scope: "any" },
    { actions: ["application-autoscaling:DescribeScalableTargets"], scope: "any" },
    { actions: ["ssm:GetParameters"], scope: "locks" },
  ],
  readLogs: [
    { actions: ["ecs:ListTasks", "ecs:DescribeTasks"], scope: "task" },
    { actions: ["logs:FilterLogEvents"], scope: "taskLogs" },
  ],
  openSession: [
    { actions: ["ecs:ListTasks", "ecs:DescribeTasks", "ecs:ExecuteCommand"], scope: "task" },
    { actions: ["ecs:ExecuteCommand"], scope: "cluster" },
  ],
  runTask: [
    { actions: ["ecs:RunTask"], scope: "taskDefinitionInCluster" },
    { actions: ["ecs:DescribeTasks"], scope: "task" },
    { actions: ["ecs:TagResource"], scope: "tagsAtCreation" },
    { actions: ["iam:PassRole"], scope: "taskRoles" },
    { actions: ["logs:FilterLogEvents"], scope: "taskLogs" },
  ],
  findDeploymentGroup: [
    { actions: ["codedeploy:ListApplications"], scope: "any" },
    {
      actions: [
        "codedeploy:ListDeploymentGroups",
        "codedeploy:BatchGetDeploymentGroups",
        "codedeploy:GetDeploymentGroup",
        "codedeploy:ListDeployments",
        "codedeploy:BatchGetDeployments",
        "codedeploy:GetApplicationRevision",
      ],
      scope: "codeDeploy",
    },
  ],
  deployByCodeDeploy: [
    {
      actions: [
        "codedeploy:CreateDeployment",
        "codedeploy:GetDeploymentConfig",
        "codedeploy:RegisterApplicationRevision",
      ],
      scope: "codeDeploy",
    },
  ],
  approveCodeDeployment: [{ actions: ["codedeploy:ContinueDeployment"], scope: "codeDeploy" }],
  stopCodeDeployment: [{ actions: ["codedeploy:StopDeployment"], scope: "codeDeploy" }],
  watchCodeDeployment: [
    {
      actions: [
        "codedeploy:BatchGetDeployments",
        "codedeploy:ListDeploymentTargets",
        "codedeploy:BatchGetDeploymentTargets",
      ],
      scope: "codeDeploy",
    },
    { actions: ["ecs:DescribeServices"], scope: "service" },
    { actions: ["ecs:ListTasks", "ecs:DescribeTasks"], scope: "task" },
  ],
  makeDeploymentGroup: [
    {
      actions: [
        "codedeploy:CreateDeploymentGroup",
        "codedeploy:UpdateDeploymentGroup",
        "codedeploy:DeleteDeploymentGroup",
      ],
      scope: "codeDeploy",
    },
    { actions: ["iam:PassRole"], scope: "codeDeployRole" },
  ],
  deleteService: [{ actions: ["ecs:DeleteService"], scope: "service" }],
  pruneRevisions: [
    { actions: ["ecs:ListTaskDefinitions", "ecs:DeregisterTaskDefinition"], scope: "any" },
    { actions: ["ecs:ListServices"], scope: "anyInCluster" },
    {
      actions: ["ecs:ListServiceDeployments", "ecs:DescribeServiceRevisions"],
      scope: "serviceDeployment",
    },
  ],
  preflight: [
    { actions: ["ecs:DescribeClusters", "ecs:ListContainerInstances"], scope: "cluster" },
    { actions: ["ecs:ListTasks", "ecs:DescribeTasks", "ecs:DescribeContainerInstances"], scope: "task" },
    { actions: ["ecs:DescribeCapacityProviders"], scope: "capacityProvider" },
    { actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], scope: "image" },
    { actions: ["secretsmanager:DescribeSecret"], scope: "secret" },
    {
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "elasticloadbalancing:DescribeTargetGroups",
        "ssm:DescribeParameters",
      ],
      scope: "any",
    },
  ],
  observeStaged: [
    {
      actions: [
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      scope: "any",
    },
    { actions: ["ecs:DescribeServices"], scope: "service" },
  ],
  createTaskRole: [
    { actions: ["iam:GetRole", "iam:GetRolePolicy"], scope: "rolesLookedAt" },
    { actions: ["iam:CreateRole", "iam:PutRolePolicy"], scope: "applicationRoles" },
  ],
  createTraffic: [
    {
      actions: [
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:CreateRule",
        "elasticloadbalancing:CreateTargetGroup",
      ],
      scope: "newTrafficResources",
    },
    { actions: ["elasticloadbalancing:ModifyTargetGroupAttributes"], scope: "trafficResources" },
  ],
  tagTraffic: [
    {
      actions: ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
      scope: "trafficResources",
    },
  ],
  moveTraffic: [{ actions: ["elasticloadbalancing:ModifyRule"], scope: "trafficResources" }],
  deleteTraffic: [
    {
      actions: ["elasticloadbalancing:DeleteRule", "elasticloadbalancing:DeleteTargetGroup"],
      scope: "trafficResources",
    },
  ],
  changeRecords: [
    { actions: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"], scope: "records" },
  ],
  deregisterRevision: [{ actions: ["ecs:DeregisterTaskDefinition"], scope: "any" }],
  moveScaling: [
    {
      actions: [
        "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:DescribeScalingPolicies",
        "application-autoscaling:DescribeScheduledActions",
      ],
      scope: "any",
    },
    {
      actions: [
        "application-autoscaling:RegisterScalableTarget",
        "application-autoscaling:PutScalingPolicy",
        "application-autoscaling:PutScheduledAction",
        "application-autoscaling:DeregisterScalableTarget",
      ],
      scope: "scalableTargets",
    },
  ],
  watchTraffic: [
    { actions: ["cloudwatch:DescribeAlarms", "elasticloadbalancing:DescribeTargetHealth"], scope: "any" },
    { actions: ["ecs:DescribeServices"], scope: "service" },
  ],
  removeScaling: [
    { actions: ["application-autoscaling:DeregisterScalableTarget"], scope: "scalableTargets" },
  ],
  verify: [
    { actions: ["secretsmanager:GetResourcePolicy"], scope: "secret" },
    { actions: ["iam:GetRole", "iam:SimulatePrincipalPolicy"], scope: "rolesLookedAt" },
    {
      actions: [
        "cloudwatch:DescribeAlarms",
        "ec2:DescribeInstances",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "elasticloadbalancing:DescribeLoadBalancers",
        "logs:DescribeLogGroups",
      ],
      scope: "any",
    },
  ],
} as const satisfies Record<string, readonly Permission[]>;

/** A kind of work that has an entry in the table. */
export type Work = keyof typeof permissions;
