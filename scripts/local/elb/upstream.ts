/**
 * The way of a request from a load balancer to a target and back, by http-proxy-3 over pooled connections.
 */
import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Http2ServerRequest } from "node:http2";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

import { createProxyServer } from "http-proxy-3";

import { answerError, endWithError, type Response } from "./answers.ts";
import { InFlight } from "./in-flight.ts";

/** What is proxied: a request of HTTP/1.1 or HTTP/2. */
export type Request = IncomingMessage | Http2ServerRequest;

/** Where a request goes, and what becomes of its answer. */
export interface Route {
  readonly groupArn: string;
  /** The target as `id:port`. */
  readonly targetKey: string;
  readonly localPort: number;
  readonly tls: boolean;
  readonly idleTimeoutMs: number;
  /** Lines of Set-Cookie for the answer, by what the target itself sets. */
  readonly cookies: (setCookie: readonly string[] | undefined) => readonly string[];
}

/** A request under way. */
interface Passage {
  readonly route: Route;
  outgoing: ClientRequest | null;
  timedOut: boolean;
  cut: boolean;
  retried: boolean;
  answer: IncomingMessage | null;
}

/** The pool's connections end before a load balancer's longest idle timeout would matter. */
const pooledIdleMs = 60_000;
const pool = { keepAlive: true, timeout: pooledIdleMs, maxFreeSockets: 256, scheduling: "lifo" } as const;

/** Methods that may be sent again when their connection turned out to be closed. */
const repeatable = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** Carries requests to targets and back. */
export class Upstream {
  readonly inFlight = new InFlight();
  readonly #http = new HttpAgent(pool);
  // A load balancer does not check its targets' certificates.
  readonly #https = new HttpsAgent({ ...pool, rejectUnauthorized: false });
  readonly #proxy = createProxyServer({ toProxy: true, secure: false });
  readonly #passages = new WeakMap<object, Passage>();

  constructor() {
    this.#proxy.on("proxyReq", (outgoing, request) => this.#watch(outgoing, this.#passages.get(request)));
    this.#proxy.on("proxyReqWs", (outgoing, request) => {
      const passage = this.#passages.get(request);
      this.#watch(outgoing, passage);
      if (passage) outgoing.once("upgrade", (answer, socket) => this.#upgraded(passage, answer, socket));
    });
    this.#proxy.on("proxyRes", (answer, request, response) => this.#answer(answer, request, response));
    // A client that leaves is nothing to tell anybody of.
    this.#proxy.on("error", () => undefined);
  }

  /** Sends a request to its target and the answer back. */
  web(request: Request, response: Response, route: Route): void {
    // The client may have left while its target was looked for; it would count as under way for ever.
    if (response.destroyed) return;
    const passage = this.#begin(request, route);
    const cut = () => {
      passage.cut = true;
      if (passage.outgoing) passage.outgoing.destroy();
      else answerError(response, 502);
    };
    const over = this.inFlight.add({ ...route, cut });
    response.once("close", () => {
      over();
      // The proxy hears of a client that leaves over HTTP/1.1 only.
      if (!passage.answer?.complete) passage.outgoing?.destroy();
    });
    this.#send(request, response, passage);
  }

  /** Opens a WebSocket between a client and its target. */
  webSocket(request: IncomingMessage, socket: Duplex, head: Buffer, route: Route): void {
    if (socket.destroyed) return;
    const passage = this.#begin(request, route);
    const cut = () => {
      passage.cut = true;
      passage.outgoing?.destroy();
      socket.destroy();
    };
    const over = this.inFlight.add({ ...route, cut });
    socket.once("close", over);
    this.#proxy.ws(request, socket, head, { target: targetOf(route) }, () => {
      if (!passage.answer) endWithError(socket, passage.timedOut ? 504 : 502);
    });
  }

  /** Closes the pool. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #begin(request: Request, route: Route): Passage {
    const passage: Passage = {
      route,
      outgoing: null,
      timedOut: false,
      cut: false,
      retried: false,
      answer: null,
    };
    this.#passages.set(request, passage);
    return passage;
  }

  #send(request: Request, response: Response, passage: Passage): void {
    const { tls } = passage.route;
    const agent = passage.retried ? undefined : tls ? this.#https : this.#http;
    // HTTP/2's compatibility objects do all that the proxy asks of a message and a response.
    this.#proxy.web(
      request as IncomingMessage,
      response as ServerResponse,
      { target: targetOf(passage.route), agent },
      () => this.#fail(request, response, passage),
    );
  }

  #watch(outgoing: ClientRequest, passage: Passage | undefined): void {
    if (!passage) return;
    passage.outgoing = outgoing;
    if (passage.cut) outgoing.destroy();
    outgoing.setTimeout(passage.route.idleTimeoutMs, () => {
      passage.timedOut = true;
      outgoing.destroy();
    });
  }

  #fail(request: Request, response: Response, passage: Passage): void {
    // A connection of the pool that its target had closed meanwhile: nothing came back, so the target saw nothing.
    const closedBefore = passage.outgoing?.reusedSocket === true && !passage.answer;
    const whole = request.headers["content-length"] === undefined && !request.headers["transfer-encoding"];
    if (
      closedBefore &&
      whole &&
      !passage.retried &&
      !passage.cut &&
      !passage.timedOut &&
      !response.destroyed
    ) {
      if (repeatable.has(request.method ?? "")) {
        passage.retried = true;
        this.#send(request, response, passage);
        return;
      }
    }
    answerError(response, passage.timedOut ? 504 : 502);
  }

  #answer(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse): void {
    const passage = this.#passages.get(request);
    if (!passage) return;
    passage.answer = answer;
    // The target's connection is not the client's, for which the proxy looks at the request.
    delete answer.headers.connection;
    delete answer.headers["keep-alive"];
    request.headers.connection = response.shouldKeepAlive ? "keep-alive" : "close";
    addCookies(answer, passage.route);
    answer.once("close", () => {
      if (!answer.complete) response.destroy();
    });
  }

  #upgraded(passage: Passage, answer: IncomingMessage, socket: Duplex): void {
    passage.answer = answer;
    addCookies(answer, passage.route);
    // The proxy takes its own time-outs off the socket right after this.
    queueMicrotask(() => {
      if (!(socket instanceof Socket)) return;
      socket.setTimeout(passage.route.idleTimeoutMs, () => socket.destroy());
    });
  }
}

function targetOf({ localPort, tls }: Route): { host: string; port: number; protocol: string } {
  return { host: "127.0.0.1", port: localPort, protocol: tls ? "https:" : "http:" };
}

function addCookies(answer: IncomingMessage, { cookies }: Route): void {
  const own = answer.headers["set-cookie"];
  const added = cookies(own);
  if (added.length > 0) answer.headers["set-cookie"] = [...(own ?? []), ...added];
}
