/**
 * Rewriting a request before it goes to its target.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html
 */
import type { RewriteConfig, RuleTransform } from "@aws-sdk/client-elastic-load-balancing-v2";

/** What transforms change. */
export interface Rewritable {
  readonly host: string;
  /** Path and query, as on the request line. */
  readonly url: string;
}

/**
 * The request as its target gets it; as it came where no pattern matches.
 *
 * @returns undefined when a transform fails, which a load balancer answers with 500
 */
export function transformed(
  request: Rewritable,
  transforms: readonly RuleTransform[] | undefined,
): Rewritable | undefined {
  let { host, url } = request;
  try {
    for (const { HostHeaderRewriteConfig, UrlRewriteConfig } of transforms ?? []) {
      host = rewritten(host, HostHeaderRewriteConfig?.Rewrites);
      url = rewritten(url, UrlRewriteConfig?.Rewrites);
    }
  } catch {
    return undefined;
  }
  const fits = url.startsWith("/") && !/[\s\0]/.test(url) && !/[\s/\0]/.test(host);
  return fits ? { host, url } : undefined;
}

function rewritten(text: string, rewrites: readonly RewriteConfig[] | undefined): string {
  return (rewrites ?? []).reduce(
    (before, { Regex, Replace }) => before.replace(new RegExp(Regex ?? ""), Replace ?? ""),
    text,
  );
}
