import type { Environment } from "../scripts/core/environments.ts";
import { lockFolder } from "../scripts/core/lock/name.ts";
import {
  clusterName,
  encryptionKeyAlias,
  logGroupName,
  roleNames,
  rolePath,
  stackOutputFolder,
} from "../scripts/core/naming.ts";
import { permissions } from "../scripts/core/permissions/table.ts";
import type { Permission, PermissionScope } from "../scripts/core/permissions/permission.ts";
import { arnIn, taskRoleArns } from "./constructs/arns.ts";
import type { Account } from "./constructs/arns.ts";
import { allowStatement } from "./constructs/policy.ts";
import type { Conditions, Statement } from "./constructs/policy.ts";
import { isTrafficScope, narrowTraffic } from "./deployer-traffic.ts";
import type { TrafficScope } from "./deployer-traffic.ts";

/** What a scope comes to: resources, and conditions if the resources alone are not narrow enough. */
export interface Narrowing {
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
  /** Those of the scope's actions that it is for, where a scope needs several. */
  readonly only?: (action: string) => boolean;
  /** What tells its statement from the scope's others. */
  readonly suffix?: string;
}

/**
 * The statements that let `./deploy` do its work in the environments given, and nothing else: one statement a scope,
 * made from the table that the deploy steps carry.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function deployerStatements(
  environments: readonly Environment[],
  account: Account,
  table: Readonly<Record<string, readonly Permission[]>> = permissions,
): Statement[] {
  const actions = new Map<PermissionScope, Set<string>>();
  for (const entry of Object.values(table).flat()) {
    const known = actions.get(entry.scope) ?? new Set<string>();
    entry.actions.forEach((action) => known.add(action));
    actions.set(entry.scope, known);
  }
  return [...actions].flatMap(([scope, names]) =>
    narrowings(scope, environments, account).flatMap(({ resources, conditions, only, suffix = "" }) => {
      const chosen = [...names].filter((name) => only?.(name) ?? true).toSorted();
      return chosen.length === 0 || resources.length === 0
        ? []
        : [allowStatement(`${sidOf(scope)}${suffix}`, chosen, [...new Set(resources)], conditions)];
    }),
  );
}

/**
 * The same in two parts, since IAM takes no policy of more than 6,144 characters: what every environment needs, and what
 * one needs whose deployments move traffic; none of that where no service's do.
 */
export function deployerPolicies(
  environment: Environment,
  account: Account,
): { readonly general: Statement[]; readonly traffic: Statement[] } {
  const part = (wanted: boolean): Statement[] => {
    const entries: readonly Permission[] = Object.values(permissions).flat();
    const chosen = entries.filter(({ scope }) => isTrafficScope(scope) === wanted);
    return deployerStatements([environment], account, { chosen });
  };
  const moves = Object.values(environment.services).some(({ blueGreen }) => blueGreen !== undefined);
  return { general: part(false), traffic: moves ? part(true) : [] };
}

function narrowings(
  scope: PermissionScope,
  environments: readonly Environment[],
  account: Account,
): Narrowing[] {
  if (scope === "sessionKey") return sessionKeys(environments, account);
  if (!isTrafficScope(scope)) return [narrow(scope, environments, account)];
  // Tags and names tell environments apart one by one.
  return environments.flatMap((environment, index) =>
    narrowTraffic(scope, environment, account).map((narrowing) => ({
      ...narrowing,
      suffix: `${narrowing.suffix ?? ""}${index === 0 ? "" : String(index + 1)}`,
    })),
  );
}

/**
 * The keys of sessions. One that a stack makes is told by its alias, since its id is not known before.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
function sessionKeys(environments: readonly Environment[], account: Account): Narrowing[] {
  const encrypted = environments.filter(({ cluster }) => cluster.exec !== false);
  return encrypted.flatMap(({ name, region, encryptionKey }, index): Narrowing[] => {
    const suffix = index === 0 ? "" : String(index + 1);
    if (encryptionKey === undefined) return [];
    if (encryptionKey !== "own") return [{ resources: [encryptionKey], suffix }];
    const conditions = {
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": [encryptionKeyAlias(name)] },
    };
    return [{ resources: [arnIn(account, "kms", region, "key/*")], conditions, suffix }];
  });
}

/** `stackOutputs` becomes `StackOutputs`. */
function sidOf(scope: PermissionScope): string {
  return scope.charAt(0).toUpperCase() + scope.slice(1);
}

function narrow(
  scope: Exclude<PermissionScope, TrafficScope | "sessionKey">,
  environments: readonly Environment[],
  account: Account,
): Narrowing {
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
        // Of a service of ECS nothing is scaled but its desired count.
        conditions: { StringEquals: { "application-autoscaling:service-namespace": "ecs" } },
      };
    case "scalingAlarms":
      return {
        resources: environments.flatMap(({ name, region }) => [
          arn("cloudwatch", region, `alarm:TargetTracking-service/${clusterName(name)}/*`),
          // AWS tries whether the caller may, with a request that names no alarm.
          arn("cloudwatch", region, "alarm:"),
        ]),
      };
    case "scalingRole":
      // Its path names the service that it is for, as the condition iam:AWSServiceName would.
      return {
        resources: [arn("iam", "", "role/aws-service-role/ecs.application-autoscaling.amazonaws.com/*")],
      };
    case "stackOutputs":
      return {
        resources: environments.map(({ name, region }) =>
          arn("ssm", region, `parameter${stackOutputFolder(name)}*`),
        ),
      };
    case "taskRoles":
      return {
        resources: environments.flatMap((environment) => taskRoleArns(environment, account)),
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
    case "registry":
    case "registryKeeper":
      // One of another account lets the deployer in by its own policy, and only the accounts that the file names.
      return {
        resources: environments.flatMap(({ registry }) =>
          registry === undefined
            ? []
            : [`arn:${account.partition}:ecr:${registry.region}:*:repository/${registry.namespace}/*`],
        ),
      };
    case "secret":
      return { resources: environments.map(({ region }) => arn("secretsmanager", region, "secret:*")) };
    case "rolesLookedAt":
      // One that is not there has no path yet, and IAM is asked for it by its bare name.
      return {
        resources: [
          arn("iam", "", `role${rolePath}*`),
          ...environments.map(({ name }) => arn("iam", "", `role/${name}_*`)),
        ],
      };
  }
}
