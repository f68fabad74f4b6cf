import type { Construct } from "constructs";
import type { Environment, LoadBalancerSettings } from "../../scripts/core/environments.ts";
import { allowFrom } from "./security-group.ts";

/** Who the clients of a load balancer are, and on which of its ports they come. */
export interface ClientDoors {
  readonly variant: "external" | "internal";
  readonly securityGroupId: string;
  readonly vpcCidr: string;
  readonly loadBalancer: LoadBalancerSettings;
  /** Every environment that uses the load balancer. */
  readonly environments: readonly Environment[];
}

/**
 * Opens a load balancer to its clients: on the production listener, on the listeners of staged services, and on the
 * test listener. Who tests comes from where production's clients come, since what calls an internet-facing load
 * balancer from within the VPC arrives with a public address too; `testListenerCidrs` narrows it.
 */
export function openToClients(scope: Construct, doors: ClientDoors): void {
  const { variant, securityGroupId, loadBalancer } = doors;
  const { listenerPort, testListenerPort, https } = loadBalancer;
  const clients = variant === "external" ? "0.0.0.0/0" : doors.vpcCidr;
  const open = (id: string, port: number, cidr: string, description: string): void => {
    allowFrom(scope, id, {
      securityGroupId,
      peer: { cidr },
      ports: { from: port, to: port },
      description,
    });
  };
  open("from-clients", listenerPort, clients, `Clients of the ${variant} load balancer`);
  if (https !== undefined) {
    open("from-https-clients", https.port, clients, `Clients of the ${variant} load balancer, by HTTPS`);
  }
  for (const port of stagedPorts(doors)) {
    open(`from-clients-${port}`, port, clients, `Clients of the services on port ${port}`);
  }
  if (testListenerPort !== undefined) {
    for (const cidr of loadBalancer.testListenerCidrs ?? [clients]) {
      const id = `from-testers-${cidr.replace("/", "-")}`;
      open(id, testListenerPort, cidr, "Requests to a version that has no production traffic yet");
    }
  }
}

/** Ports of the listeners that staged services have apart from the load balancer's own. */
function stagedPorts({ variant, loadBalancer, environments }: ClientDoors): number[] {
  const services = environments.flatMap((environment) => Object.values(environment.services));
  const ports = services.flatMap(({ blueGreen }) =>
    blueGreen?.by === "stage" && blueGreen.loadBalancer === variant && blueGreen.listener !== undefined
      ? [blueGreen.listener.port]
      : [],
  );
  return [...new Set(ports)]
    .filter((port) => port !== loadBalancer.listenerPort && port !== loadBalancer.https?.port)
    .toSorted((one, other) => one - other);
}
