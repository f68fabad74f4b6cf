import { codeDeployWork } from "./code-deploy.ts";
import type { Permission } from "./permission.ts";
import { scalingWork } from "./scaling.ts";
import { stagedWork } from "./staged.ts";

/** What IAM has to allow for looking at services and working in their tasks. */
export const everydayWork = {
  compareService: [
    { actions: ["ecs:DescribeServices"], scope: "service" },
    {
      actions: ["ecs:DescribeTaskDefinition"],
      scope: "any",
    },
    ...scalingWork.observeAutoscaling,
    { actions: ["ecs:DescribeServiceRevisions"], scope: "serviceDeployment" },
    ...stagedWork.observeStaged,
  ],
  listServices: [{ actions: ["ecs:ListServices"], scope: "anyInCluster" }],
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
    ...scalingWork.observeAutoscaling,
    { actions: ["ssm:GetParameters"], scope: "locks" },
    ...stagedWork.observeStaged,
    ...codeDeployWork.findDeploymentGroup,
    {
      actions: ["codedeploy:ListDeploymentTargets", "codedeploy:BatchGetDeploymentTargets"],
      scope: "codeDeploy",
    },
  ],
  readLogs: [
    ...stagedWork.observeStaged,
    { actions: ["ecs:ListTasks", "ecs:DescribeTasks"], scope: "task" },
    { actions: ["logs:FilterLogEvents"], scope: "taskLogs" },
  ],
  openSession: [
    ...stagedWork.observeStaged,
    { actions: ["ecs:ListTasks", "ecs:DescribeTasks", "ecs:ExecuteCommand"], scope: "task" },
    { actions: ["ecs:ExecuteCommand"], scope: "cluster" },
    { actions: ["kms:GenerateDataKey"], scope: "sessionKey" },
  ],
  runTask: [
    ...stagedWork.observeStaged,
    { actions: ["ecs:RunTask"], scope: "taskDefinitionInCluster" },
    { actions: ["ecs:DescribeTasks"], scope: "task" },
    { actions: ["ecs:TagResource"], scope: "tagsAtCreation" },
    { actions: ["iam:PassRole"], scope: "taskRoles" },
    { actions: ["logs:FilterLogEvents"], scope: "taskLogs" },
  ],
} as const satisfies Record<string, readonly Permission[]>;
