import type { Permission } from "./permission.ts";

const observe = {
  actions: [
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "application-autoscaling:DescribeScheduledActions",
  ],
  scope: "any",
} as const;

/**
 * What IAM has to allow for scaling services as their templates say. The first target of an account makes AWS's own role
 * for it, and AWS refuses a policy of whoever may not make its alarms.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html
 */
export const scalingWork = {
  observeAutoscaling: [observe, { actions: ["elasticloadbalancing:DescribeTargetGroups"], scope: "any" }],
  setAutoscaling: [
    observe,
    {
      actions: [
        "application-autoscaling:RegisterScalableTarget",
        "application-autoscaling:PutScalingPolicy",
        "application-autoscaling:DeleteScalingPolicy",
        "application-autoscaling:PutScheduledAction",
        "application-autoscaling:DeleteScheduledAction",
      ],
      scope: "scalableTargets",
    },
    { actions: ["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"], scope: "scalingAlarms" },
    { actions: ["cloudwatch:DescribeAlarms"], scope: "any" },
    { actions: ["iam:CreateServiceLinkedRole"], scope: "scalingRole" },
  ],
  removeAutoscaling: [
    observe,
    { actions: ["application-autoscaling:DeregisterScalableTarget"], scope: "scalableTargets" },
    { actions: ["cloudwatch:DeleteAlarms"], scope: "scalingAlarms" },
  ],
} as const satisfies Record<string, readonly Permission[]>;
