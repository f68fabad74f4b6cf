import { primaryTaskSet } from "../ecs/task-sets.ts";
import { presentService } from "../ecs/api/present-service.ts";
import type { Fault } from "../faults/fault.ts";
import type { RegionServices } from "./region-services.ts";

/** A listener of a load balancer and where it is served on this machine. */
export interface ListenerStatus {
  readonly region: string;
  readonly loadBalancer: string;
  readonly dnsName: string;
  readonly listenerArn: string;
  readonly protocol: string;
  readonly port: number;
  readonly localPort: number;
  readonly url: string;
}

/** A service in short. */
interface ServiceStatus {
  readonly name: string;
  readonly status: string;
  readonly taskDefinition: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly rolloutState: string;
}

/** A cluster with its services. */
export interface ClusterStatus {
  readonly region: string;
  readonly name: string;
  readonly hosts: number;
  readonly services: readonly ServiceStatus[];
}

/** A task that has not stopped, and where its containers listen on this machine. */
export interface TaskStatus {
  readonly region: string;
  readonly taskArn: string;
  readonly group: string;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly taskDefinition: string;
  /** One for each port, past every load balancer. */
  readonly urls: readonly string[];
}

/** What `GET /_slipway/status` answers. */
export interface Status {
  readonly endpoint: string;
  /** Process id of the gateway. */
  readonly pid: number;
  readonly region: string;
  readonly speed: number;
  /** Whether time stands still until it is stepped or resumed. */
  readonly held: boolean;
  readonly throttle: boolean;
  readonly enforceIam: boolean;
  /** Whether containers run their real images. */
  readonly docker: boolean;
  readonly faults: readonly Fault[];
  readonly moto: { readonly version: string; readonly port: number };
  readonly listeners: readonly ListenerStatus[];
  readonly clusters: readonly ClusterStatus[];
}

/** The listeners of a region that are open. */
export function listenersOf({ region, listeners }: RegionServices): ListenerStatus[] {
  const { elb, region: name } = region.state;
  return listeners.open().flatMap(({ arn, localPort }) => {
    const listener = elb.listeners[arn];
    const loadBalancer = elb.loadBalancers[listener?.loadBalancerArn ?? ""];
    if (!listener || !loadBalancer) return [];
    return [
      {
        region: name,
        loadBalancer: loadBalancer.name,
        dnsName: loadBalancer.dnsName,
        listenerArn: arn,
        protocol: listener.protocol,
        port: listener.port,
        localPort,
        url: `${listener.protocol.toLowerCase()}://127.0.0.1:${localPort}/`,
      },
    ];
  });
}

/** The clusters of a region that are ACTIVE, with their services that are not INACTIVE. */
export function clustersOf({ region }: RegionServices): ClusterStatus[] {
  return region.transact((transaction) => {
    const call = { ...transaction, toDate: (instant: number) => region.clock.toDate(instant) };
    const { ecs, region: name } = transaction.state;
    return Object.values(ecs.clusters)
      .filter(({ status }) => status === "ACTIVE")
      .map((cluster) => ({
        region: name,
        name: cluster.name,
        hosts: Object.values(ecs.hosts).filter(({ clusterName }) => clusterName === cluster.name).length,
        services: Object.values(ecs.services)
          .filter(({ clusterName, status }) => clusterName === cluster.name && status !== "INACTIVE")
          .map((record) => {
            const service = presentService(call, record, false);
            return {
              name: record.name,
              status: record.status,
              taskDefinition: service.taskDefinition ?? "",
              desiredCount: service.desiredCount ?? 0,
              runningCount: service.runningCount ?? 0,
              pendingCount: service.pendingCount ?? 0,
              rolloutState: record.deployments[0]?.rolloutState ?? primaryTaskSet(record)?.stability ?? "",
            };
          }),
      }));
  });
}

/** The tasks of a region that have not stopped. */
export function tasksOf({ region }: RegionServices): TaskStatus[] {
  return Object.values(region.state.ecs.tasks)
    .filter(({ lastStatus }) => lastStatus !== "STOPPED")
    .map((task) => ({
      region: region.state.region,
      taskArn: task.arn,
      group: task.group,
      lastStatus: task.lastStatus,
      desiredStatus: task.desiredStatus,
      taskDefinition: task.taskDefinition,
      urls: task.containers.flatMap(({ name, bindings }) =>
        bindings.flatMap(({ containerPort }) => {
          const port = region.containers.portOf(task.id, name, containerPort);
          return port === undefined ? [] : [`http://127.0.0.1:${port}/`];
        }),
      ),
    }));
}
