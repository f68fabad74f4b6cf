import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  DeleteServiceCommand,
  DescribeServicesCommand,
  ListTaskDefinitionsCommand,
} from "@aws-sdk/client-ecs";
import {
  DeleteRuleCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { groupsOf, hostsOf } from "../../scripts/core/staged/rules.ts";
import { EndStates } from "./end-state.ts";
import { startAndKill, type KilledRun, type Moment } from "./killed-runs.ts";
import type { MoveWorld } from "./move-world.ts";
import { stageDirectly, type Standing } from "./standing-deployment.ts";

/** A command, and what it finds. */
export interface MoveScenario {
  readonly name: string;
  readonly args: readonly string[];
  readonly exitCode: number;
  /** Brings what it finds about; `old` has the traffic unless it is the only one. */
  readonly prepare: (place: Place) => Promise<void>;
  /** Whether the first deployment is all that there is. */
  readonly alone?: boolean;
  /** The alarm fires as soon as the version has a part of the traffic. */
  readonly alarmed?: boolean;
}

/** What a case plays on. */
export interface Place {
  readonly application: string;
  readonly old: Standing;
  readonly fresh: Standing;
  readonly done: (...args: readonly string[]) => Promise<unknown>;
}

const canary = ["--canary", "10%", "--bake", "30s"];

/** What is killed at every call. */
export const moveScenarios: readonly MoveScenario[] = [
  {
    name: "first activation",
    args: ["activate"],
    exitCode: 0,
    prepare: () => Promise.resolve(),
    alone: true,
  },
  { name: "activation at once", args: ["activate"], exitCode: 0, prepare: () => Promise.resolve() },
  { name: "canary", args: ["activate", ...canary], exitCode: 0, prepare: () => Promise.resolve() },
  {
    name: "canary that an alarm puts back",
    args: ["activate", ...canary, "--alarm"],
    exitCode: 1,
    prepare: () => Promise.resolve(),
    alarmed: true,
  },
  {
    name: "rollback of an activation",
    args: ["rollback"],
    exitCode: 0,
    prepare: async ({ done }) => {
      await done("activate", "--no-wait");
    },
  },
  {
    name: "rollback to a deployment that is gone",
    args: ["rollback"],
    exitCode: 0,
    prepare: async ({ done, old }) => {
      await done("activate", "--no-wait");
      await done("teardown", "--id", old.id);
    },
  },
  {
    name: "rollback in the midst of a canary",
    args: ["rollback"],
    exitCode: 0,
    prepare: async ({ done }) => {
      await done("activate", "--canary", "10%", "--bake", "1h", "killed-in-the-bake");
    },
  },
];

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

export interface MoveCase {
  readonly first: KilledRun;
  readonly exitCode: number | undefined;
  readonly state: MoveState;
  /** What the last run said. */
  readonly said: string;
}

/** Plays scenarios, each case on an application of its own. */
export class MoveKills {
  readonly #world: MoveWorld;
  readonly #states: EndStates;
  readonly #speed: number;
  #played = 0;

  /** @param speed of the runs' clocks */
  constructor(world: MoveWorld, speed: number) {
    this.#world = world;
    this.#speed = speed;
    this.#states = new EndStates({ ...world.local.settings, maxAttempts: 5 });
  }

  /** Runs the scenario's command: once, or killed at the moment and once more. */
  async play(scenario: MoveScenario, moment?: Moment): Promise<MoveCase> {
    const place = await this.#prepared(scenario);
    const { application } = place;
    const alarm = `${application}-errors`;
    const alarms = scenario.alarmed === true ? [alarm] : [];
    if (scenario.alarmed === true) await this.#world.alarm(alarm);
    const [verb = "", ...args] = [...scenario.args, ...alarms];
    const run = (proxied: string) =>
      this.#world.running([verb, application, ...args, "--timeout", "1h"], proxied, this.#speed);
    const fire = async ({ name }: { readonly name: string }): Promise<void> => {
      if (scenario.alarmed === true && name === "elasticloadbalancing:ModifyRule") {
        await this.#world.setAlarm(alarm, "ALARM");
      }
    };
    const { endpoint } = this.#world.local;
    const first = await startAndKill(run, endpoint, moment, fire);
    const last =
      moment === undefined ? first.finished : (await startAndKill(run, endpoint, undefined, fire)).finished;
    const state = await this.#stateOf(place);
    await this.#cleanUp(place);
    return { first, exitCode: last.exitCode, state, said: `${last.stdout}\n${last.stderr}` };
  }

  async #prepared(scenario: MoveScenario): Promise<Place> {
    const world = this.#world;
    const application = `case${this.#played}`;
    this.#played += 1;
    const prefix = application.padEnd(11, "0");
    const [old, fresh] = await Promise.all(
      (scenario.alone === true ? ["1", "1"] : ["1", "2"]).map(async (end, index) =>
        scenario.alone === true && index === 1
          ? undefined
          : stageDirectly(world, { application, id: `${prefix}${end}`, image: `app:${end}`, tasks: 1 }),
      ),
    );
    if (old === undefined) throw new Error("Nothing was staged.");
    const done = async (verb: string, ...args: readonly string[]): Promise<void> => {
      if (args.at(-1) === "killed-in-the-bake") {
        const shift = { when: "after", name: "elasticloadbalancing:ModifyRule", nth: 1 } as const;
        const run = (proxied: string) => world.running([verb, application, ...args.slice(0, -1)], proxied);
        await startAndKill(run, world.local.endpoint, shift);
        return;
      }
      await world.done(verb, application, ...args);
    };
    const place: Place = {
      application,
      old,
      fresh: fresh ?? old,
      done: (verb = "", ...args) => done(verb, ...args),
    };
    if (scenario.alone !== true) {
      await world.done("activate", application, "--id", old.id, "--no-wait");
      await this.#makeScalable(old);
    }
    await scenario.prepare(place);
    return place;
  }

  async #makeScalable({ serviceName }: Standing): Promise<void> {
    const of = resourceOf(serviceName);
    await this.#world.scaling.send(
      new RegisterScalableTargetCommand({ ...of, MinCapacity: 1, MaxCapacity: 4 }),
    );
    await this.#world.scaling.send(
      new PutScalingPolicyCommand({
        ...of,
        PolicyName: "cpu",
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 50,
          PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
        },
      }),
    );
  }

  async #stateOf({ application, old, fresh }: Place): Promise<MoveState> {
    const world = this.#world;
    const roles = new Map([
      [old.id, "old"],
      [fresh.id, fresh === old ? "old" : "fresh"],
    ]);
    const role = (text: string): string =>
      [...roles].find(([id]) => text.includes(id))?.[1] ?? text.replace(application, "app");
    const { TargetGroups = [] } = await world.elb.send(new DescribeTargetGroupsCommand({}));
    const groups = TargetGroups.filter(({ TargetGroupName = "" }) =>
      TargetGroupName.startsWith(`test-${application}-`),
    );
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
    const records = Object.keys(await world.records());
    return {
      live: sorted(Object.entries(live).map(([arn, weight]) => [role(arn), weight])),
      stagedHosts: Rules.flatMap(hostsOf)
        .filter((host) => host.includes(".stage.") && roles.has(host.split(".")[0] ?? ""))
        .map(role)
        .toSorted(),
      records: records
        .filter(
          (name) => name.startsWith(`${application}.`) || [...roles.keys()].some((id) => name.startsWith(id)),
        )
        .map(role)
        .toSorted(),
      tags: sorted(tags),
      services: sorted(
        services.map(({ serviceName = "", status, desiredCount, runningCount }) => [
          role(serviceName),
          `${status ?? ""} ${runningCount ?? 0}/${desiredCount ?? 0}`,
        ]),
      ),
      scaling: sorted(
        await Promise.all(names.map(async (name) => [role(name), await this.#scalingOf(name)])),
      ),
      revisions: taskDefinitionArns.length,
      locks: await this.#states.locks(application),
    };
  }

  async #scalingOf(serviceName: string): Promise<string> {
    const { scaling } = this.#world;
    const of = resourceOf(serviceName);
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

  /** So that many cases leave no crowd behind. */
  async #cleanUp({ application, old, fresh }: Place): Promise<void> {
    const { elb, ecs, listenerArn } = this.#world;
    const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn: listenerArn }));
    const arns = [old.targetGroupArn, fresh.targetGroupArn];
    const own = Rules.filter(
      (rule) =>
        hostsOf(rule).includes(`${application}.example.com`) ||
        groupsOf(rule).some(({ targetGroupArn }) => arns.includes(targetGroupArn)),
    );
    for (const { RuleArn } of own) await elb.send(new DeleteRuleCommand({ RuleArn }));
    for (const service of new Set([old.serviceName, fresh.serviceName])) {
      await ecs
        .send(new DeleteServiceCommand({ cluster: "test", service, force: true }))
        .catch(() => undefined);
    }
  }
}

function resourceOf(serviceName: string) {
  return {
    ServiceNamespace: "ecs",
    ScalableDimension: "ecs:service:DesiredCount",
    ResourceId: `service/test/${serviceName}`,
  } as const;
}

function sorted<Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(entries.toSorted(([left], [right]) => left.localeCompare(right)));
}
