/**
 * Checks Signature Version 4: the caller holds the secret of the key that it names.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

import type { ApiRequest } from "../gateway/request.ts";

interface Signed {
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  readonly payload: string;
  readonly query: readonly (readonly [string, string])[];
}

const algorithm = "AWS4-HMAC-SHA256";

/**
 * Whether a call was signed with a secret. One signed by another scheme (version 2, or 4a with its key pairs) is taken
 * as it is.
 */
export function isSignedWith(secret: string, call: ApiRequest): boolean {
  const signed = readSignature(call);
  if (!signed) return true;
  const { scope, date, signature } = signed;
  const canonical = canonicalRequest(call, signed);
  const text = [algorithm, date, scope, sha256(canonical)].join("\n");
  let key: Buffer | string = `AWS4${secret}`;
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  const expected = createHmac("sha256", key).update(text).digest();
  const given = Buffer.from(signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function readSignature({ headers, url, body }: ApiRequest): Signed | null {
  const query = [...new URL(url, "http://localhost").searchParams];
  const header = headers.authorization;
  if (header !== undefined) {
    if (!header.startsWith(`${algorithm} `)) return null;
    const part = (name: string): string => new RegExp(`${name}=([^,\\s]+)`).exec(header)?.[1] ?? "";
    const hash = headers["x-amz-content-sha256"];
    return {
      scope: scopeOf(part("Credential")),
      signedHeaders: part("SignedHeaders").split(";"),
      signature: part("Signature"),
      date: String(headers["x-amz-date"] ?? ""),
      payload: typeof hash === "string" ? hash : sha256(body),
      query,
    };
  }
  const parameters = new Map(query);
  if (parameters.get("X-Amz-Algorithm") !== algorithm) return null;
  return {
    scope: scopeOf(parameters.get("X-Amz-Credential") ?? ""),
    signedHeaders: (parameters.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: parameters.get("X-Amz-Signature") ?? "",
    date: parameters.get("X-Amz-Date") ?? "",
    payload: "UNSIGNED-PAYLOAD",
    query: query.filter(([name]) => name !== "X-Amz-Signature"),
  };
}

function scopeOf(credential: string): string {
  return credential.slice(credential.indexOf("/") + 1);
}

function canonicalRequest(
  { method, url, headers, service }: ApiRequest,
  { signedHeaders, payload, query }: Signed,
): string {
  const path = url.split("?")[0] ?? "/";
  // Every service but S3 encodes the path once more than it was sent.
  const uri = service === "s3" ? path : path.split("/").map(encode).join("/");
  const pairs = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).toSorted();
  const lines = signedHeaders.map((name) => {
    const value = headers[name];
    const text = Array.isArray(value) ? value.join(",") : (value ?? "");
    return `${name}:${text.trim().replaceAll(/\s+/g, " ")}`;
  });
  return [method, uri, pairs.join("&"), ...lines, "", signedHeaders.join(";"), payload].join("\n");
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
