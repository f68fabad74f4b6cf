/**
 * A load generator for measuring what clients see during a deployment.
 *
 * It is open-loop: a request is sent when it is due, however many before it are not answered yet, and its latency
 * counts from when it was due. That is why it is not autocannon, whose connections each wait for an answer before
 * they send again, and which does not tell a reset from a refusal.
 */
import { Agent, request as requestHttp, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as SecureAgent, request as requestHttps } from "node:https";

import { Tally, type LoadReport } from "./report.ts";

/** What to send where. */
export interface LoadOptions {
  /** What is requested, by GET; `http:` or `https:`. */
  readonly url: string;
  /** Requests a second. */
  readonly rate: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** After how long without an answer a request has failed. @default 10000 */
  readonly timeoutMs?: number;
  /** PEM of the authority that an `https:` server's certificate is to be from. */
  readonly ca?: string;
}

/** A load that runs. */
export interface Load {
  /** What came of it so far. */
  report(): LoadReport;
  /** Sends nothing more, waits for the answers that are still due, and reports. */
  stop(): Promise<LoadReport>;
}

/** How often it looks which requests are due. */
const tickMs = 1;
const defaultTimeoutMs = 10_000;
/** Below the idle time-out of a load balancer, so that no connection is used that is just being closed. */
const idleMs = 30_000;

/** Begins to send requests, over connections that are kept. */
export function startLoad(options: LoadOptions): Load {
  const { rate } = options;
  if (!(rate > 0)) throw new RangeError(`A load of ${rate} requests a second is none; give a rate above 0.`);
  const tally = new Tally();
  const client = clientFor(options);
  const underWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  const sendDue = () => {
    const due = Math.floor(((performance.now() - startedAt) * rate) / 1000);
    while (tally.sent < due) {
      const dueAt = startedAt + (tally.sent * 1000) / rate;
      tally.sent += 1;
      const sending = send(client, tally, dueAt).finally(() => underWay.delete(sending));
      underWay.add(sending);
    }
  };
  const timer = setInterval(sendDue, tickMs);
  return {
    report: () => tally.report(),
    stop: async () => {
      clearInterval(timer);
      tally.end();
      await Promise.all(underWay);
      client.close();
      return tally.report();
    },
  };
}

interface Client {
  request(): ClientRequest;
  close(): void;
}

function clientFor({ url, headers = {}, timeoutMs = defaultTimeoutMs, ca }: LoadOptions): Client {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const pool = { keepAlive: true, timeout: idleMs, scheduling: "lifo" } as const;
  const to = { hostname, port, path: `${pathname}${search}`, headers, timeout: timeoutMs };
  if (protocol === "https:") {
    const agent = new SecureAgent({ ...pool, ...(ca !== undefined && { ca }) });
    return { request: () => requestHttps({ ...to, agent }), close: () => agent.destroy() };
  }
  const agent = new Agent(pool);
  return { request: () => requestHttp({ ...to, agent }), close: () => agent.destroy() };
}

/** Sends one request and counts what comes of it; it never fails. */
function send(client: Client, tally: Tally, dueAt: number): Promise<void> {
  return new Promise((resolve) => {
    let over = false;
    const end = (count: () => void) => {
      if (over) return;
      over = true;
      count();
      resolve();
    };
    const request = client.request();
    request.once("timeout", () => {
      request.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }));
    });
    request.on("error", (error) => end(() => tally.broke(error, dueAt)));
    request.once("response", (response: IncomingMessage) => {
      const image = response.headers["x-image"];
      response.on("error", (error) => end(() => tally.broke(error, dueAt)));
      response.once("end", () => {
        end(() => tally.answered(response.statusCode ?? 0, [image].flat()[0], dueAt));
      });
      response.resume();
    });
    request.end();
  });
}
