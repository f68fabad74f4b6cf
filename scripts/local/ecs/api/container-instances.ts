import type {
  ContainerInstance,
  DeregisterContainerInstanceCommandInput,
  DescribeContainerInstancesCommandInput,
  Failure,
  ListContainerInstancesCommandInput,
  UpdateContainerInstancesStateCommandInput,
} from "@aws-sdk/client-ecs";

import { hostUse } from "../host-use.ts";
import { drainHost, reactivateHost } from "../hosts-of-cluster.ts";
import { requestStop } from "../lifecycle.ts";
import { hostsOf, tasksOn } from "../queries.ts";
import type { ClusterRecord, HostRecord } from "../state.ts";
import { findCluster, nameOf, page, type Call } from "./call.ts";
import { invalidParameter } from "./errors.ts";
import { readQuery } from "./placement-rules.ts";
import { presentHost } from "./present-task.ts";

interface InstancesAnswer {
  containerInstances: ContainerInstance[];
  failures: Failure[];
}

const mostInstances = 100;

/** Lists ARNs of the cluster's container instances, by status and by an expression of the cluster query language. */
export function listContainerInstances(
  call: Call,
  input: ListContainerInstancesCommandInput,
): { containerInstanceArns: string[]; nextToken: string | undefined } {
  const cluster = findCluster(call, input.cluster);
  const query = input.filter === undefined ? undefined : readQuery(input.filter);
  const hosts = hostsOf(call.state, cluster.name).filter((host) => {
    const { groups, runningTasks } = hostUse(call.state, host);
    const fits = !query || query({ host, groups, runningTasks });
    return fits && (input.status === undefined || input.status === host.status);
  });
  const { items, nextToken } = page(hosts, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 100,
  });
  return { containerInstanceArns: items.map(({ arn }) => arn), nextToken };
}

/** Describes container instances with what is left of their resources. */
export function describeContainerInstances(
  call: Call,
  input: DescribeContainerInstancesCommandInput,
): InstancesAnswer {
  return answer(call, findCluster(call, input.cluster), input.containerInstances);
}

/**
 * Sets container instances ACTIVE, or DRAINING: then nothing new is placed on them, and their services' tasks move
 * away as the percentages of each service allow.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html
 */
export function updateContainerInstancesState(
  call: Call,
  input: UpdateContainerInstancesStateCommandInput,
): InstancesAnswer {
  const cluster = findCluster(call, input.cluster);
  if (input.status !== "ACTIVE" && input.status !== "DRAINING") {
    throw invalidParameter("Container instance status should be one of [ACTIVE, DRAINING]");
  }
  for (const id of (input.containerInstances ?? []).map(nameOf)) {
    const host = hostIn(call, cluster, id);
    if (!host) continue;
    if (input.status === "DRAINING") drainHost(call, host);
    else reactivateHost(call, host);
  }
  return answer(call, cluster, input.containerInstances);
}

/** Takes a container instance out of its cluster; with tasks on it only by force, and they stop. */
export function deregisterContainerInstance(
  call: Call,
  input: DeregisterContainerInstanceCommandInput,
): { containerInstance: ContainerInstance } {
  const cluster = findCluster(call, input.cluster);
  const host = hostIn(call, cluster, nameOf(input.containerInstance ?? ""));
  if (!host)
    throw invalidParameter(
      "Referenced container instance " + (input.containerInstance ?? "") + " not found.",
    );
  const tasks = tasksOn(call.state, host);
  if (tasks.length > 0 && input.force !== true) {
    throw invalidParameter("Found running tasks on the instance.");
  }
  const containerInstance = { ...presentHost(call, host), status: "INACTIVE", agentConnected: false };
  for (const task of tasks) {
    requestStop(call, task, "ServiceSchedulerInitiated", `Container instance deregistration forced by user.`);
  }
  call.state.ecs.deregisteredHosts = [...(call.state.ecs.deregisteredHosts ?? []), host.ec2InstanceId];
  Reflect.deleteProperty(call.state.ecs.hosts, host.id);
  return { containerInstance };
}

function hostIn({ state }: Call, { name }: ClusterRecord, id: string): HostRecord | undefined {
  const host = state.ecs.hosts[id];
  return host?.clusterName === name ? host : undefined;
}

function answer(call: Call, cluster: ClusterRecord, asked: readonly string[] | undefined): InstancesAnswer {
  const ids = (asked ?? []).map(nameOf);
  if (ids.length === 0) throw invalidParameter("Container instance cannot be empty.");
  if (ids.length > mostInstances) {
    throw invalidParameter(`Container instances can have at most ${mostInstances} items.`);
  }
  const { region, account } = call.state;
  return {
    containerInstances: ids.flatMap((id) => {
      const host = hostIn(call, cluster, id);
      return host ? [presentHost(call, host)] : [];
    }),
    failures: ids
      .filter((id) => !hostIn(call, cluster, id))
      .map((id) => ({
        arn: `arn:aws:ecs:${region}:${account}:container-instance/${cluster.name}/${id}`,
        reason: "MISSING",
      })),
  };
}
