import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Region } from "../region.ts";
import type { State } from "../world/state.ts";
import { DataPlane } from "./data-plane.ts";

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

/** Keeps a real HTTP server on loopback open for every listener of an Application Load Balancer. */
export class Listeners {
  readonly #region: Region;
  readonly #dataPlane: DataPlane;
  readonly #servers = new Map<string, Server>();
  #pending: Promise<void> = Promise.resolve();

  constructor(region: Region) {
    this.#region = region;
    this.#dataPlane = new DataPlane(region);
  }

  /** The listeners that are open. */
  open(): OpenListener[] {
    return [...this.#servers].map(([arn, server]) => ({
      arn,
      localPort: (server.address() as AddressInfo | null)?.port ?? 0,
    }));
  }

  /** Opens and closes servers until they are those of the state's listeners. */
  reconcile(): Promise<void> {
    this.#pending = this.#pending.then(() => this.#reconcile(this.#region.state));
    return this.#pending;
  }

  /** Closes every server. */
  close(): void {
    for (const arn of [...this.#servers.keys()]) this.#shut(arn);
  }

  async #reconcile({ elb }: State): Promise<void> {
    for (const arn of [...this.#servers.keys()]) if (!elb.listeners[arn]) this.#shut(arn);
    for (const { arn, port, protocol, loadBalancerArn } of Object.values(elb.listeners)) {
      if (this.#servers.has(arn) || !protocol.startsWith("HTTP")) continue;
      const server = createServer((request, response) => {
        this.#dataPlane.handle(arn, request, response);
      });
      const scheme = elb.loadBalancers[loadBalancerArn]?.scheme ?? "";
      await listen(server, preferredPort(port, scheme)).catch(() => listen(server, 0));
      this.#servers.set(arn, server);
    }
  }

  #shut(arn: string): void {
    const server = this.#servers.get(arn);
    this.#servers.delete(arn);
    server?.close();
    server?.closeIdleConnections();
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}
