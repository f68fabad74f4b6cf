import type { Permission } from "./permission.ts";
import { scalingWork } from "./scaling.ts";

/** What IAM has to allow for a service per deployment: its traffic, its role, its record and its scaling. */
export const stagedWork = {
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
    ...scalingWork.setAutoscaling,
    { actions: ["application-autoscaling:DeregisterScalableTarget"], scope: "scalableTargets" },
  ],
  watchTraffic: [
    { actions: ["cloudwatch:DescribeAlarms", "elasticloadbalancing:DescribeTargetHealth"], scope: "any" },
    { actions: ["ecs:DescribeServices"], scope: "service" },
  ],
  removeScaling: [
    { actions: ["application-autoscaling:DeregisterScalableTarget"], scope: "scalableTargets" },
    { actions: ["cloudwatch:DeleteAlarms"], scope: "scalingAlarms" },
  ],
} as const satisfies Record<string, readonly Permission[]>;
