/**
 * Requests through a listener: rule, action, target group, target.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
 */
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { Duplex } from "node:stream";

import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { Region } from "../region.ts";
import { answerError, answerOwn, endWithError, type OwnStatus, type Response } from "./answers.ts";
import { chooseTarget, eligibleTargets } from "./choice.ts";
import { forwardedAddresses, mostForwardedAddresses, prepareHeaders, type Client } from "./headers.ts";
import { redirectLocation } from "./redirect.ts";
import { hostHeader, RoutedRequest } from "./routed-request.ts";
import { chooseTargetGroup, forwardTargets, matchRule } from "./rules.ts";
import { loadBalancerSettings, targetGroupSettings } from "./settings.ts";
import type { ListenerRecord, RuleRecord, TargetRecord } from "./state.ts";
import { StickySessions } from "./stickiness.ts";
import { TargetProtocols } from "./target-protocol.ts";
import { targetKey } from "./targets.ts";
import { transformed } from "./transforms.ts";
import { Upstream, type Request, type Route } from "./upstream.ts";

/** What the data plane needs of a region. */
export type Network = Pick<Region, "state" | "clock" | "onChange"> & {
  readonly containers: Pick<Region["containers"], "localPort">;
};

/** A request that has met a rule. */
interface Routed {
  readonly listener: ListenerRecord;
  readonly rule: RuleRecord;
  readonly action: Action;
  readonly request: RoutedRequest;
}

const longestUrl = 16_384;
const longestHeader = 16_384;

/** Answers the requests that arrive at a region's listeners. */
export class DataPlane {
  readonly #network: Network;
  readonly #upstream = new Upstream();
  readonly #sessions: StickySessions;
  readonly #protocols = new TargetProtocols();
  /** For each target group, how many requests it has had: targets take turns. */
  readonly #turns = new Map<string, number>();

  constructor(network: Network) {
    this.#network = network;
    this.#sessions = new StickySessions(network.clock);
    network.onChange((state, before) => this.#upstream.inFlight.cutDeregistered(state, before));
  }

  /** Answers one request that came in at a listener. */
  handle(listenerArn: string, request: Request, response: Response): void {
    const routed = this.#route(listenerArn, request);
    if (typeof routed === "number") {
      answerError(response, routed);
      return;
    }
    const { action, listener } = routed;
    if (action.Type === "fixed-response") {
      const { ContentType, MessageBody, StatusCode } = action.FixedResponseConfig ?? {};
      const headers = { "content-type": ContentType ?? "text/plain; charset=utf-8" };
      answerOwn(response, Number(StatusCode ?? 503), headers, MessageBody ?? "");
    } else if (action.Type === "redirect") {
      const statusCode = action.RedirectConfig?.StatusCode === "HTTP_302" ? 302 : 301;
      answerOwn(response, statusCode, { location: redirectLocation(action, listener, routed.request) });
    } else {
      this.#forward(routed, request, false).then(
        (route) => {
          if (typeof route === "number") answerError(response, route);
          else this.#upstream.web(request, response, route);
        },
        () => answerError(response, 500),
      );
    }
  }

  /** Opens a WebSocket that was asked for at a listener. Only forward actions can. */
  upgrade(listenerArn: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const routed = this.#route(listenerArn, request);
    if (typeof routed === "number" || routed.action.Type !== "forward") {
      endWithError(socket, typeof routed === "number" ? routed : 400);
      return;
    }
    this.#forward(routed, request, true).then(
      (route) => {
        if (typeof route === "number") endWithError(socket, route);
        else this.#upstream.webSocket(request, socket, head, route);
      },
      () => endWithError(socket, 500),
    );
  }

  /** Closes the connections to targets. */
  close(): void {
    this.#upstream.close();
  }

  /** @returns the status to refuse a request with that has no rule */
  #route(listenerArn: string, message: Request): Routed | OwnStatus {
    const refusal = refusalOf(message);
    if (refusal !== undefined) return refusal;
    const listener = this.#network.state.elb.listeners[listenerArn];
    if (!listener) return 503;
    const request = new RoutedRequest(message, message.socket.remoteAddress ?? "127.0.0.1");
    const rule = matchRule(listener.rules, request);
    const action = rule?.actions.at(-1);
    return rule && action ? { listener, rule, action, request } : 503;
  }

  /** Finds the target and makes the request's headers those that it gets. */
  async #forward(routed: Routed, message: Request, upgrade: boolean): Promise<Route | OwnStatus> {
    const { action, listener, rule } = routed;
    const { elb } = this.#network.state;
    const cookies = message.headers.cookie;
    const groupArn =
      this.#sessions.groupOf(action, cookies) ?? chooseTargetGroup(forwardTargets(action), Math.random());
    if (groupArn === undefined) return 503;
    const group = elb.targetGroups[groupArn];
    const { stickiness } = targetGroupSettings(group);
    const sticky = this.#sessions.targetOf(groupArn, stickiness, cookies);
    const target = this.#targetFor(groupArn, sticky);
    if (!target) return 503;
    const localPort = this.#network.containers.localPort({ host: target.id, port: target.port });
    if (localPort === undefined) return 502;

    const settings = loadBalancerSettings(elb.loadBalancers[listener.loadBalancerArn]);
    const client = clientOf(message);
    prepareHeaders(message.headers, client, listener, settings, upgrade);
    const rewritten = transformed(
      { host: message.headers.host ?? "", url: routed.request.target },
      rule.transforms,
    );
    if (!rewritten) return 500;
    message.url = rewritten.url;
    if (rewritten.host !== "") message.headers.host = rewritten.host;
    const key = targetKey(target.id, target.port);
    return {
      groupArn,
      targetKey: key,
      localPort,
      tls: group?.protocol === "HTTPS" && (await this.#protocols.speaksTls(localPort)),
      idleTimeoutMs: settings.idleTimeoutMs,
      cookies: (setCookie) =>
        this.#sessions.cookiesFor({
          action,
          groupArn,
          targetKey: key,
          stickiness,
          wasSticky: sticky === key,
          setCookie,
          secure: client.tls !== null,
        }),
    };
  }

  /** The target that the client sticks to, while it gets requests at all; else the one whose turn it is. */
  #targetFor(groupArn: string, sticky: string | undefined): TargetRecord | undefined {
    const { elb } = this.#network.state;
    const targets = elb.targets[groupArn];
    if (!targets) return undefined;
    const eligible = eligibleTargets(targets);
    const wanted = sticky === undefined ? undefined : targets[sticky];
    if (wanted && eligible.includes(wanted)) return wanted;
    const turn = this.#turns.get(groupArn) ?? 0;
    this.#turns.set(groupArn, turn + 1);
    return chooseTarget(eligible, targetGroupSettings(elb.targetGroups[groupArn]), {
      now: this.#network.clock.now(),
      turn,
      draw: Math.random(),
      outstanding: ({ id, port }) => this.#upstream.inFlight.count(groupArn, targetKey(id, port)),
    });
  }
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html */
function refusalOf({
  method,
  url = "/",
  headers,
  httpVersionMajor,
  httpVersionMinor,
}: Request): OwnStatus | undefined {
  if (url.length > longestUrl) return 414;
  if (method === "TRACE") return 405;
  if (!/^(?:\/|https?:\/\/)/i.test(url)) return 400;
  const modern = httpVersionMajor > 1 || httpVersionMinor > 0;
  if (modern && hostHeader(headers) === "") return 400;
  if (Object.values(headers).some((value) => (value?.length ?? 0) > longestHeader)) return 400;
  return forwardedAddresses(headers) > mostForwardedAddresses ? 463 : undefined;
}

function clientOf({ socket }: Request): Client {
  const tls = socket instanceof TLSSocket || "getCipher" in socket ? (socket as TLSSocket) : null;
  return {
    address: (socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, ""),
    port: socket.remotePort ?? 0,
    tls: tls && { version: tls.getProtocol() ?? "", cipherSuite: tls.getCipher().name },
  };
}
