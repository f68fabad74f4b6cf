/**
 * The most that the deployer and pipelines may do, whatever is attached to them: the calls of `./deploy` in this account.
 * It is wider than their policies, since one boundary is for all environments and IAM takes 6,144 characters of it; but
 * it gives no way to more rights.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
import { lockFolder } from "../scripts/core/lock/name.ts";
import { rolePath, stackOutputFolder, taskBoundaryName } from "../scripts/core/naming.ts";
import { permissions } from "../scripts/core/permissions/table.ts";
import type { Permission, PermissionScope } from "../scripts/core/permissions/permission.ts";
import { arnIn } from "./constructs/arns.ts";
import type { Account } from "./constructs/arns.ts";
import { allowStatement } from "./constructs/policy.ts";
import type { Statement } from "./constructs/policy.ts";

/** Pushing an image to ECR. */
export const pushActions = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:CompleteLayerUpload",
  "ecr:DescribeImages",
  "ecr:GetDownloadUrlForLayer",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
] as const;

/** Logging in to ECR takes no resource. */
export const loginAction = "ecr:GetAuthorizationToken";

/** Scopes whose actions take no resource. */
const everywhere: ReadonlySet<PermissionScope> = new Set(["any", "anyInCluster"]);

/** Services whose resources a pattern of this account's would leave out. */
const ownPatterns: ReadonlyMap<string, (account: Account) => string> = new Map([
  // Repositories of other accounts let the deployer in by their own policies.
  ["ecr", ({ partition }: Account) => `arn:${partition}:ecr:*:*:repository/*`],
  ["route53", ({ partition }: Account) => `arn:${partition}:route53:::hostedzone/*`],
]);

/** The statements of the boundary: each action of the table, and pushing images. */
export function deployerBoundaryStatements(account: Account): Statement[] {
  const entries: readonly Permission[] = Object.values(permissions).flat();
  const unscoped = new Set<string>([loginAction]);
  const scoped = new Map<string, Set<string>>([["ecr", new Set(pushActions)]]);
  for (const { actions, scope } of entries) {
    for (const action of actions) {
      const [service = ""] = action.split(":");
      if (everywhere.has(scope)) unscoped.add(action);
      else scoped.set(service, (scoped.get(service) ?? new Set()).add(action));
    }
  }
  const inScope = (wanted: PermissionScope): string[] => {
    const actions = entries.filter(({ scope }) => scope === wanted).flatMap((entry) => entry.actions);
    return [...new Set(actions)].toSorted();
  };
  const iam = (resource: string): string => arnIn(account, "iam", "", resource);
  const ssm = (folder: string): string => arnIn(account, "ssm", "*", `parameter${folder}*`);
  const own = ["codedeploy", "iam", "ssm"];
  const services = [...scoped].filter(([service]) => !own.includes(service));
  return [
    allowStatement("Any", [...unscoped].toSorted(), ["*"]),
    // Some of CodeDeploy's calls take no resource.
    allowStatement("CodeDeploy", [...(scoped.get("codedeploy") ?? [])].toSorted(), ["*"]),
    ...services.map(([service, actions]) =>
      allowStatement(
        service.replaceAll(/[^a-z0-9]/g, ""),
        [...actions].filter((action) => !unscoped.has(action)).toSorted(),
        [ownPatterns.get(service)?.(account) ?? arnIn(account, service, "*", "*")],
      ),
    ),
    allowStatement("StackOutputs", inScope("stackOutputs"), [ssm(stackOutputFolder("*"))]),
    allowStatement("Locks", inScope("locks"), [ssm(lockFolder("*"))]),
    allowStatement("PassRoles", ["iam:PassRole"], [iam(`role${rolePath}*`)], {
      StringEquals: {
        "iam:PassedToService": ["codedeploy.amazonaws.com", "ecs-tasks.amazonaws.com", "ecs.amazonaws.com"],
      },
    }),
    allowStatement(
      "LookAtRoles",
      ["iam:GetRole", "iam:GetRolePolicy", "iam:SimulatePrincipalPolicy"],
      [iam("role/*")],
    ),
    allowStatement("MakeScalingRole", inScope("scalingRole"), [
      iam("role/aws-service-role/ecs.application-autoscaling.amazonaws.com/*"),
    ]),
    allowStatement("MakeTaskRoles", ["iam:CreateRole", "iam:PutRolePolicy"], [iam(`role${rolePath}*_task`)], {
      StringLike: { "iam:PermissionsBoundary": iam(`policy${rolePath}${taskBoundaryName("*")}`) },
    }),
  ];
}
