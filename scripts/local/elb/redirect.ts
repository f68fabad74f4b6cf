import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";

import { hostHeader, hostName, type RoutedRequest } from "./routed-request.ts";
import type { ListenerRecord } from "./state.ts";

/**
 * Where a redirect action sends a client.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html#redirect-actions
 */
export function redirectLocation(
  { RedirectConfig }: Action,
  listener: ListenerRecord,
  request: RoutedRequest,
): string {
  const values: Readonly<Record<string, string>> = {
    protocol: listener.protocol.toLowerCase(),
    host: hostName(hostHeader(request.headers)),
    port: String(listener.port),
    path: request.path.slice(1),
    query: request.query,
  };
  const fill = (text: string) => text.replace(/#\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  const protocol = fill(RedirectConfig?.Protocol ?? "#{protocol}").toLowerCase();
  const host = fill(RedirectConfig?.Host ?? "#{host}");
  const port = fill(RedirectConfig?.Port ?? "#{port}");
  const path = fill(RedirectConfig?.Path ?? "/#{path}");
  const query = fill(RedirectConfig?.Query ?? "#{query}");
  return `${protocol}://${host}:${port}${path}${query === "" ? "" : `?${query}`}`;
}
