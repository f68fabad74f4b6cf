/**
 * The headers of a request as its target gets them.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import { hostHeader, hostName } from "./routed-request.ts";
import type { LoadBalancerSettings } from "./settings.ts";
import type { ListenerRecord } from "./state.ts";

/** Where a request came from. */
export interface Client {
  readonly address: string;
  readonly port: number;
  /** Of a request that came over TLS. */
  readonly tls: { readonly version: string; readonly cipherSuite: string } | null;
}

/** More addresses than these in X-Forwarded-For are answered with 463. */
export const mostForwardedAddresses = 30;

/** How many addresses X-Forwarded-For names. */
export function forwardedAddresses(headers: IncomingHttpHeaders): number {
  const header = [headers["x-forwarded-for"] ?? []].flat().join(",");
  return header === "" ? 0 : header.split(",").length;
}

/** Headers that concern the client's connection alone. */
const ofTheConnection = ["connection", "keep-alive", "proxy-connection", "te", "expect"];

/** Changes a request's headers, in place, into those that its target gets. */
export function prepareHeaders(
  headers: IncomingHttpHeaders,
  client: Client,
  listener: ListenerRecord,
  settings: LoadBalancerSettings,
  upgrade: boolean,
): void {
  for (const name of Object.keys(headers)) {
    const invalid = settings.dropInvalidHeaders && !name.startsWith(":") && !/^[a-z0-9-]+$/i.test(name);
    if (invalid || (!upgrade && ofTheConnection.includes(name))) Reflect.deleteProperty(headers, name);
  }
  if (!upgrade) delete headers.upgrade;
  const host = hostHeader(headers);
  delete headers[":authority"];
  if (host !== "") headers.host = settings.preserveHost ? host : hostWithPort(host, listener);
  forwardFor(headers, client, settings);
  headers["x-forwarded-proto"] = listener.protocol.toLowerCase();
  headers["x-forwarded-port"] = String(listener.port);
  headers["x-amzn-trace-id"] = traceId(headers["x-amzn-trace-id"]);
  if (settings.tlsHeaders && client.tls) {
    headers["x-amzn-tls-version"] = client.tls.version;
    headers["x-amzn-tls-cipher-suite"] = client.tls.cipherSuite;
  }
}

/**
 * A port is taken off on a listener's usual port and put on elsewhere.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#host-header-preservation
 */
function hostWithPort(host: string, { port }: ListenerRecord): string {
  if (port === 80 || port === 443) return hostName(host);
  return host === hostName(host) ? `${host}:${port}` : host;
}

function forwardFor(
  headers: IncomingHttpHeaders,
  { address, port }: Client,
  { forwardedFor, clientPort }: LoadBalancerSettings,
): void {
  if (forwardedFor === "remove") delete headers["x-forwarded-for"];
  if (forwardedFor !== "append") return;
  const bare = address.includes(":") && clientPort ? `[${address}]` : address;
  const own = clientPort ? `${bare}:${port}` : bare;
  headers["x-forwarded-for"] = [headers["x-forwarded-for"] ?? [], own].flat().join(", ");
}

/**
 * The trace id for the target: a Root that came stays and gets a Self before it.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
 */
function traceId(received: string | string[] | undefined): string {
  const fields = [received ?? []]
    .flat()
    .flatMap((header) => header.split(";"))
    .map((field) => field.trim())
    .filter((field) => field !== "" && !field.startsWith("Self="));
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const own = `1-${seconds}-${randomBytes(12).toString("hex")}`;
  const hasRoot = fields.some((field) => field.startsWith("Root="));
  return [hasRoot ? `Self=${own}` : `Root=${own}`, ...fields].join(";");
}
