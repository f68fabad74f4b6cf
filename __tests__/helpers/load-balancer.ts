import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";

import { produce } from "immer";

import { ScaledClock } from "../../scripts/local/clock.ts";
import { CertificateAuthority } from "../../scripts/local/elb/certificates.ts";
import { Listeners } from "../../scripts/local/elb/listeners.ts";
import type { ListenerRecord, TargetGroupRecord, TargetRecord } from "../../scripts/local/elb/state.ts";
import { emptyState, type State } from "../../scripts/local/world/state.ts";

/** What a target was asked. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly socket: IncomingMessage["socket"];
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const loadBalancerArn = "lb";

/** A load balancer's real listeners before targets that a test makes, without moto and without ECS. */
export class TestBalancer {
  state: State = produce(emptyState("us-east-1", "123456789012", "test"), ({ elb }) => {
    elb.loadBalancers[loadBalancerArn] = {
      arn: loadBalancerArn,
      name: "test",
      dnsName: "test.elb.amazonaws.com",
      type: "application",
      scheme: "internet-facing",
    };
  });
  readonly clock = new ScaledClock(1);
  readonly directory = mkdtempSync(path.join(os.tmpdir(), "balancer-"));
  readonly authority = new CertificateAuthority(this.directory);
  readonly seen: Seen[] = [];
  readonly containers = {
    localPort: ({ host, port }: { host: string; port: number }) => this.#ports.get(`${host}:${port}`),
  };
  readonly listeners: Listeners;
  readonly #ports = new Map<string, number>();
  readonly #servers: Server[] = [];
  readonly #onChange: ((state: State, before: State) => void)[] = [];

  constructor() {
    this.listeners = new Listeners(this, this.authority);
  }

  onChange(listener: (state: State, before: State) => void): void {
    this.#onChange.push(listener);
  }

  /** Changes the state as a transaction does, and brings the servers in line. */
  async change(work: (state: State) => void): Promise<void> {
    const before = this.state;
    this.state = produce(before, (draft) => {
      work(draft);
    });
    for (const listener of this.#onChange) listener(this.state, before);
    await this.listeners.reconcile();
  }

  /** Sets attributes of the load balancer. */
  async attributes(attributes: Record<string, string>): Promise<void> {
    await this.change(({ elb }) => {
      const loadBalancer = elb.loadBalancers[loadBalancerArn];
      if (loadBalancer) loadBalancer.attributes = attributes;
    });
  }

  /** Adds a target group with healthy targets, each a server of its own that `handle` answers for. */
  async group(
    arn: string,
    names: readonly string[],
    handle: RequestListener,
    attributes = {},
  ): Promise<Server[]> {
    const servers = await Promise.all(names.map((name) => this.#target(arn, name, handle)));
    await this.change(({ elb }) => {
      elb.targetGroups[arn] = { ...targetGroup(arn), attributes };
      elb.targets[arn] = Object.fromEntries(names.map((name) => [`${name}:80`, healthyTarget(name)]));
    });
    return servers;
  }

  /** Opens a listener. @returns its local port */
  async listener(over: Partial<ListenerRecord>): Promise<number> {
    const listener: ListenerRecord = {
      arn: "listener",
      loadBalancerArn,
      protocol: "HTTP",
      port: 50_080,
      rules: [],
      ...over,
    };
    await this.change(({ elb }) => {
      elb.listeners[listener.arn] = listener;
    });
    return this.portOf(listener.arn);
  }

  portOf(arn: string): number {
    const open = this.listeners.open().find((listener) => listener.arn === arn);
    if (!open) throw new Error(`Listener ${arn} is not open.`);
    return open.localPort;
  }

  /** The local port of a target itself. */
  targetPort(name: string): number {
    return this.containers.localPort({ host: name, port: 80 }) ?? 0;
  }

  /** Puts a target where something listens already. */
  setPort(name: string, localPort: number): void {
    this.#ports.set(`${name}:80`, localPort);
  }

  close(): void {
    this.listeners.close();
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #target(group: string, name: string, handle: RequestListener): Promise<Server> {
    const server = createServer((message, response) => {
      const { method = "", url = "", headers, socket } = message;
      this.seen.push({ method, url, headers, socket });
      response.setHeader("x-target", name);
      response.setHeader("x-group", group);
      handle(message, response);
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.#ports.set(`${name}:80`, (server.address() as AddressInfo).port);
    return server;
  }
}

export function targetGroup(arn: string): TargetGroupRecord {
  return {
    arn,
    name: arn,
    targetType: "ip",
    protocol: "HTTP",
    port: 80,
    healthCheck: {
      enabled: true,
      protocol: "HTTP",
      port: "traffic-port",
      path: "/",
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
      matcher: "200",
    },
    deregistrationDelaySeconds: 30,
  };
}

export function healthyTarget(id: string, over: Partial<TargetRecord> = {}): TargetRecord {
  return {
    id,
    port: 80,
    availabilityZone: null,
    state: "healthy",
    reason: null,
    description: null,
    successes: 0,
    failures: 0,
    registeredAt: 0,
    drainedAt: null,
    ...over,
  };
}

/** The default rule that forwards to groups of these weights. */
export function forwardTo(weights: Record<string, number>, stickySeconds?: number): ListenerRecord["rules"] {
  const stickiness = { Enabled: stickySeconds !== undefined, DurationSeconds: stickySeconds };
  return [
    {
      arn: "default",
      isDefault: true,
      priority: 0,
      conditions: [],
      actions: [
        {
          Type: "forward",
          ForwardConfig: {
            TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({
              TargetGroupArn,
              Weight,
            })),
            TargetGroupStickinessConfig: stickiness,
          },
        },
      ],
    },
  ];
}

/** One request over a connection of its own, or of an agent's. */
export function ask(
  options: Parameters<typeof request>[1] & { port: number; body?: string },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body, ...rest } = options;
    const outgoing = request({ host: "127.0.0.1", agent: false, ...rest }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => (text += chunk));
      answer.once("error", reject);
      answer.once("end", () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
      });
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}
