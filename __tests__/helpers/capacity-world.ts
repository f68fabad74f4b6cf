import type { ContainerInstance, Task } from "@aws-sdk/client-ecs";

import type { CapacityReader } from "../../scripts/commands/facts/capacity-reader.ts";
import { forecastCluster, type HostedSubject } from "../../scripts/commands/facts/cluster-capacity.ts";
import type { Forecast } from "../../scripts/core/capacity/forecast.ts";
import { createCapacityProvider } from "../../scripts/local/ecs/api/capacity-providers.ts";
import { putClusterCapacityProviders } from "../../scripts/local/ecs/api/clusters.ts";
import { describeTaskDefinition } from "../../scripts/local/ecs/api/task-definitions.ts";
import {
  describeContainerInstances,
  listContainerInstances,
  updateContainerInstancesState,
} from "../../scripts/local/ecs/api/container-instances.ts";
import { describeTasks, listTasks } from "../../scripts/local/ecs/api/tasks.ts";
import { takeHosts } from "../../scripts/local/hosts/sync.ts";
import { World } from "./local-world.ts";

/** What a host of a test offers. */
export interface HostSize {
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** How long nothing moves before a rollout is called stuck: longer than any wait of the scheduler without failures. */
const stillFor = 300;

/** A cluster with hosts of several sizes, which the forecast is asked about and the scheduler then tries. */
export class CapacityWorld extends World {
  readonly #sizes: HostSize[] = [];

  /** @param provider the capacity provider that the hosts are of */
  constructor(hosts: readonly HostSize[], provider?: string) {
    super({ hosts: 0 });
    if (provider !== undefined) {
      this.call((call) =>
        createCapacityProvider(call, {
          name: provider,
          autoScalingGroupProvider: { autoScalingGroupArn: "arn:hosts" },
        }),
      );
      this.call((call) =>
        putClusterCapacityProviders(call, {
          cluster: "test",
          capacityProviders: [provider],
          defaultCapacityProviderStrategy: [],
        }),
      );
    }
    for (const host of hosts) this.addHost(host);
  }

  /** A further host, in the other zone than the one before. */
  addHost(size: HostSize): void {
    this.#sizes.push(size);
    this.call((call) => {
      takeHosts(
        call,
        this.#sizes.map(({ cpu, memoryMiB }, index) => ({
          ec2InstanceId: `i-${index}`,
          autoScalingGroup: "hosts",
          autoScalingGroupArn: "arn:hosts",
          clusterName: "test",
          instanceType: "t3.small",
          availabilityZone: index % 2 === 0 ? "us-east-1a" : "us-east-1b",
          subnetId: "subnet-1",
          address: `10.0.0.${index + 10}`,
          imageId: "ami-1",
          cpu,
          memoryMiB,
        })),
      );
      return null;
    });
  }

  /** Sets every host DRAINING but one. */
  drainOthers(hostId: string): void {
    const containerInstances = Object.keys(this.state.ecs.hosts).filter((id) => id !== hostId);
    this.call((call) =>
      updateContainerInstancesState(call, { cluster: "test", containerInstances, status: "DRAINING" }),
    );
  }

  /** What the deploy script would say of services before it changes them. */
  async forecast(subjects: readonly HostedSubject[], mayAdd?: number): Promise<readonly Forecast[]> {
    return forecastCluster(subjects, this.reader(mayAdd));
  }

  /** Lets time pass until the service is steady, or until nothing has moved for long. @returns whether it is stuck */
  isStuck(): boolean {
    let picture = "";
    for (let still = 0; still < stillFor; still += 5) {
      this.pass(5);
      if (this.isSteady()) return false;
      const now = this.tasks.map(({ id, lastStatus }) => id + lastStatus).join();
      if (now !== picture) still = 0;
      picture = now;
    }
    return true;
  }

  /** The reads of the forecast, answered by the local AWS's own handlers. */
  reader(mayAdd?: number): CapacityReader {
    const cluster = "test";
    const tasks = (serviceName: string, desiredStatus: "RUNNING" | "STOPPED"): Task[] => {
      const { taskArns } = this.call((call) => listTasks(call, { cluster, serviceName, desiredStatus }));
      if (taskArns.length === 0) return [];
      const answer = this.call((call) => describeTasks(call, { cluster, tasks: taskArns }));
      return answer.tasks.map((task) => withDate(task, "createdAt"));
    };
    const listed = (filter?: string): string[] =>
      this.call((call) => listContainerInstances(call, { cluster, ...(filter !== undefined && { filter }) }))
        .containerInstanceArns;
    return {
      hosts: () => {
        const containerInstances = listed();
        if (containerInstances.length === 0) return Promise.resolve([]);
        const answer = this.call((call) => describeContainerInstances(call, { cluster, containerInstances }));
        return Promise.resolve(
          answer.containerInstances.map((host): ContainerInstance => withDate(host, "registeredAt")),
        );
      },
      tasks: (subjects) => Promise.resolve(subjects.map(({ serviceName }) => tasks(serviceName, "RUNNING"))),
      stoppingTasks: ({ serviceName }) =>
        Promise.resolve(tasks(serviceName, "STOPPED").filter(({ lastStatus }) => lastStatus !== "STOPPED")),
      hostsMatching: (expression) => Promise.resolve(listed(expression)),
      growth: (providers) =>
        Promise.resolve(mayAdd === undefined ? [] : providers.map((provider) => ({ provider, mayAdd }))),
      revision: (arn) => {
        const { taskDefinition } = this.call((call) => describeTaskDefinition(call, { taskDefinition: arn }));
        return Promise.resolve({ taskDefinition, tags: [] });
      },
    };
  }
}

/** What a handler answered, with a date that has become text made a date again. */
function withDate<Described>(described: Described, member: keyof Described): Described {
  const value = described[member];
  return typeof value === "string" ? { ...described, [member]: new Date(value) } : described;
}
