import {
  AutoScalingClient,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import {
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { readAlarms, takeAlarms } from "../alarms/sync.ts";
import type { Clock } from "../clock.ts";
import { handleCodeDeploy } from "../codedeploy/edge.ts";
import type { CertificateAuthority } from "../elb/certificates.ts";
import type { ContainerOptions } from "../containers/runner.ts";
import { TaskContainers } from "../containers/task-containers.ts";
import { EventBus } from "../events/bus.ts";
import { takeHookAnswer } from "../ecs/strategies/hooks.ts";
import { HealthChecker } from "../elb/checker.ts";
import { readInstanceStates, synchronizeInstances } from "../elb/instances.ts";
import { Listeners } from "../elb/listeners.ts";
import { readRoutingModel } from "../elb/sync.ts";
import { HookInvoker, type LocalHooks } from "../hooks/invoker.ts";
import { readHosts, readSubnets } from "../hosts/read.ts";
import { takeHosts } from "../hosts/sync.ts";
import { Region } from "../region.ts";
import { changesBetween } from "../timeline/changes.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Effect } from "../world/effects.ts";
import { MotoWrites } from "./moto-writes.ts";

/** Moto's one account. */
const account = "123456789012";

/** What moto must be asked again about, after a call that may have changed it. */
export type Aspect = "routing" | "hosts" | "subnets" | "alarms" | "rules";

/** What the regions of one gateway share. */
export interface Shared {
  readonly clock: Clock;
  readonly motoEndpoint: string;
  readonly log: (message: string) => void;
  /** Whose certificates the HTTPS listeners show. */
  readonly authority: CertificateAuthority;
  /** What stands in for Lambda functions. */
  readonly hooks: LocalHooks;
  /** How containers are run. */
  readonly containers: ContainerOptions;
  readonly timeline: Timeline;
}

/** A region with everything that serves it: the state, its load balancers, and the way to moto. */
export class RegionServices {
  readonly region: Region;
  readonly listeners: Listeners;
  readonly hooks: HookInvoker;
  readonly #motoEndpoint: string;
  readonly #containers: TaskContainers;
  readonly #checker: HealthChecker;
  readonly #elb: ElasticLoadBalancingV2Client;
  readonly #autoScaling: AutoScalingClient;
  readonly #ec2: EC2Client;
  readonly #cloudWatch: CloudWatchClient;
  readonly #turns = new Map<Aspect, Promise<void>>();
  readonly #waiting = new Map<Aspect, Promise<void>>();
  /** What of the routing may have changed in moto since it was read. */
  #changed = new Set<string>();
  readonly #writes: MotoWrites;
  readonly #events: EventBus;

  constructor(name: string, shared: Shared) {
    const { clock, motoEndpoint, log, authority, hooks, containers, timeline } = shared;
    this.#writes = new MotoWrites(log);
    this.#motoEndpoint = motoEndpoint;
    this.region = new Region(name, account, clock, log, containers);
    this.region.onChange((after, before) => {
      for (const change of changesBetween(before, after)) timeline.add({ ...change, region: name });
    });
    this.#events = new EventBus(this.region, motoEndpoint, log);
    this.#containers = new TaskContainers(this.region, motoEndpoint, log);
    this.listeners = new Listeners(this.region, authority);
    this.#checker = new HealthChecker(this.region);
    this.hooks = new HookInvoker({ region: name, motoEndpoint, hooks });
    const settings = {
      region: name,
      endpoint: motoEndpoint,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    };
    this.#elb = new ElasticLoadBalancingV2Client(settings);
    this.#autoScaling = new AutoScalingClient(settings);
    this.#ec2 = new EC2Client(settings);
    this.#cloudWatch = new CloudWatchClient(settings);
    this.region.handle("resize-group", ({ group, desired }) =>
      this.#changeGroup(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity: desired }),
      ),
    );
    this.region.handle("terminate-host", ({ ec2InstanceId }) =>
      this.#changeGroup(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: ec2InstanceId,
          ShouldDecrementDesiredCapacity: true,
        }),
      ),
    );
    handleCodeDeploy(this.region, { motoEndpoint, hooks: this.hooks, log });
    this.region.handle("shift-traffic", (effect) => this.#writes.write(() => this.#shiftTraffic(effect)));
    this.region.handle("deployment-hook", async (effect) => {
      const answer = await this.hooks.invoke(effect.functionArn, JSON.parse(effect.event));
      this.region.transact((transaction) => {
        takeHookAnswer(transaction, effect, answer);
      });
    });
  }

  /**
   * Takes an aspect of moto's state into ours, so that the next read shows it. One at a time, so that an older answer
   * never overwrites a newer one; calls that wait share the next turn.
   *
   * @param changed ARNs of what is read again although it is known, see `readRoutingModel`
   */
  synchronize(aspect: Aspect, changed: readonly string[] = []): Promise<void> {
    for (const arn of changed) this.#changed.add(arn);
    const waiting = this.#waiting.get(aspect);
    if (waiting) return waiting;
    const turn = (this.#turns.get(aspect) ?? Promise.resolve()).then(async () => {
      this.#waiting.delete(aspect);
      await this.#take(aspect);
    });
    this.#waiting.set(aspect, turn);
    this.#turns.set(
      aspect,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** Resolves when moto knows all that the state has decided so far. */
  get told(): Promise<unknown> {
    return this.#writes.told;
  }

  /** Moto's Elastic Load Balancing in this Region. */
  get elb(): ElasticLoadBalancingV2Client {
    return this.#elb;
  }

  /** The states of EC2 instances by id, of those that exist. */
  instanceStates(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return readInstanceStates(this.#ec2, ids);
  }

  async #take(aspect: Aspect): Promise<void> {
    switch (aspect) {
      case "routing":
        await this.#synchronizeRouting();
        break;
      case "hosts":
        await this.#synchronizeHosts();
        break;
      case "subnets":
        await this.#synchronizeSubnets();
        break;
      case "alarms":
        await this.#synchronizeAlarms();
        break;
      case "rules":
        await this.#events.readRules();
        break;
    }
  }

  /** Has a word about a group's instances carried out, and takes the hosts that come of it. */
  async #changeGroup(
    command: SetDesiredCapacityCommand | TerminateInstanceInAutoScalingGroupCommand,
  ): Promise<void> {
    await this.#writes.write(() =>
      command instanceof SetDesiredCapacityCommand
        ? this.#autoScaling.send(command)
        : this.#autoScaling.send(command),
    );
    await this.synchronize("hosts");
  }

  #shiftTraffic({
    ruleOrListenerArn,
    actions,
  }: Extract<Effect, { type: "shift-traffic" }>): Promise<unknown> {
    if (ruleOrListenerArn.includes(":listener-rule/")) {
      return this.#elb.send(new ModifyRuleCommand({ RuleArn: ruleOrListenerArn, Actions: [...actions] }));
    }
    return this.#elb.send(
      new ModifyListenerCommand({ ListenerArn: ruleOrListenerArn, DefaultActions: [...actions] }),
    );
  }

  async #synchronizeHosts(): Promise<void> {
    const { hosts, groups } = await this.#writes.readAfter(() => readHosts(this.#autoScaling, this.#ec2));
    this.region.transact((transaction) => {
      takeHosts(transaction, hosts, groups);
    });
    await synchronizeInstances(this.region, this.#ec2);
  }

  async #synchronizeSubnets(): Promise<void> {
    const subnets = await readSubnets(this.#ec2);
    this.region.transact(({ state }) => {
      const known = state.ecs.subnets;
      state.ecs.subnets = Object.fromEntries(
        subnets.map((subnet) => [subnet.id, { ...subnet, nextAddress: known[subnet.id]?.nextAddress ?? 0 }]),
      );
    });
  }

  async #synchronizeAlarms(): Promise<void> {
    const found = await readAlarms(this.#cloudWatch);
    this.region.transact((transaction) => {
      takeAlarms(transaction, found);
    });
  }

  async #synchronizeRouting(): Promise<void> {
    const changed = this.#changed;
    this.#changed = new Set();
    const model = await this.#writes
      .readAfter(() =>
        readRoutingModel({
          client: this.#elb,
          motoEndpoint: this.#motoEndpoint,
          known: this.region.state.elb,
          changed,
        }),
      )
      .catch((error: unknown) => {
        for (const arn of changed) this.#changed.add(arn);
        throw error;
      });
    this.region.transact(({ state }) => {
      Object.assign(state.elb, model);
      for (const arn of Object.keys(state.elb.targets)) {
        if (!model.targetGroups[arn]) Reflect.deleteProperty(state.elb.targets, arn);
      }
    });
    await this.listeners.reconcile();
  }

  /** Ends everything that runs for this region. */
  close(): void {
    this.#checker.close();
    this.#containers.close();
    this.hooks.close();
    this.listeners.close();
    this.region.close();
    this.#elb.destroy();
    this.#autoScaling.destroy();
    this.#ec2.destroy();
    this.#cloudWatch.destroy();
  }
}
