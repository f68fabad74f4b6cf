import { presentService } from "../ecs/api/present-service.ts";
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

/** What `GET /_slipway/status` answers. */
export interface Status {
  readonly endpoint: string;
  /** Process id of the gateway. */
  readonly pid: number;
  readonly region: string;
  readonly speed: number;
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
        url: `http://127.0.0.1:${localPort}/`,
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
              rolloutState: record.deployments[0]?.rolloutState ?? "",
            };
          }),
      }));
  });
}
