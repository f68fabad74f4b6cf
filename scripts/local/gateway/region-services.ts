import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import {
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import type { Clock } from "../clock.ts";
import { HealthChecker } from "../elb/checker.ts";
import { Listeners } from "../elb/listeners.ts";
import { readRoutingModel } from "../elb/sync.ts";
import { readHosts, readSubnets, takeHosts } from "../hosts/sync.ts";
import { Region } from "../region.ts";
import type { Effect } from "../world/effects.ts";

/** Moto's one account. */
const account = "123456789012";

/** What moto must be asked again about, after a call that may have changed it. */
export type Aspect = "routing" | "hosts" | "subnets";

/** A region with everything that serves it: the state, its load balancers, and the way to moto. */
export class RegionServices {
  readonly region: Region;
  readonly listeners: Listeners;
  readonly #log: (message: string) => void;
  readonly #checker: HealthChecker;
  readonly #elb: ElasticLoadBalancingV2Client;
  readonly #autoScaling: AutoScalingClient;
  readonly #ec2: EC2Client;
  readonly #turns = new Map<Aspect, Promise<void>>();
  readonly #waiting = new Map<Aspect, Promise<void>>();
  /** What the state has decided and moto is yet to be told, and how often there was such a thing. */
  #writes: Promise<unknown> = Promise.resolve();
  #writeCount = 0;

  constructor(name: string, clock: Clock, motoEndpoint: string, log: (message: string) => void) {
    this.#log = log;
    this.region = new Region(name, account, clock, log);
    this.listeners = new Listeners(this.region);
    this.#checker = new HealthChecker(this.region);
    const settings = {
      region: name,
      endpoint: motoEndpoint,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    };
    this.#elb = new ElasticLoadBalancingV2Client(settings);
    this.#autoScaling = new AutoScalingClient(settings);
    this.#ec2 = new EC2Client(settings);
    this.region.handle("shift-traffic", (effect) => this.#write(() => this.#shiftTraffic(effect)));
  }

  /**
   * Takes an aspect of moto's state into ours, so that the next read shows it. One at a time, so that an older answer
   * never overwrites a newer one; calls that wait share the next turn.
   */
  synchronize(aspect: Aspect): Promise<void> {
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
    }
  }

  #write(work: () => Promise<unknown>): Promise<unknown> {
    this.#writeCount += 1;
    this.#writes = this.#writes.then(work).catch((error: unknown) => {
      this.#log(`error ${String(error)}`);
    });
    return this.#writes;
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

  /** Reads from moto what holds all that was written to it, also while it was read. */
  async #readAfterWrites<Model>(read: () => Promise<Model>): Promise<Model> {
    for (;;) {
      await this.#writes;
      const count = this.#writeCount;
      const model = await read();
      if (count === this.#writeCount) return model;
    }
  }

  async #synchronizeHosts(): Promise<void> {
    const hosts = await readHosts(this.#autoScaling, this.#ec2);
    this.region.transact((transaction) => {
      takeHosts(transaction, hosts);
    });
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

  async #synchronizeRouting(): Promise<void> {
    const model = await this.#readAfterWrites(() => readRoutingModel(this.#elb));
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
    this.listeners.close();
    this.region.close();
    this.#elb.destroy();
    this.#autoScaling.destroy();
    this.#ec2.destroy();
  }
}
