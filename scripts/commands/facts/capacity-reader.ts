import type { ContainerInstance, Task } from "@aws-sdk/client-ecs";

import { ecsCapacityPort } from "../../aws/ecs-capacity.ts";
import { ecsRunningTasksPort } from "../../aws/ecs-running-tasks.ts";
import type { Growth } from "../../core/capacity/forecast.ts";
import { lastPart } from "../../core/capacity/demand.ts";
import type { RolloutSubject } from "../../core/capacity/rollout.ts";
import type { RegisteredRevision } from "../../core/deployment/task-definition.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { Facts } from "../../core/verify/facts.ts";
import type { RunContext } from "../run-context.ts";

/** Tasks and container instances are listed and described a hundred a call. */
const perCall = 100;

/** What the capacity forecast reads of one cluster. Every method throws AwsCallError. */
export interface CapacityReader {
  hosts(): Promise<readonly ContainerInstance[]>;
  /** Tasks that run or start, by subject. */
  tasks(
    subjects: readonly RolloutSubject[],
    hosts: readonly ContainerInstance[],
  ): Promise<readonly (readonly Task[])[]>;
  /** Tasks of a service that were asked to stop and have not yet. */
  stoppingTasks(subject: RolloutSubject): Promise<readonly Task[]>;
  hostsMatching(expression: string): Promise<readonly string[]>;
  /** Those of the capacity providers that add hosts by themselves, and how many they still may. */
  growth(providers: readonly string[]): Promise<readonly Growth[]>;
  revision(arn: string): Promise<RegisteredRevision | undefined>;
}

/** Reads through the run's AWS ports; what was asked once is not asked again. */
export function capacityReader(
  cluster: string,
  { connect, ecs }: Pick<RunContext, "connect" | "ecs">,
  facts: Pick<Facts, "hosts">,
): CapacityReader {
  const capacity = connect(ecsCapacityPort);
  const runningTasks = connect(ecsRunningTasksPort);
  const matching = new Map<string, Promise<readonly string[]>>();

  return {
    async hosts() {
      const answer = await facts.hosts(cluster);
      if (answer.kind === "unread") throw new AwsCallError("Unread", answer.why);
      return answer.kind === "found" ? answer.value : [];
    },

    async tasks(subjects, hosts) {
      const counts = subjects.map(
        ({ running }) => (running?.runningCount ?? 0) + (running?.pendingCount ?? 0),
      );
      const onHosts = hosts.reduce(
        (total, host) => total + (host.runningTasksCount ?? 0) + (host.pendingTasksCount ?? 0),
        0,
      );
      const alone = counts.reduce((calls, count) => calls + Math.ceil(count / perCall), 0);
      if (alone <= Math.ceil(onHosts / perCall)) {
        return Promise.all(
          subjects.map(({ serviceName }, index) =>
            counts[index] === 0
              ? Promise.resolve([])
              : runningTasks.ofService(cluster, serviceName, "RUNNING"),
          ),
        );
      }
      // With many services it takes fewer calls to ask for every task of the cluster.
      const all = await capacity.tasksOnHosts(cluster);
      return subjects.map(({ serviceName }) => all.filter(({ group }) => group === `service:${serviceName}`));
    },

    async stoppingTasks({ serviceName, running }) {
      if (running === undefined) return [];
      const tasks = await runningTasks.ofService(cluster, serviceName, "STOPPED");
      return tasks.filter(({ lastStatus }) => lastStatus !== "STOPPED");
    },

    hostsMatching(expression) {
      const known = matching.get(expression) ?? capacity.hostsMatching(cluster, expression);
      matching.set(expression, known);
      return known;
    },

    async growth(names) {
      if (names.length === 0) return [];
      const providers = (await capacity.capacityProviders(names)).filter(
        ({ autoScalingGroupProvider }) => autoScalingGroupProvider?.managedScaling?.status === "ENABLED",
      );
      const groupNames = providers.map(({ autoScalingGroupProvider }) =>
        lastPart(autoScalingGroupProvider?.autoScalingGroupArn ?? ""),
      );
      if (providers.length === 0) return [];
      const { autoScalingGroupsPort } = await import("../../aws/auto-scaling-groups.ts");
      const groups = await connect(autoScalingGroupsPort).describe([...new Set(groupNames)]);
      return providers.map(({ name = "" }, index) => {
        const group = groups.find((candidate) => candidate.name === groupNames[index]);
        return { provider: name, mayAdd: Math.max(0, (group?.maxSize ?? 0) - (group?.desiredCapacity ?? 0)) };
      });
    },

    revision: (arn) => ecs.describeTaskDefinition(arn),
  };
}
