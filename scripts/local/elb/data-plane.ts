/**
 * Requests through a listener: rule, action, target group, target.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { createProxyServer } from "http-proxy-3";

import type { Region } from "../region.ts";
import { answerError } from "./answers.ts";
import { chooseTargetGroup, forwardTargets, matchRule } from "./rules.ts";
import type { ListenerRecord, TargetRecord } from "./state.ts";

/** How long a load balancer waits for a target to answer (its idle timeout). */
const idleTimeoutMs = 60_000;

/** Answers the requests that arrive at a region's listeners. */
export class DataPlane {
  readonly #region: Region;
  readonly #proxy = createProxyServer({ proxyTimeout: idleTimeoutMs, agent: false });
  /** For each target group, how many requests it has had: targets take turns. */
  readonly #turns = new Map<string, number>();

  constructor(region: Region) {
    this.#region = region;
    this.#proxy.on("error", (error, _request, response) => {
      if (!("writeHead" in response)) return;
      const code = "code" in error ? error.code : undefined;
      answerError(response, code === "ETIMEDOUT" ? 504 : 502);
    });
  }

  /** Answers one request that came in at a listener. */
  handle(listenerArn: string, request: IncomingMessage, response: ServerResponse): void {
    const listener = this.#region.state.elb.listeners[listenerArn];
    const rule =
      listener &&
      matchRule(listener.rules, {
        host: request.headers.host ?? "",
        url: request.url ?? "/",
        method: request.method ?? "GET",
        headers: request.headers,
      });
    const action = rule?.actions.at(-1);
    if (!listener || !action) {
      answerError(response, 503);
      return;
    }
    this.#perform(action, listener, request, response);
  }

  #perform(
    action: Action,
    listener: ListenerRecord,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (action.Type === "fixed-response") {
      const fixed = action.FixedResponseConfig;
      const contentType = fixed?.ContentType ?? "text/plain; charset=utf-8";
      response.writeHead(Number(fixed?.StatusCode ?? 503), {
        server: "awselb/2.0",
        "content-type": contentType,
      });
      response.end(fixed?.MessageBody ?? "");
    } else if (action.Type === "redirect") {
      const statusCode = action.RedirectConfig?.StatusCode === "HTTP_302" ? 302 : 301;
      response.writeHead(statusCode, { server: "awselb/2.0", location: location(action, listener, request) });
      response.end();
    } else this.#forward(action, listener, request, response);
  }

  #forward(
    action: Action,
    listener: ListenerRecord,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const groupArn = chooseTargetGroup(forwardTargets(action), Math.random());
    const target = groupArn === undefined ? undefined : this.#nextTarget(groupArn);
    if (!target) {
      answerError(response, 503);
      return;
    }
    const localPort = this.#region.containers.localPort({ host: target.id, port: target.port });
    if (localPort === undefined) {
      answerError(response, 502);
      return;
    }
    const client = request.socket.remoteAddress ?? "127.0.0.1";
    const forwardedFor = [request.headers["x-forwarded-for"] ?? [], client].flat().join(", ");
    this.#proxy.web(request, response, {
      target: { host: "127.0.0.1", port: localPort },
      headers: {
        "x-forwarded-for": forwardedFor,
        "x-forwarded-proto": listener.protocol.toLowerCase(),
        "x-forwarded-port": String(listener.port),
        "x-amzn-trace-id": traceId(),
      },
    });
  }

  /** Healthy targets take turns; with none healthy every unhealthy one does: the load balancer fails open. */
  #nextTarget(groupArn: string): TargetRecord | undefined {
    const targets = Object.values(this.#region.state.elb.targets[groupArn] ?? {});
    const healthy = targets.filter(({ state }) => state === "healthy");
    const candidates = healthy.length > 0 ? healthy : targets.filter(({ state }) => state === "unhealthy");
    const turn = this.#turns.get(groupArn) ?? 0;
    this.#turns.set(groupArn, turn + 1);
    return candidates[turn % Math.max(1, candidates.length)];
  }
}

function location({ RedirectConfig }: Action, listener: ListenerRecord, request: IncomingMessage): string {
  const url = new URL(request.url ?? "/", "http://localhost");
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  const values: Record<string, string> = {
    protocol: listener.protocol.toLowerCase(),
    host,
    port: String(listener.port),
    path: url.pathname.slice(1),
    query: url.search.slice(1),
  };
  const fill = (text: string) => text.replace(/#\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  const protocol = fill(RedirectConfig?.Protocol ?? "#{protocol}").toLowerCase();
  const port = fill(RedirectConfig?.Port ?? "#{port}");
  const query = fill(RedirectConfig?.Query ?? "#{query}");
  const path = fill(RedirectConfig?.Path ?? "/#{path}");
  return `${protocol}://${fill(RedirectConfig?.Host ?? "#{host}")}:${port}${path}${query === "" ? "" : `?${query}`}`;
}

function traceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString("hex")}`;
}
