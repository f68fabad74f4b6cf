import type { IncomingMessage } from "node:http";

/** A call of an AWS API as it arrived. */
export interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** Signing name of the service, such as `ecs`; null for a call that is not signed. */
  readonly service: string | null;
  readonly region: string;
  /** The key that the call is signed with; null for one that is not signed. */
  readonly accessKeyId: string | null;
  /** Operation name, where the protocol tells it: from `X-Amz-Target`, the form's `Action` or the path of rpcv2Cbor. */
  readonly operation: string | null;
  /** Fields of a query-protocol form; empty for others. */
  readonly form: URLSearchParams;
}

/** What is sent back. */
export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer | string;
}

const defaultRegion = "us-east-1";

/** Reads a call: its body, and what its headers say of service, region and operation. */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { service, region, accessKeyId } = credentialScope(message);
  const form = isForm(message) ? new URLSearchParams(body.toString()) : new URLSearchParams();
  const target = message.headers["x-amz-target"];
  const operation =
    typeof target === "string"
      ? target.slice(target.lastIndexOf(".") + 1)
      : (form.get("Action") ?? operationOfPath(message.url));
  return {
    method: message.method ?? "GET",
    url: message.url ?? "/",
    headers: message.headers,
    body,
    service: serviceOfTarget(target) ?? service,
    region: region ?? defaultRegion,
    accessKeyId,
    operation,
    form,
  };
}

/** What `X-Amz-Target` begins with, for the services that are answered here. */
const targetPrefixes: Readonly<Record<string, string>> = {
  "AmazonEC2ContainerServiceV20141113.": "ecs",
  "CodeDeploy_20141006.": "codedeploy",
};

function serviceOfTarget(target: string | string[] | undefined): string | null {
  const found = Object.entries(targetPrefixes).find(([prefix]) => String(target).startsWith(prefix));
  return found?.[1] ?? null;
}

/** The path of protocol rpcv2Cbor names the operation: `/service/<target prefix>/operation/<Name>`. */
function operationOfPath(url = "/"): string | null {
  return /^\/service\/[^/]+\/operation\/(\w+)/.exec(url)?.[1] ?? null;
}

function isForm({ headers }: IncomingMessage): boolean {
  return headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
function credentialScope({ headers, url }: IncomingMessage): {
  service: string | null;
  region: string | null;
  accessKeyId: string | null;
} {
  const presigned = new URL(url ?? "/", "http://localhost").searchParams.get("X-Amz-Credential");
  const credential = /Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1] ?? presigned ?? "";
  const [accessKeyId = "", , region, service] = credential.split("/");
  return { service: service ?? null, region: region ?? null, accessKeyId: accessKeyId || null };
}
