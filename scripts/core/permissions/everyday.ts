import { codeDeployWork } from "./code-deploy.ts";
import type { Permission } from "./permission.ts";

/** What IAM has to allow for looking at services and working in their tasks. */
export const everydayWork = {
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
    ...codeDeployWork.findDeploymentGroup,
    {
      actions: ["codedeploy:ListDeploymentTargets", "codedeploy:BatchGetDeploymentTargets"],
      scope: "codeDeploy",
    },
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
} as const satisfies Record<string, readonly Permission[]>;
