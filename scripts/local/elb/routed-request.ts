import type { IncomingHttpHeaders } from "node:http";

/** What a message from a client tells of itself. */
export interface RequestMessage {
  readonly url?: string | undefined;
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** The parts of a request that rules look at, each worked out once. */
export class RoutedRequest {
  /** The name in the Host header, in lower case, without a port. */
  readonly host: string;
  /** Path and query as on the request line, from the path on where that is a whole URL: nothing is decoded. */
  readonly target: string;
  readonly path: string;
  /** What follows the question mark, empty without one. */
  readonly query: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Where the connection comes from, whatever X-Forwarded-For says. */
  readonly clientAddress: string;
  #queryPairs: readonly (readonly [string, string])[] | undefined;

  constructor({ url = "/", method = "GET", headers }: RequestMessage, clientAddress: string) {
    const target = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?#]*/i, "");
    const mark = target.indexOf("?");
    const path = mark === -1 ? target : target.slice(0, mark);
    this.target = target.startsWith("/") ? target : `/${target}`;
    this.path = path === "" ? "/" : path;
    this.query = mark === -1 ? "" : target.slice(mark + 1);
    this.host = hostName(hostHeader(headers)).toLowerCase();
    this.method = method;
    this.headers = headers;
    this.clientAddress = clientAddress;
  }

  /** The query's keys and values, in lower case. */
  get queryPairs(): readonly (readonly [string, string])[] {
    this.#queryPairs ??= [...new URLSearchParams(this.query.toLowerCase())];
    return this.#queryPairs;
  }
}

/** The host that a client asks for: HTTP/2 has it in `:authority`. */
export function hostHeader(headers: IncomingHttpHeaders): string {
  const authority = headers[":authority"];
  return headers.host ?? (typeof authority === "string" ? authority : "");
}

/** A host without its port. */
export function hostName(host: string): string {
  return host.replace(/:\d+$/, "");
}
