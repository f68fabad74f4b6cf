/**
 * The real servers of listeners: HTTP/1.1, and TLS with HTTP/2.
 */
import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type Server,
  type ServerOptions,
} from "node:http";
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from "node:http2";
import { Socket, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createSecureContext } from "node:tls";

import { endWithError, type OwnStatus, type Response } from "./answers.ts";
import type { Issued } from "./certificates.ts";
import type { LoadBalancerSettings } from "./settings.ts";
import type { ClientCertificates } from "./trust-stores.ts";
import type { Request } from "./upstream.ts";

/** What becomes of what arrives at a listener. */
export interface ListenerHandlers {
  handle(request: Request, response: Response): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** The certificate for the name that a client asks for; the default one when it asks for none. */
export type CertificateFor = (serverName?: string) => Promise<Issued>;

/** What makes a listener one for HTTPS. */
export interface Security {
  readonly certificateFor: CertificateFor;
  /** What clients have to show, if anything. */
  readonly clients: ClientCertificates | undefined;
}

/** A listener's server that is open. */
export interface OpenServer {
  readonly localPort: number;
  /** Takes no new connection; requests under way finish. */
  shut(): void;
  /** Cuts every connection. */
  cut(): void;
}

/** A load balancer takes headers of this size in all. */
const maxHeaderSize = 65_536;

/** Opens the server of a listener, on a port if that is free and else on any. */
export async function openServer(
  preferredPort: number,
  settings: LoadBalancerSettings,
  handlers: ListenerHandlers,
  security: Security | undefined,
): Promise<OpenServer> {
  const server = security ? await secureServer(security, settings) : createServer(options(settings));
  const connections = new Map<Duplex, number>();
  const sessions = new Set<ServerHttp2Session>();
  let closing = false;
  server.on(security ? "secureConnection" : "connection", (socket: Socket) => {
    connections.set(socket, performance.now());
    socket.once("close", () => connections.delete(socket));
  });
  server.on("session", (session: ServerHttp2Session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  server.on("request", (request: Request, response: Response) => {
    const age = performance.now() - (connections.get(request.socket) ?? Infinity);
    const last = closing || age > settings.clientKeepAliveMs;
    if (last && response instanceof ServerResponse) response.shouldKeepAlive = false;
    handlers.handle(request, response);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    if (request.headers.upgrade?.toLowerCase() === "websocket") handlers.upgrade(request, socket, head);
    else withoutUpgrade(request, socket, handlers);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    endWithError(socket, statusOf(error));
  });
  await listen(server, preferredPort).catch(() => listen(server, 0));
  const close = () => {
    closing = true;
    server.close();
    for (const session of sessions) session.close();
  };
  return {
    localPort: (server.address() as AddressInfo).port,
    shut: close,
    cut: () => {
      close();
      for (const session of sessions) session.destroy();
      for (const socket of connections.keys()) socket.destroy();
    },
  };
}

function options({ idleTimeoutMs }: LoadBalancerSettings): ServerOptions {
  return {
    maxHeaderSize,
    requireHostHeader: false,
    keepAliveTimeout: idleTimeoutMs,
    headersTimeout: idleTimeoutMs,
    requestTimeout: 0,
  };
}

async function secureServer(
  { certificateFor, clients }: Security,
  settings: LoadBalancerSettings,
): Promise<Http2SecureServer> {
  const authorities = clients?.authorities;
  const trust = authorities === undefined ? {} : { ca: authorities };
  return createSecureServer({
    ...options(settings),
    ...(await certificateFor()),
    ...trust,
    requestCert: clients !== undefined,
    rejectUnauthorized: authorities !== undefined,
    allowHTTP1: true,
    ALPNProtocols: settings.http2 ? ["h2", "http/1.1"] : ["http/1.1"],
    minVersion: "TLSv1.2",
    SNICallback: (serverName, done) => {
      certificateFor(serverName).then(
        (issued) => done(null, createSecureContext({ ...issued, ...trust })),
        done,
      );
    },
  });
}

/** An upgrade to anything but a WebSocket is not taken: the request is answered as if it had not asked. */
function withoutUpgrade(request: IncomingMessage, socket: Duplex, handlers: ListenerHandlers): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // A server hands over the connection itself, which Node.js declares as any stream.
  if (socket instanceof Socket) response.assignSocket(socket);
  response.once("finish", () => socket.end());
  handlers.handle(request, response);
}

function statusOf({ code }: NodeJS.ErrnoException): OwnStatus {
  if (code === "HPE_INVALID_TRANSFER_ENCODING") return 501;
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
}

function listen(server: Server | Http2SecureServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}
