import type { Permission } from "./permission.ts";

/** What IAM has to allow for deployments by CodeDeploy. */
export const codeDeployWork = {
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
} as const satisfies Record<string, readonly Permission[]>;
