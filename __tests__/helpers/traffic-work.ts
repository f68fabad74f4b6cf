import type { Permission } from "../../scripts/core/permissions.ts";

/** Kinds of work that deployments do which move traffic, with everything that any of them calls. */
export const trafficWork: Readonly<Record<string, readonly Permission[]>> = {
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
  ],
  changeTraffic: [
    {
      actions: [
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:DeleteRule",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:ModifyRule",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:RemoveTags",
      ],
      scope: "trafficResources",
    },
  ],
  changeRecords: [
    { actions: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"], scope: "records" },
  ],
  deployByCodeDeploy: [
    {
      actions: [
        "codedeploy:BatchGetDeploymentGroups",
        "codedeploy:BatchGetDeployments",
        "codedeploy:BatchGetDeploymentTargets",
        "codedeploy:ContinueDeployment",
        "codedeploy:CreateDeployment",
        "codedeploy:CreateDeploymentGroup",
        "codedeploy:DeleteDeploymentGroup",
        "codedeploy:GetApplicationRevision",
        "codedeploy:GetDeploymentConfig",
        "codedeploy:GetDeploymentGroup",
        "codedeploy:ListDeploymentGroups",
        "codedeploy:ListDeployments",
        "codedeploy:ListDeploymentTargets",
        "codedeploy:RegisterApplicationRevision",
        "codedeploy:StopDeployment",
        "codedeploy:UpdateDeploymentGroup",
      ],
      scope: "codeDeploy",
    },
    { actions: ["iam:PassRole"], scope: "codeDeployRole" },
  ],
  createNativeService: [{ actions: ["iam:PassRole"], scope: "infrastructureRole" }],
};
