import {
  ApplicationAutoScalingClient,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  paginateDescribeScalableTargets,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { ListServicesCommand, ListTaskDefinitionsCommand } from "@aws-sdk/client-ecs";
import {
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  paginateDescribeRules,
  paginateDescribeTargetGroups,
  type Rule,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetRoleCommand, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";

import { groupsOf, hostsOf } from "../../scripts/core/staged/rules.ts";
import type { StageWorld } from "./stage-world.ts";
import { describeService } from "./steady-services.ts";

/** All that AWS has of an application, told so that two that came to the same are equal. */
export interface StagedEndState {
  readonly targetGroups: readonly string[];
  readonly rules: readonly string[];
  readonly records: readonly string[];
  readonly services: readonly string[];
  /** How many of its family are active. */
  readonly activeRevisions: number;
  readonly role: string;
  readonly locks: readonly string[];
  /** Scalable targets, with what belongs to them. */
  readonly scaled: readonly string[];
  /** Of its policies. */
  readonly alarms: number;
}

/** Tags whose values are moments. */
const moments = /^slipway:.*-at$/;

/** Reads what AWS has of an application, with the ids of its deployments numbered in their order. */
export async function stagedEndState(world: StageWorld, application: string): Promise<StagedEndState> {
  const { ecs, elb, local } = world;
  const prefix = `test-${application}-`;
  const TargetGroups: TargetGroup[] = [];
  for await (const page of paginateDescribeTargetGroups({ client: elb }, {}))
    TargetGroups.push(...(page.TargetGroups ?? []));
  const groups = TargetGroups.filter(({ TargetGroupName = "" }) => TargetGroupName.startsWith(prefix)).sort(
    (left, right) => ((left.TargetGroupName ?? "") < (right.TargetGroupName ?? "") ? -1 : 1),
  );
  const described = await Promise.all(
    groups.map(({ TargetGroupArn = "" }) => groupText(world, TargetGroupArn)),
  );
  const Rules = await rulesOf(world);
  const names = new Map(
    groups.map(({ TargetGroupArn = "", TargetGroupName = "" }) => [TargetGroupArn, TargetGroupName]),
  );
  const rules = Rules.flatMap((rule) => {
    const to = groupsOf(rule).flatMap(({ targetGroupArn, weight }) => {
      const name = names.get(targetGroupArn);
      return name === undefined ? [] : [`${name}=${weight}`];
    });
    return to.length === 0 ? [] : [`${hostsOf(rule).join()} to ${to.join()}`];
  });
  const ids = groups.map(({ TargetGroupName = "" }) => TargetGroupName.slice(prefix.length));
  const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster: "test", maxResults: 100 }));
  const own = serviceArns
    .map((arn) => arn.slice(arn.lastIndexOf("/") + 1))
    .filter((name) => name.startsWith(prefix));
  const services = await Promise.all(own.map(async (name) => serviceText(world, name)));
  const { taskDefinitionArns = [] } = await ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: `test_${application}`, status: "ACTIVE" }),
  );
  const { Parameters = [] } = await new SSMClient(local.settings).send(
    new GetParametersByPathCommand({ Path: `/slipway/test/locks/test/`, Recursive: true }),
  );
  const state: StagedEndState = {
    targetGroups: described,
    rules: rules.sort(),
    records: (await recordsWith(world, ids)).sort(),
    services: services.sort(),
    activeRevisions: taskDefinitionArns.length,
    role: await roleText(world, `test_${application}_task`),
    locks: Parameters.flatMap(({ Name = "" }) => (Name.endsWith(`/${application}`) ? [Name] : [])),
    scaled: await scaledIn(world, prefix),
    alarms: await alarmsOf(world, prefix),
  };
  const text = ids.reduce((all, id, index) => all.replaceAll(id, `id${index + 1}`), JSON.stringify(state));
  // Numbers of revisions go on for ever.
  return JSON.parse(
    text.replaceAll(application, "app").replaceAll(/(test-app):\d+/g, "$1:n"),
  ) as StagedEndState;
}

/** Rules of the listener that all applications share, all pages. */
export async function rulesOf({ elb, surroundings }: StageWorld): Promise<readonly Rule[]> {
  const rules: Rule[] = [];
  const pages = paginateDescribeRules({ client: elb }, { ListenerArn: surroundings.listenerArn });
  for await (const page of pages) rules.push(...(page.Rules ?? []));
  return rules;
}

async function groupText({ elb }: StageWorld, arn: string): Promise<string> {
  const [{ TagDescriptions = [] }, { Attributes = [] }, { TargetHealthDescriptions = [] }] =
    await Promise.all([
      elb.send(new DescribeTagsCommand({ ResourceArns: [arn] })),
      elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
      elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })),
    ]);
  const tags = (TagDescriptions[0]?.Tags ?? [])
    .map(({ Key = "", Value = "" }) => (moments.test(Key) ? Key : `${Key}=${Value}`))
    .sort();
  const delay = Attributes.find(({ Key }) => Key === "deregistration_delay.timeout_seconds")?.Value ?? "?";
  const targets = TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? "?");
  return `${tags.join(" ")} drains ${delay} targets ${targets.join()}`;
}

async function serviceText({ ecs }: StageWorld, name: string): Promise<string> {
  const service = await describeService(ecs, name);
  const { status = "?", desiredCount = 0, runningCount = 0, deployments = [], tags = [] } = service ?? {};
  const states = deployments.map(({ status: of, rolloutState }) => `${of ?? "?"} ${rolloutState ?? "?"}`);
  const kept = tags.map(({ key = "", value = "" }) => (/-at$/.test(key) ? key : `${key}=${value}`)).sort();
  return `${name} ${status} ${runningCount}/${desiredCount} ${states.join()} ${kept.join(" ")}`;
}

async function roleText({ iam }: StageWorld, RoleName: string): Promise<string> {
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    return `${Role?.Path ?? ""} ${Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? "unbound"} ${PolicyNames.join()}`;
  } catch (error) {
    if (error instanceof Error && /NoSuchEntity/.test(error.name)) return "none";
    throw error;
  }
}

/** Records of the ids, and every staged record of no known id: nobody's. */
async function recordsWith({ route53, surroundings }: StageWorld, ids: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const id of ids) {
    const { ResourceRecordSets = [] } = await route53.send(
      new ListResourceRecordSetsCommand({
        HostedZoneId: surroundings.hostedZoneId,
        StartRecordName: `${id}.stage.example.com`,
        MaxItems: 1,
      }),
    );
    names.push(...ResourceRecordSets.flatMap(({ Name = "" }) => (Name.startsWith(id) ? [Name] : [])));
  }
  return names;
}

/** Each scalable target of services whose names begin so: its range, its policies and actions, and what is suspended. */
export async function scaledIn({ local }: StageWorld, prefix: string): Promise<readonly string[]> {
  const client = new ApplicationAutoScalingClient(local.settings);
  const told: string[] = [];
  for await (const page of paginateDescribeScalableTargets({ client }, { ServiceNamespace: "ecs" })) {
    for (const { ResourceId = "", MinCapacity, MaxCapacity, SuspendedState = {} } of page.ScalableTargets ??
      []) {
      if (!ResourceId.includes(`/${prefix}`)) continue;
      const of = { ServiceNamespace: "ecs", ResourceId } as const;
      const { ScalingPolicies = [] } = await client.send(new DescribeScalingPoliciesCommand(of));
      const { ScheduledActions = [] } = await client.send(new DescribeScheduledActionsCommand(of));
      const policies = ScalingPolicies.map(
        ({ PolicyName, TargetTrackingScalingPolicyConfiguration: tracking }) => {
          const label = tracking?.PredefinedMetricSpecification?.ResourceLabel;
          // A target group's last part is drawn at random.
          const group = label === undefined ? "" : ` of ${label.split("/").slice(3, -1).join("/")}`;
          return `${PolicyName ?? "?"} ${tracking?.TargetValue ?? 0}${group}`;
        },
      );
      const actions = ScheduledActions.map(({ ScheduledActionName }) => ScheduledActionName);
      const suspended = Object.entries(SuspendedState).flatMap(([name, isIt]) =>
        isIt ? [name.replace("Suspended", "")] : [],
      );
      told.push(
        `${ResourceId.split("/").at(-1) ?? ""} ${MinCapacity ?? 0}-${MaxCapacity ?? 0} by ${policies.join()} at ${actions.join()} without ${suspended.join()}`,
      );
    }
  }
  client.destroy();
  return told.sort();
}

async function alarmsOf({ local }: StageWorld, prefix: string): Promise<number> {
  const client = new CloudWatchClient(local.settings);
  let alarms = 0;
  const input = { AlarmNamePrefix: `TargetTracking-service/test/${prefix}` };
  for await (const page of paginateDescribeAlarms({ client }, input))
    alarms += (page.MetricAlarms ?? []).length;
  client.destroy();
  return alarms;
}
