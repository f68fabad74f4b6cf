/**
 * What those may do who move an environment's traffic: CodeDeploy, and ECS itself. Both policies are AWS's own for the
 * purpose, held to the environment's resources.
 */
import type { Environment } from "../../scripts/core/environments.ts";
import { clusterName, logGroupName } from "../../scripts/core/naming.ts";
import { arnIn, loadBalancerNames, taggedAs, taskRoleArns } from "./arns.ts";
import type { Account } from "./arns.ts";
import { allowStatement } from "./policy.ts";
import type { Statement } from "./policy.ts";

/**
 * CodeDeploy's part in a blue/green deployment. It moves rules of the environment and no listener, so that the default
 * action of a load balancer that others use stays put; its hooks are functions named as AWS's own limited policy has
 * them.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForECSLimited.html
 */
export function codeDeployStatements(environment: Environment, account: Account): Statement[] {
  const { region, name } = environment;
  const cluster = clusterName(name);
  const ecs = (resource: string): string => arnIn(account, "ecs", region, resource);
  return [
    allowStatement(
      "ReplaceTaskSets",
      ["ecs:DescribeServices", "ecs:CreateTaskSet", "ecs:UpdateServicePrimaryTaskSet", "ecs:DeleteTaskSet"],
      [ecs(`service/${cluster}/*`), ecs(`task-set/${cluster}/*`)],
    ),
    allowStatement("PassTaskRoles", ["iam:PassRole"], taskRoleArns(environment, account), {
      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }),
    allowStatement(
      "LookAtTraffic",
      [
        "cloudwatch:DescribeAlarms",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetGroups",
      ],
      ["*"],
    ),
    moveRules(environment, account),
    allowStatement(
      "CallHooks",
      ["lambda:InvokeFunction"],
      [arnIn(account, "lambda", region, "function:CodeDeployHook_*")],
    ),
  ];
}

/**
 * ECS's part in a deployment with a shift of traffic.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 */
export function infrastructureStatements(environment: Environment, account: Account): Statement[] {
  return [
    allowStatement(
      "LookAtTraffic",
      [
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      ["*"],
    ),
    allowStatement(
      "RegisterTargets",
      ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
      [arnIn(account, "elasticloadbalancing", environment.region, "targetgroup/*/*")],
      taggedAs(environment.name),
    ),
    moveRules(environment, account),
  ];
}

/**
 * What AWS's policy for the load balancer role comes to, which a boundary has to allow as well.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerServiceRole.html
 */
export const loadBalancerRoleStatement: Statement = allowStatement(
  "RegisterWithLoadBalancers",
  [
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:Describe*",
    "elasticloadbalancing:DeregisterInstancesFromLoadBalancer",
    "elasticloadbalancing:DeregisterTargets",
    "elasticloadbalancing:Describe*",
    "elasticloadbalancing:RegisterInstancesWithLoadBalancer",
    "elasticloadbalancing:RegisterTargets",
  ],
  ["*"],
);

function moveRules(environment: Environment, account: Account): Statement {
  const { region, name } = environment;
  return allowStatement(
    "MoveRules",
    ["elasticloadbalancing:ModifyRule"],
    loadBalancerNames(environment).map((balancer) =>
      arnIn(account, "elasticloadbalancing", region, `listener-rule/app/${balancer}/*`),
    ),
    taggedAs(name),
  );
}

/**
 * All that the task roles may do which deployments make, whatever policies they get: read the environment's parameters,
 * decrypt those that are secret, and write to its logs.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function taskBoundaryStatements(
  { name, region, secretsPrefix }: Environment,
  account: Account,
): Statement[] {
  const logGroup = arnIn(account, "logs", region, `log-group:${logGroupName(name)}`);
  const parameters = arnIn(account, "ssm", region, `parameter${secretsPrefix}*`);
  return [
    allowStatement(
      "ReadParameters",
      ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
      [parameters],
    ),
    allowStatement("DecryptParameters", ["kms:Decrypt"], [arnIn(account, "kms", region, "key/*")], {
      StringEquals: { "kms:ViaService": `ssm.${region}.amazonaws.com` },
      StringLike: { "kms:EncryptionContext:PARAMETER_ARN": parameters },
    }),
    allowStatement(
      "WriteLogs",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [`${logGroup}:*`, `${logGroup}/*:*`],
    ),
  ];
}
