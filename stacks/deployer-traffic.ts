/**
 * What `./deploy` may do where deployments move traffic: held to what carries the environment's tag or name.
 */
import type { Environment } from "../scripts/core/environments.ts";
import { liveHost } from "../scripts/core/environments/live-host.ts";
import {
  codeDeployApplicationName,
  roleNames,
  rolePath,
  taskBoundaryName,
  trafficRolePath,
} from "../scripts/core/naming.ts";
import type { PermissionScope } from "../scripts/core/permissions/permission.ts";
import { arnIn, loadBalancerNames, taggedAs } from "./constructs/arns.ts";
import type { Account } from "./constructs/arns.ts";
import type { Narrowing } from "./deployer-policy.ts";

const trafficScopes = [
  "newTrafficResources",
  "trafficResources",
  "records",
  "applicationRoles",
  "codeDeploy",
  "codeDeployRole",
  "infrastructureRole",
] as const satisfies readonly PermissionScope[];

/** A scope of deployments that move traffic. */
export type TrafficScope = (typeof trafficScopes)[number];

/** Whether a scope is one of deployments that move traffic. */
export function isTrafficScope(scope: PermissionScope): scope is TrafficScope {
  return (trafficScopes as readonly PermissionScope[]).includes(scope);
}

/** Actions of CodeDeploy that take no resource: who may look at deployments or end them may do so with all. */
const unscoped: ReadonlySet<string> = new Set(
  [
    "BatchGetDeploymentTargets",
    "ContinueDeployment",
    "GetDeploymentTarget",
    "ListDeploymentTargets",
    "StopDeployment",
  ].map((name) => `codedeploy:${name}`),
);

/** Of a target group's name, so much of the environment's is there in any case: the rest is the deployment's id. */
const environmentLetters = 11;

/**
 * What a scope comes to in one environment; nothing where the environment has nothing of the kind.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
 */
export function narrowTraffic(scope: TrafficScope, environment: Environment, account: Account): Narrowing[] {
  const { name, region } = environment;
  const elb = (resource: string): string => arnIn(account, "elasticloadbalancing", region, resource);
  const balanced = (kind: string): string[] =>
    loadBalancerNames(environment).map((balancer) => elb(`${kind}/app/${balancer}/*`));
  const role = (roleName: string): string => arnIn(account, "iam", "", `role${rolePath}${roleName}`);
  const passed = (roleName: string, service: string): Narrowing[] => [
    {
      resources: [arnIn(account, "iam", "", `role${trafficRolePath}${roleName}`)],
      conditions: { StringEquals: { "iam:PassedToService": service } },
    },
  ];
  const isTagging = (action: string): boolean => /:(Add|Remove)Tags$/.test(action);

  switch (scope) {
    case "newTrafficResources": {
      const tagged = { "aws:RequestTag/slipway:environment": name };
      const targetGroups = elb(`targetgroup/${targetGroupPattern(name)}/*`);
      return [
        {
          only: (action) => !isTagging(action),
          resources: [targetGroups, ...balanced("loadbalancer"), ...balanced("listener")],
          conditions: { StringEquals: tagged },
        },
        {
          suffix: "Tags",
          only: isTagging,
          resources: [targetGroups, ...balanced("listener"), ...balanced("listener-rule")],
          conditions: {
            StringEquals: {
              ...tagged,
              "elasticloadbalancing:CreateAction": ["CreateListener", "CreateRule", "CreateTargetGroup"],
            },
          },
        },
      ];
    }
    case "trafficResources": {
      const resources = [
        elb(`targetgroup/${targetGroupPattern(name)}/*`),
        ...balanced("listener"),
        ...balanced("listener-rule"),
      ];
      // What Terraform made carries the tag of its stack, and stays Terraform's.
      const conditions = { ...taggedAs(name), Null: { "aws:ResourceTag/slipway:stack": "true" } };
      return [
        { only: (action) => !isTagging(action), resources, conditions },
        {
          suffix: "Tags",
          only: isTagging,
          resources,
          conditions: {
            ...conditions,
            "ForAllValues:StringNotEquals": { "aws:TagKeys": ["slipway:environment", "slipway:stack"] },
          },
        },
      ];
    }
    case "records":
      return narrowRecords(environment, account);
    case "applicationRoles":
      return [
        {
          resources: [role(`${name}_*_task`)],
          conditions: {
            StringEquals: {
              "iam:PermissionsBoundary": arnIn(
                account,
                "iam",
                "",
                `policy${rolePath}${taskBoundaryName(name)}`,
              ),
            },
          },
        },
      ];
    case "codeDeploy": {
      const application = codeDeployApplicationName(name);
      const codeDeploy = (resource: string): string => arnIn(account, "codedeploy", region, resource);
      return [
        {
          only: (action) => !unscoped.has(action),
          resources: [
            codeDeploy(`application:${application}`),
            codeDeploy(`deploymentgroup:${application}/*`),
            codeDeploy("deploymentconfig:*"),
          ],
        },
        { suffix: "Deployments", only: (action) => unscoped.has(action), resources: ["*"] },
      ];
    }
    case "codeDeployRole":
      return passed(roleNames(name).codeDeploy, "codedeploy.amazonaws.com");
    case "infrastructureRole":
      return passed(roleNames(name).infrastructure, "ecs.amazonaws.com");
  }
}

/** Names of target groups are cut to fit; the beginning is always the environment's. */
function targetGroupPattern(environment: string): string {
  return environment.length <= environmentLetters
    ? `${environment}-*`
    : `${environment.slice(0, environmentLetters).replace(/-+$/, "")}*`;
}

/**
 * The hosts of staged services, and below `stage.<domain>`. A call without any of these keys is one that reads.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
 */
function narrowRecords({ domain, services }: Environment, { partition }: Account): Narrowing[] {
  if (domain?.hostedZoneId === undefined) return [];
  const hosts = Object.entries(services).flatMap(([name, { blueGreen }]) =>
    blueGreen?.by === "stage" ? [recordName(liveHost(name, blueGreen, domain) ?? "")] : [],
  );
  // Where no service is staged, nobody but Terraform makes records.
  if (hosts.length === 0) return [];
  const key = (name: string): string => `route53:ChangeResourceRecordSets${name}`;
  return [
    {
      resources: [`arn:${partition}:route53:::hostedzone/${domain.hostedZoneId}`],
      conditions: {
        "ForAllValues:StringLike": {
          [key("NormalizedRecordNames")]: [`*.stage.${domain.name}`, ...hosts],
        },
        "ForAllValues:StringEquals": {
          [key("RecordTypes")]: ["A"],
          [key("Actions")]: ["CREATE", "UPSERT", "DELETE"],
        },
      },
    },
  ];
}

/** A name as the condition key has it, whose `*` is not the policy's own. */
function recordName(host: string): string {
  return host.toLowerCase().replaceAll("*", String.raw`\052`);
}
