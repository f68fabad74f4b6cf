import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { answerWithFault, noAnswer } from "../local/faults/around.ts";
import { Faults } from "../local/faults/faults.ts";
import { cut } from "../local/gateway/cut.ts";
import { readRequest, type ApiRequest, type ApiResponse } from "../local/gateway/request.ts";

/** A call of an AWS API that came through. */
export interface ProxiedCall {
  /** In order of arrival, from 1. */
  readonly index: number;
  /** As in `ecs:UpdateService`. */
  readonly name: string;
  /** Status of the answer; 0 while there is none, and for a connection that was cut. */
  status: number;
  /** What the proxy did to it, if anything. */
  fault?: string;
}

/** Shares of all calls, from 0 to 1, to which something happens. */
export interface FaultShares {
  readonly throttled: number;
  /** Answered with 500, before any effect. */
  readonly failed: number;
  /** Cut before any effect. */
  readonly reset: number;
  /** Cut after the effect. */
  readonly dropped: number;
  /** The same seed draws the same faults. */
  readonly seed: number;
}

export interface ApiProxyOptions {
  /** Where the calls go to. */
  readonly endpoint: string;
  /** Holds a call before it is sent on; a call for which this says false is cut, without any effect. */
  readonly before?: (call: ProxiedCall) => Promise<boolean>;
  /** Holds an answer; one for which this says false is never given. */
  readonly after?: (call: ProxiedCall) => Promise<boolean>;
  readonly faults?: FaultShares;
}

/** Stands between a program and a local AWS: counts its calls, holds them, and lets them meet faults. */
export interface ApiProxy {
  readonly endpoint: string;
  readonly calls: readonly ProxiedCall[];
  stop(): Promise<void>;
}

const keptAliveMs = 75_000;

/** Starts a proxy on a free port of loopback. */
export async function startApiProxy(options: ApiProxyOptions): Promise<ApiProxy> {
  const calls: ProxiedCall[] = [];
  const agent = new Agent({ keepAlive: true });
  const faults = options.faults && faultsOf(options.faults);

  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const api = await readRequest(message);
    const call: ProxiedCall = { index: calls.length + 1, name: nameOf(api), status: 0 };
    calls.push(call);
    const goesOn = (await options.before?.(call)) !== false;
    if (!goesOn) {
      cut(message);
      return;
    }
    const fault = faults?.next(api);
    if (fault !== undefined) call.fault = fault.kind;
    const send = (): Promise<ApiResponse | typeof noAnswer> => forward(options.endpoint, api, agent);
    const given = fault === undefined ? await send() : await answerWithFault(fault, api, send);
    if (given !== noAnswer) call.status = given.statusCode;
    const isGiven = (await options.after?.(call)) !== false;
    if (!isGiven || given === noAnswer) cut(message);
    else if (!response.destroyed) response.writeHead(given.statusCode, given.headers).end(given.body);
  };

  const server = createServer({ keepAliveTimeout: keptAliveMs }, (message, response) => {
    // A caller that is killed in the middle of its call hangs up.
    answer(message, response).catch(() => cut(message));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

function nameOf({ service, operation, method, url }: ApiRequest): string {
  return `${service ?? "?"}:${operation ?? `${method} ${url}`}`;
}

function forward(
  endpoint: string,
  { method, url, headers, body }: ApiRequest,
  agent: Agent,
): Promise<ApiResponse | typeof noAnswer> {
  return new Promise((resolve) => {
    // The caller's own Host header goes along: it is part of what was signed.
    const onward = request(new URL(url, endpoint), { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", () => resolve(noAnswer));
      response.once("end", () => {
        const { "transfer-encoding": _, connection: __, ...kept } = response.headers;
        resolve({ statusCode: response.statusCode ?? 502, headers: kept, body: Buffer.concat(chunks) });
      });
    });
    onward.once("error", () => resolve(noAnswer));
    onward.end(body);
  });
}

/** The local AWS's own faults, so that each protocol's answers are those that AWS gives. */
function faultsOf({ throttled, failed, reset, dropped, seed }: FaultShares): Faults {
  const faults = new Faults();
  let left = 1;
  const kinds = { throttle: throttled, error: failed, reset, "drop-after-effect": dropped } as const;
  for (const [nth, kind] of (["throttle", "error", "reset", "drop-after-effect"] as const).entries()) {
    // Each is asked only where none before it has happened.
    const share = kinds[kind] / left;
    if (share > 0) faults.add({ kind, share, seed: seed * 7919 + nth });
    left -= kinds[kind];
  }
  return faults;
}
