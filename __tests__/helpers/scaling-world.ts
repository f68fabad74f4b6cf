import { createCapacityProvider } from "../../scripts/local/ecs/api/capacity-providers.ts";
import { putClusterCapacityProviders } from "../../scripts/local/ecs/api/clusters.ts";
import type { FoundGroup } from "../../scripts/local/hosts/read.ts";
import { takeHosts } from "../../scripts/local/hosts/sync.ts";
import type { Effect } from "../../scripts/local/world/effects.ts";
import { step } from "../../scripts/local/world/step.ts";
import { transact } from "../../scripts/local/world/transaction.ts";
import { World } from "./local-world.ts";

/** What tests change of the group. */
type Group = { -readonly [Field in keyof FoundGroup]: FoundGroup[Field] };

type ManagedScaling = Partial<{
  targetCapacity: number;
  minimumScalingStepSize: number;
  maximumScalingStepSize: number;
}>;

/** A cluster whose hosts come from one auto-scaling group that does as it is told, as EC2 would. */
export class ScalingWorld extends World {
  readonly group: Group;
  /** What was asked of the group, oldest first. */
  readonly asked: Effect[] = [];
  #instances: string[] = [];
  #made = 0;

  constructor({
    hosts = 0,
    maximum = 10,
    ...managedScaling
  }: ManagedScaling & { hosts?: number; maximum?: number }) {
    super({ hosts: 0 });
    this.group = {
      name: "group",
      arn: "arn:group",
      minimum: 0,
      maximum,
      desired: hosts,
      size: { cpu: 2048, memoryMiB: 1000 },
      template: "lt-1:1",
      warmupSeconds: 0,
      instances: [],
    };
    this.call((call) =>
      createCapacityProvider(call, {
        name: "pool",
        autoScalingGroupProvider: {
          autoScalingGroupArn: "arn:group",
          managedScaling: { status: "ENABLED", ...managedScaling },
        },
      }),
    );
    this.call((call) =>
      putClusterCapacityProviders(call, {
        cluster: "test",
        capacityProviders: ["pool"],
        defaultCapacityProviderStrategy: [{ capacityProvider: "pool", weight: 1 }],
      }),
    );
    this.resize();
  }

  /** Lets time pass a second at a time, and what was asked of the group happen. */
  override pass(seconds: number): void {
    for (let second = 0; second < seconds; second += 1) {
      this.now += 1000;
      const { state, effects } = step(this.state, this.now);
      this.state = state;
      for (const effect of effects) this.#carryOut(effect);
    }
  }

  #carryOut(effect: Effect): void {
    if (effect.type === "resize-group") this.group.desired = effect.desired;
    else if (effect.type === "terminate-host") {
      this.group.desired -= 1;
      this.#instances = this.#instances.filter((id) => id !== effect.ec2InstanceId);
    } else return;
    this.asked.push(effect);
    this.resize();
  }

  /** Has the group launch what it lacks, and the state see the group as it is. */
  resize({ isProtected = false } = {}): void {
    while (this.#instances.length < this.group.desired) {
      this.#instances.push(`i-${this.#made}`);
      this.#made += 1;
    }
    const hosts = this.#instances.map((ec2InstanceId) => ({
      ec2InstanceId,
      autoScalingGroup: "group",
      autoScalingGroupArn: "arn:group",
      clusterName: null,
      instanceType: "t3.small",
      availabilityZone: "us-east-1a",
      subnetId: "subnet-1",
      address: `10.0.0.${10 + Number(ec2InstanceId.slice(2))}`,
      imageId: "ami-1",
      cpu: 2048,
      memoryMiB: 1000,
    }));
    const instances = this.#instances.map((ec2InstanceId) => ({ ec2InstanceId, isProtected }));
    this.state = transact(this.state, this.now, (call) => {
      takeHosts(call, hosts, [{ ...this.group, instances }]);
    }).state;
  }

  get hosts() {
    return Object.values(this.state.ecs.hosts);
  }
}
