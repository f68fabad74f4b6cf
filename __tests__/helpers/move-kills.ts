import {
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { DeleteServiceCommand } from "@aws-sdk/client-ecs";
import {
  AddTagsCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeRulesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { suspendedState } from "../../scripts/core/scaling/comparable.ts";
import { stagedTags } from "../../scripts/core/staged/model.ts";
import { groupsOf, hostsOf } from "../../scripts/core/staged/rules.ts";
import { allSuspended } from "../../scripts/core/staged/suspension.ts";
import { EndStates } from "./end-state.ts";
import { startAndKill, type KilledRun, type Moment } from "./killed-runs.ts";
import type { MoveScenario, Place } from "./move-scenarios.ts";
import { isHostOf, moveState, scaledService, targetGroupsOf, type MoveState } from "./move-state.ts";
import type { MoveWorld } from "./move-world.ts";
import { stageDirectly, type Standing } from "./standing-deployment.ts";

export { moveScenarios } from "./move-scenarios.ts";

const noneSuspended = { dynamicScalingIn: false, dynamicScalingOut: false, scheduledScaling: false };

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
    const state = await moveState(this.#world, this.#states, place);
    await this.#cleanUp(place);
    return { first, exitCode: last.exitCode, state, said: `${last.stdout}\n${last.stderr}` };
  }

  async #prepared(scenario: MoveScenario): Promise<Place> {
    const world = this.#world;
    const application = `case${this.#played}`;
    this.#played += 1;
    // With a letter, so that no id of case1 is one of case10.
    const prefix = application.padEnd(11, "x");
    const [old, fresh] = await Promise.all(
      (scenario.alone === true ? ["1", "1"] : ["1", "2"]).map(async (end, index) =>
        scenario.alone === true && index === 1
          ? undefined
          : stageDirectly(world, {
              application,
              id: `${prefix}${end}`,
              image: `app:${end}`,
              tasks: scenario.scaled === true && index === 0 ? 2 : 1,
            }),
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
      await this.#makeScalable(old, scenario.scaled === true);
      if (scenario.scaled === true) await this.#makeScalable(place.fresh, true, allSuspended);
    }
    await scenario.prepare(place);
    return place;
  }

  /** @param isOwn whether it says so, as one that was staged with an autoscaling template */
  async #makeScalable(
    { serviceName, targetGroupArn }: Standing,
    isOwn: boolean,
    suspension = noneSuspended,
  ): Promise<void> {
    const of = scaledService(serviceName);
    await this.#world.scaling.send(
      new RegisterScalableTargetCommand({
        ...of,
        MinCapacity: 1,
        MaxCapacity: 4,
        SuspendedState: suspendedState(suspension),
      }),
    );
    if (isOwn) {
      const tag = { Key: stagedTags.ownAutoscaling, Value: "none" };
      await this.#world.elb.send(new AddTagsCommand({ ResourceArns: [targetGroupArn], Tags: [tag] }));
    }
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

  /** So that many cases leave no crowd behind, which would slow each next one down. */
  async #cleanUp(place: Place): Promise<void> {
    const { application, old, fresh } = place;
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
    for (const { TargetGroupArn } of await targetGroupsOf(this.#world, application)) {
      await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    }
    await this.#world.removeRecords(isHostOf(place));
  }
}
