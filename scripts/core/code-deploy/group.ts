/** The deployment group of a service: what Slipway sets of it, and what differs. */
import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";

import type { GroupSettings } from "./steps.ts";

/** What the environments file says of a service whose traffic CodeDeploy moves. */
export interface CodeDeploySettings {
  readonly deploymentConfig: string;
  readonly approvalMinutes: number;
  readonly terminationMinutes: number;
  readonly loadBalancer: "external" | "internal";
}

/** Names of the stack outputs that a group is made of. */
export function groupOutputs(name: string, { loadBalancer }: Pick<CodeDeploySettings, "loadBalancer">) {
  return {
    application: "codedeploy-application",
    role: "codedeploy-role-arn",
    blue: `service-${name}-blue-target-group-name`,
    green: `service-${name}-green-target-group-name`,
    listener: `alb-${loadBalancer}-listener-arn`,
    testListener: `alb-${loadBalancer}-test-listener-arn`,
    alarms: `service-${name}-alarm-names`,
  } as const;
}

/** Those without which there is no group. */
export const neededOutputs = ["application", "role", "blue", "green", "listener"] as const;

/** The values of {@link groupOutputs}; those that the stacks have not published are absent. */
export type GroupOutputs = Partial<Record<keyof ReturnType<typeof groupOutputs>, string>>;

/**
 * The group that the environments file and the stacks ask for; undefined where an output is missing.
 *
 * A stop on request rolls back too, so that one that somebody stops in the console leaves nothing half-way.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html
 */
export function groupSettings(
  service: { readonly serviceName: string; readonly cluster: string },
  settings: CodeDeploySettings,
  { application, role, blue, green, listener, testListener, alarms = "" }: GroupOutputs,
): GroupSettings | undefined {
  if ([application, role, blue, green, listener].includes(undefined)) return undefined;
  const alarmNames = alarms.split(",").filter((name) => name !== "");
  return {
    applicationName: application ?? "",
    deploymentGroupName: service.serviceName,
    serviceRoleArn: role ?? "",
    deploymentConfigName: settings.deploymentConfig,
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    ecsServices: [{ clusterName: service.cluster, serviceName: service.serviceName }],
    loadBalancerInfo: {
      targetGroupPairInfoList: [
        {
          targetGroups: [{ name: blue ?? "" }, { name: green ?? "" }],
          prodTrafficRoute: { listenerArns: [listener ?? ""] },
          ...(testListener === undefined ? {} : { testTrafficRoute: { listenerArns: [testListener] } }),
        },
      ],
    },
    blueGreenDeploymentConfiguration: {
      deploymentReadyOption:
        settings.approvalMinutes > 0
          ? { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: settings.approvalMinutes }
          : { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 0 },
      terminateBlueInstancesOnDeploymentSuccess: {
        action: "TERMINATE",
        terminationWaitTimeInMinutes: settings.terminationMinutes,
      },
    },
    autoRollbackConfiguration: {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
    },
    alarmConfiguration: { enabled: alarmNames.length > 0, alarms: alarmNames.map((name) => ({ name })) },
  };
}

/** Names of the settings in which a group is not as it is wanted; AWS may say more of it than was set. */
export function groupDifferences(wanted: GroupSettings, found: DeploymentGroupInfo): readonly string[] {
  const compared: readonly (keyof GroupSettings & keyof DeploymentGroupInfo)[] = [
    "serviceRoleArn",
    "deploymentConfigName",
    "loadBalancerInfo",
    "blueGreenDeploymentConfiguration",
    "autoRollbackConfiguration",
    "alarmConfiguration",
  ];
  return compared.filter((member) => !covers(wanted[member], found[member]));
}

/** Whether all that `wanted` says holds in `found`; the order of lists has no meaning here. */
function covers(wanted: unknown, found: unknown): boolean {
  if (Array.isArray(wanted)) {
    const list: readonly unknown[] = Array.isArray(found) ? found : [];
    return wanted.length === list.length && wanted.every((one) => list.some((other) => covers(one, other)));
  }
  if (typeof wanted !== "object" || wanted === null) return wanted === found;
  const members = new Map<string, unknown>(Object.entries(found ?? {}));
  return Object.entries(wanted).every(([name, inner]: [string, unknown]) => {
    const there = members.get(name);
    // An empty structure and none are the same to AWS.
    const isNothing = inner === false || (Array.isArray(inner) && inner.length === 0);
    return there === undefined ? isNothing : covers(inner, there);
  });
}
