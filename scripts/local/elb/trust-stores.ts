/**
 * Trust stores and the mutual TLS of listeners, which moto does not have.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html
 */
import type { ElbState } from "./state.ts";

/** Authorities whose clients a listener lets in. */
export interface TrustStoreRecord {
  arn: string;
  name: string;
  /** Certificates in PEM. */
  certificates: string;
  tags: Record<string, string>;
}

/** What a listener asks of its clients. */
export interface MutualAuthentication {
  mode: "off" | "passthrough" | "verify";
  trustStoreArn: string | null;
  ignoreClientCertificateExpiry: boolean;
}

/** How many certificates a text in PEM has. */
export function certificateCount(pem: string): number {
  return pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
}

/** What a listener's server asks of clients; undefined where it asks for nothing. */
export interface ClientCertificates {
  /** Certificates in PEM; undefined where whatever comes is let in. */
  readonly authorities: string | undefined;
}

/** What the server of a listener asks of its clients. */
export function clientCertificatesOf(elb: ElbState, listenerArn: string): ClientCertificates | undefined {
  const mutual = elb.mutualAuthentication[listenerArn];
  if (mutual === undefined || mutual.mode === "off") return undefined;
  return mutual.mode === "passthrough"
    ? { authorities: undefined }
    : { authorities: elb.trustStores[mutual.trustStoreArn ?? ""]?.certificates ?? "" };
}
