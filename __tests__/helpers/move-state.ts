import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { DescribeServicesCommand, ListTaskDefinitionsCommand } from "@aws-sdk/client-ecs";
import {
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { hostsOf } from "../../scripts/core/staged/rules.ts";
import type { EndStates } from "./end-state.ts";
import type { Place } from "./move-scenarios.ts";
import type { MoveWorld } from "./move-world.ts";

/** What a case leaves, told so that two that came to the same are equal. */
export interface MoveState {
  readonly live: Readonly<Record<string, number>>;
  readonly stagedHosts: readonly string[];
  readonly records: readonly string[];
  /** Names of the tags of each deployment, with the deployments that they name. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
  readonly services: Readonly<Record<string, string>>;
  readonly scaling: Readonly<Record<string, string>>;
  readonly revisions: number;
  readonly locks: readonly string[];
}

/** The target groups of all of an application's deployments, those that have been staged again among them. */
export async function targetGroupsOf(
  { elb }: MoveWorld,
  application: string,
): Promise<readonly TargetGroup[]> {
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  return TargetGroups.filter(({ TargetGroupName = "" }) =>
    TargetGroupName.startsWith(`test-${application}-`),
  );
}

/** Whether a host is that of a case's application, or of one of its two deployments. */
export function isHostOf({ application, old, fresh }: Place): (host: string) => boolean {
  return (host) => [application, old.id, fresh.id].some((first) => host.startsWith(`${first}.`));
}

/** What is there of a case's application. */
export async function moveState(world: MoveWorld, states: EndStates, place: Place): Promise<MoveState> {
  const { application, old, fresh } = place;
  const roles = new Map([
    [old.id, "old"],
    [fresh.id, fresh === old ? "old" : "fresh"],
  ]);
  const role = (text: string): string =>
    [...roles].find(([id]) => text.includes(id))?.[1] ?? text.replace(application, "app");
  const groups = await targetGroupsOf(world, application);
  const live = (await world.ruleOf(`${application}.example.com`)) ?? {};
  const { Rules = [] } = await world.elb.send(new DescribeRulesCommand({ ListenerArn: world.listenerArn }));
  const tags = await Promise.all(
    groups.map(async ({ TargetGroupArn = "" }) => {
      const all = await world.tagsOf(TargetGroupArn);
      const told = Object.entries(all).map(([name, value]) =>
        name === "replaces" || name === "autoscaling" ? `${name}=${role(value)}` : name,
      );
      return [role(TargetGroupArn), told.toSorted()] as const;
    }),
  );
  const names = [...new Set([old.serviceName, fresh.serviceName])];
  const { services = [] } = await world.ecs.send(
    new DescribeServicesCommand({ cluster: "test", services: names }),
  );
  const { taskDefinitionArns = [] } = await world.ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: `test_${application}` }),
  );
  return {
    live: sorted(Object.entries(live).map(([arn, weight]) => [role(arn), weight])),
    stagedHosts: Rules.flatMap(hostsOf)
      .filter((host) => host.includes(".stage.") && roles.has(host.split(".")[0] ?? ""))
      .map(role)
      .toSorted(),
    records: Object.keys(await world.records())
      .filter(isHostOf(place))
      .map(role)
      .toSorted(),
    tags: sorted(tags),
    services: sorted(
      services.map(({ serviceName = "", status, desiredCount, runningCount }) => [
        role(serviceName),
        `${status ?? ""} ${runningCount ?? 0}/${desiredCount ?? 0}`,
      ]),
    ),
    scaling: sorted(await Promise.all(names.map(async (name) => [role(name), await scalingOf(world, name)]))),
    revisions: taskDefinitionArns.length,
    locks: await states.locks(application),
  };
}

async function scalingOf({ scaling }: MoveWorld, serviceName: string): Promise<string> {
  const of = scaledService(serviceName);
  const { ScalableTargets: [target] = [] } = await scaling.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [of.ResourceId] }),
  );
  if (target === undefined) return "none";
  const { ScalingPolicies = [] } = await scaling.send(new DescribeScalingPoliciesCommand(of));
  const suspended = Object.entries(target.SuspendedState ?? {}).flatMap(([name, on]) =>
    on === true ? name.replace("Suspended", "") : [],
  );
  const policies = ScalingPolicies.map(({ PolicyName }) => PolicyName);
  return `${target.MinCapacity ?? 0}-${target.MaxCapacity ?? 0} by ${policies.join()}, suspended ${suspended.join()}`;
}

/** How Application Auto Scaling names a service. */
export function scaledService(serviceName: string) {
  return {
    ServiceNamespace: "ecs",
    ScalableDimension: "ecs:service:DesiredCount",
    ResourceId: `service/test/${serviceName}`,
  } as const;
}

function sorted<Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(entries.toSorted(([left], [right]) => left.localeCompare(right)));
}
