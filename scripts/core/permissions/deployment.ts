import { codeDeployWork } from "./code-deploy.ts";
import type { Permission } from "./permission.ts";

/** What IAM has to allow for rolling services out with ECS's own deployments, and taking them away. */
export const deployWork = {
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
    {
      actions: [
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      scope: "any",
    },
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
  deleteService: [
    { actions: ["ecs:DeleteService"], scope: "service" },
    { actions: ["application-autoscaling:DescribeScalableTargets"], scope: "any" },
    { actions: ["application-autoscaling:DeregisterScalableTarget"], scope: "scalableTargets" },
  ],
  pruneRevisions: [
    { actions: ["ecs:ListTaskDefinitions", "ecs:DeregisterTaskDefinition"], scope: "any" },
    { actions: ["ecs:ListServices"], scope: "anyInCluster" },
    {
      actions: ["ecs:ListServiceDeployments", "ecs:DescribeServiceRevisions"],
      scope: "serviceDeployment",
    },
    ...codeDeployWork.findDeploymentGroup,
  ],
} as const satisfies Record<string, readonly Permission[]>;
