import type { Permission } from "./permission.ts";

/** What IAM has to allow for the checks before a rollout, and those of `./deploy verify`. */
export const checkWork = {
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
