import type { Environment } from "../scripts/core/environments.ts";
import { lockFolder } from "../scripts/core/lock/name.ts";
import { clusterName, logGroupName, roleNames, rolePath, stackOutputFolder } from "../scripts/core/naming.ts";
import { permissions } from "../scripts/core/permissions.ts";
import type { Permission, PermissionScope } from "../scripts/core/permissions.ts";
import { allowStatement } from "./constructs/policy.ts";
import type { Conditions, Statement } from "./constructs/policy.ts";

/** The account whose environments are meant; both are known to Terraform only while it plans. */
export interface Account {
  readonly partition: string;
  readonly id: string;
}

/** What a scope comes to: resources, and conditions if the resources alone are not narrow enough. */
interface Narrowing {
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

/**
 * The statements that let `./deploy` do its work in the environments given, and nothing else: one statement a scope,
 * made from the table that the deploy steps carry.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function deployerStatements(environments: readonly Environment[], account: Account): Statement[] {
  const actions = new Map<PermissionScope, Set<string>>();
  const entries: readonly Permission[] = Object.values(permissions).flat();
  for (const entry of entries) {
    const known = actions.get(entry.scope) ?? new Set<string>();
    entry.actions.forEach((action) => known.add(action));
    actions.set(entry.scope, known);
  }
  return [...actions].map(([scope, names]) => {
    const { resources, conditions } = narrow(scope, environments, account);
    return allowStatement(sidOf(scope), [...names].toSorted(), [...new Set(resources)], conditions);
  });
}

/** `stackOutputs` becomes `StackOutputs`. */
function sidOf(scope: PermissionScope): string {
  return scope.charAt(0).toUpperCase() + scope.slice(1);
}

function narrow(scope: PermissionScope, environments: readonly Environment[], account: Account): Narrowing {
  const arn = (service: string, region: string, resource: string): string =>
    `arn:${account.partition}:${service}:${region}:${account.id}:${resource}`;
  const ecs = (resource: (cluster: string) => string): string[] =>
    environments.map(({ name, region }) => arn("ecs", region, resource(clusterName(name))));
  const inClusters = { ArnEquals: { "ecs:cluster": ecs((cluster) => `cluster/${cluster}`) } };
  const passedTo = (service: string): Conditions => ({ StringEquals: { "iam:PassedToService": service } });

  const taskDefinitions = environments.map(({ region }) => arn("ecs", region, "task-definition/*:*"));

  switch (scope) {
    case "any":
      return { resources: ["*"] };
    case "cluster":
      return { resources: ecs((cluster) => `cluster/${cluster}`) };
    case "service":
      return { resources: ecs((cluster) => `service/${cluster}/*`), conditions: inClusters };
    case "serviceDeployment":
      return {
        resources: [
          ...ecs((cluster) => `service/${cluster}/*`),
          ...ecs((cluster) => `service-deployment/${cluster}/*`),
          ...ecs((cluster) => `service-revision/${cluster}/*`),
          ...ecs((cluster) => `service-revision/${cluster}/*`),
        ],
        conditions: inClusters,
      };
    case "task":
      return {
        resources: [
          ...ecs((cluster) => `task/${cluster}/*`),
          ...ecs((cluster) => `container-instance/${cluster}/*`),
        ],
        conditions: inClusters,
      };
    case "anyInCluster":
      return { resources: ["*"], conditions: inClusters };
    case "taskDefinitionInCluster":
      return { resources: taskDefinitions, conditions: inClusters };
    case "taskLogs":
      return {
        resources: environments.flatMap(({ name, region }) => [
          arn("logs", region, `log-group:${logGroupName(name)}:*`),
          arn("logs", region, `log-group:${logGroupName(name)}/*`),
        ]),
      };
    case "taskDefinition":
      return { resources: taskDefinitions };
    case "tagsAtCreation":
      return {
        resources: [
          ...ecs((cluster) => `service/${cluster}/*`),
          ...ecs((cluster) => `task/${cluster}/*`),
          ...taskDefinitions,
        ],
        conditions: {
          StringEquals: { "ecs:CreateAction": ["CreateService", "RegisterTaskDefinition", "RunTask"] },
        },
      };
    case "trailTags":
      return {
        resources: ecs((cluster) => `service/${cluster}/*`),
        // A call without tags would pass ForAllValues as well.
        conditions: {
          "ForAllValues:StringLike": { "aws:TagKeys": ["slipway:*"] },
          Null: { "aws:TagKeys": "false" },
        },
      };
    case "locks":
      return {
        resources: environments.map(({ name, region }) =>
          arn("ssm", region, `parameter${lockFolder(name)}*`),
        ),
      };
    case "scalableTargets":
      return {
        // The id in their ARNs says nothing of the service.
        resources: environments.map(({ region }) =>
          arn("application-autoscaling", region, "scalable-target/*"),
        ),
        conditions: {
          StringEquals: {
            "application-autoscaling:service-namespace": "ecs",
            "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
          },
        },
      };
    case "stackOutputs":
      return {
        resources: environments.map(({ name, region }) =>
          arn("ssm", region, `parameter${stackOutputFolder(name)}*`),
        ),
      };
    case "taskRoles":
      return {
        resources: [arn("iam", "", `role${rolePath}*`)],
        conditions: passedTo("ecs-tasks.amazonaws.com"),
      };
    case "loadBalancerRole":
      return {
        resources: environments.map(({ name }) =>
          arn("iam", "", `role${rolePath}${roleNames(name).loadBalancer}`),
        ),
        conditions: passedTo("ecs.amazonaws.com"),
      };
    case "capacityProvider":
      return { resources: environments.map(({ region }) => arn("ecs", region, "capacity-provider/*")) };
    case "image":
      // A repository of another account lets the deployer in by its own policy.
      return { resources: [`arn:${account.partition}:ecr:*:*:repository/*`] };
    case "secret":
      return { resources: environments.map(({ region }) => arn("secretsmanager", region, "secret:*")) };
    case "newTrafficResources":
    case "trafficResources":
      return {
        resources: environments.flatMap(({ name, region }) => [
          arn("elasticloadbalancing", region, `targetgroup/${name}-*/*`),
          arn("elasticloadbalancing", region, `loadbalancer/app/${name}-*`),
          arn("elasticloadbalancing", region, `listener/app/${name}-*`),
          arn("elasticloadbalancing", region, `listener-rule/app/${name}-*`),
        ]),
      };
    case "records":
      return {
        resources: environments.flatMap(({ domain }) =>
          domain?.hostedZoneId === undefined
            ? []
            : [`arn:${account.partition}:route53:::hostedzone/${domain.hostedZoneId}`],
        ),
      };
    case "applicationRoles":
      return { resources: environments.map(({ name }) => arn("iam", "", `role${rolePath}${name}_*`)) };
    case "codeDeploy":
      return {
        resources: environments.flatMap(({ name, region }) => [
          arn("codedeploy", region, `application:${name}`),
          arn("codedeploy", region, `deploymentgroup:${name}/*`),
          arn("codedeploy", region, "deploymentconfig:*"),
        ]),
      };
    case "codeDeployRole":
      return {
        resources: environments.map(({ name }) => arn("iam", "", `role${rolePath}${name}_codedeploy`)),
        conditions: passedTo("codedeploy.amazonaws.com"),
      };
    case "infrastructureRole":
      return {
        resources: environments.map(({ name }) =>
          arn("iam", "", `role${rolePath}${name}_ecs_infrastructure`),
        ),
        conditions: passedTo("ecs.amazonaws.com"),
      };
    case "rolesLookedAt":
      return { resources: [arn("iam", "", `role${rolePath}*`)] };
  }
}
