/**
 * A load generator for measuring what clients see during a deployment.
 *
 * It is open-loop: a request is sent when it is due, however many before it are not answered yet, and its latency
 * counts from when it was due. That is why it is not autocannon, whose connections each wait for an answer before
 * they send again, and which does not tell a reset from a refusal.
 */
import {
  Agent,
  request as requestHttp,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from "node:http";
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
  /** Every so many requests one goes over a connection of its own. @default none does */
  readonly freshEvery?: number;
  /** Is told how each request ended. */
  readonly onEnd?: (ended: EndedRequest) => void;
}

/** How a request ended; instants are on the clock of `performance.now`. */
export interface EndedRequest {
  /** When it was to be sent. */
  readonly dueAt: number;
  readonly sentAt: number;
  readonly endedAt: number;
  /** Whether its connection was one for itself. */
  readonly fresh: boolean;
  /** Absent where no whole answer came. */
  readonly status?: number;
  readonly headers?: IncomingHttpHeaders;
  readonly error?: Error;
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
  const { rate, freshEvery = Infinity, timeoutMs = defaultTimeoutMs, onEnd = () => undefined } = options;
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
      const fresh = tally.sent % freshEvery === 0;
      const sending = send(client, { dueAt, fresh, timeoutMs })
        .then((ended) => {
          if (ended.status === undefined) tally.broke(ended.error ?? new Error("no answer"), dueAt);
          else tally.answered(ended.status, [ended.headers?.["x-image"]].flat()[0], dueAt);
          onEnd(ended);
        })
        .finally(() => underWay.delete(sending));
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
  request(fresh: boolean): ClientRequest;
  close(): void;
}

function clientFor({ url, headers = {}, ca }: LoadOptions): Client {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const pool = { keepAlive: true, timeout: idleMs, scheduling: "lifo" } as const;
  const to = { hostname, port, path: `${pathname}${search}`, headers };
  if (protocol === "https:") {
    const trust = ca === undefined ? {} : { ca };
    const agent = new SecureAgent({ ...pool, ...trust });
    return {
      request: (fresh) => requestHttps(fresh ? { ...to, ...trust, agent: false } : { ...to, agent }),
      close: () => agent.destroy(),
    };
  }
  const agent = new Agent(pool);
  return {
    request: (fresh) => requestHttp({ ...to, agent: fresh ? false : agent }),
    close: () => agent.destroy(),
  };
}

/** Sends one request and tells what came of it; it never fails. */
function send(
  client: Client,
  { dueAt, fresh, timeoutMs }: { dueAt: number; fresh: boolean; timeoutMs: number },
): Promise<EndedRequest> {
  return new Promise((resolve) => {
    const sentAt = performance.now();
    const end = (outcome: Pick<EndedRequest, "status" | "headers" | "error">) => {
      clearTimeout(deadline);
      resolve({ dueAt, sentAt, endedAt: performance.now(), fresh, ...outcome });
    };
    const request = client.request(fresh);
    // Of the whole answer: one that comes in drops for ever is none.
    const deadline = setTimeout(() => {
      end({ error: Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }) });
      request.destroy();
    }, timeoutMs);
    request.on("error", (error) => end({ error }));
    request.once("response", (response: IncomingMessage) => {
      response.on("error", (error) => end({ error }));
      response.once("end", () => end({ status: response.statusCode ?? 0, headers: response.headers }));
      response.resume();
    });
    request.end();
  });
}
