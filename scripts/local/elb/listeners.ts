import type { State } from "../world/state.ts";
import { certificateFor, type CertificateAuthority } from "./certificates.ts";
import { DataPlane, type Network } from "./data-plane.ts";
import { openServer, type CertificateFor, type OpenServer } from "./servers.ts";
import { loadBalancerSettings } from "./settings.ts";
import type { ListenerRecord } from "./state.ts";
import { clientCertificatesOf } from "./trust-stores.ts";

/** A listener's address for real. */
export interface OpenListener {
  readonly arn: string;
  readonly localPort: number;
}

/** The ports below this one want privileges. */
const firstUnprivilegedPort = 1024;
const internalOffset = 1000;

/**
 * Where a listener is served when that port is free: an internet-facing one on its own port, 8000 higher where that
 * would want privileges, and an internal one 1000 above. So 80 is 8080, and 9080 inside.
 */
export function preferredPort(port: number, scheme: string): number {
  const facing = port < firstUnprivilegedPort ? port + 8000 : port;
  return scheme === "internal" ? facing + internalOffset : facing;
}

interface Served {
  readonly server: OpenServer;
  /** What the server was opened with; with any other it is opened anew. */
  readonly terms: string;
}

/** Keeps a real server on loopback open for every listener of an Application Load Balancer. */
export class Listeners {
  readonly #network: Network;
  readonly #authority: CertificateAuthority;
  readonly #dataPlane: DataPlane;
  readonly #served = new Map<string, Served>();
  #pending: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(network: Network, authority: CertificateAuthority) {
    this.#network = network;
    this.#authority = authority;
    this.#dataPlane = new DataPlane(network);
  }

  /** The listeners that are open. */
  open(): OpenListener[] {
    return [...this.#served].map(([arn, { server }]) => ({ arn, localPort: server.localPort }));
  }

  /** Opens and closes servers until they are those of the state's listeners. */
  reconcile(): Promise<void> {
    const turn = this.#pending.then(() => this.#reconcile(this.#network.state));
    this.#pending = turn.catch(() => undefined);
    return turn;
  }

  /** Closes every server and cuts its connections. */
  close(): void {
    this.#closed = true;
    for (const { server } of this.#served.values()) server.cut();
    this.#served.clear();
    this.#dataPlane.close();
  }

  async #reconcile({ elb }: State): Promise<void> {
    for (const [arn, { server, terms }] of [...this.#served]) {
      const listener = elb.listeners[arn];
      if (listener && termsOf(listener, elb) === terms) continue;
      this.#served.delete(arn);
      server.shut();
    }
    for (const listener of Object.values(elb.listeners)) {
      if (this.#served.has(listener.arn) || !listener.protocol.startsWith("HTTP")) continue;
      const server = await this.#openServer(listener, elb);
      if (this.#closed) server.cut();
      else this.#served.set(listener.arn, { server, terms: termsOf(listener, elb) });
    }
  }

  #openServer(
    { arn, port, protocol, loadBalancerArn }: ListenerRecord,
    elb: State["elb"],
  ): Promise<OpenServer> {
    const loadBalancer = elb.loadBalancers[loadBalancerArn];
    return openServer(
      preferredPort(port, loadBalancer?.scheme ?? ""),
      loadBalancerSettings(loadBalancer),
      {
        handle: (request, response) => this.#dataPlane.handle(arn, request, response),
        upgrade: (request, socket, head) => this.#dataPlane.upgrade(arn, request, socket, head),
      },
      protocol === "HTTPS"
        ? { certificateFor: this.#certificateFor(arn), clients: clientCertificatesOf(elb, arn) }
        : undefined,
    );
  }

  /** Looks at the listener's certificates as they are when a client comes. */
  #certificateFor(arn: string): CertificateFor {
    return (serverName) => {
      const { elb } = this.#network.state;
      const listener = elb.listeners[arn];
      const certificate = certificateFor(listener?.certificates ?? [], serverName);
      const { dnsName } = elb.loadBalancers[listener?.loadBalancerArn ?? ""] ?? {};
      // Here the load balancer's own name is all that many have; AWS has no certificate for it.
      const domainNames = [...(certificate?.domainNames ?? []), ...(dnsName === undefined ? [] : [dnsName])];
      return this.#authority.issue({ arn: certificate?.arn ?? "", domainNames });
    };
  }
}

/** What a server is made of: another port, protocol, default certificate, idle timeout or trust wants another server. */
function termsOf(listener: ListenerRecord, elb: State["elb"]): string {
  const { arn, port, protocol, loadBalancerArn, certificates } = listener;
  const loadBalancer = elb.loadBalancers[loadBalancerArn];
  const { idleTimeoutMs, clientKeepAliveMs, http2 } = loadBalancerSettings(loadBalancer);
  return JSON.stringify([
    port,
    protocol,
    loadBalancer?.scheme,
    certificates?.[0],
    idleTimeoutMs,
    clientKeepAliveMs,
    http2,
    clientCertificatesOf(elb, arn),
  ]);
}
