import type { ApiRequest } from "../gateway/request.ts";

/** What a call says of who signed it. */
export interface Credentials {
  readonly accessKeyId: string;
  /** Null for a long-term key. */
  readonly sessionToken: string | null;
}

/** Reads who signed a call, by its header or by the query of a presigned URL; null when nobody did. */
export function credentialsOf({ headers, url }: ApiRequest): Credentials | null {
  const query = new URL(url, "http://localhost").searchParams;
  const credential =
    /Credential=([^,\s/]+)/.exec(headers.authorization ?? "")?.[1] ??
    query.get("X-Amz-Credential")?.split("/")[0] ??
    // Signature version 2, which only S3 still takes.
    /^AWS ([^:]+):/.exec(headers.authorization ?? "")?.[1];
  if (credential === undefined) return null;
  const token = headers["x-amz-security-token"] ?? query.get("X-Amz-Security-Token");
  return { accessKeyId: credential, sessionToken: typeof token === "string" ? token : null };
}
