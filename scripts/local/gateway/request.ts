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
  /** Whether its body was more than is taken, and so is left out. */
  readonly tooLarge?: boolean;
}

/** What is sent back. */
export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer | string;
}

const mebibyte = 1024 * 1024;
/** Room for the largest body of an API, Lambda's 50 MB of code in base64. */
const largestBody = 70 * mebibyte;
const largestObject = 256 * mebibyte;

const defaultRegion = "us-east-1";

/** Reads a call: its body, and what its headers say of service, region and operation. */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const { service, region, accessKeyId } = credentialScope(message);
  const { body, tooLarge } = await readBody(message, service === "s3" ? largestObject : largestBody);
  const form = isForm(message) ? new URLSearchParams(body.toString()) : new URLSearchParams();
  const target = message.headers["x-amz-target"];
  const operation =
    typeof target === "string"
      ? target.slice(target.lastIndexOf(".") + 1)
      : (form.get("Action") ?? operationOfPath(message.url));
  return {
    method: message.method ?? "GET",
    url: originForm(message.url ?? "/"),
    headers: message.headers,
    body,
    service: serviceOfTarget(target) ?? service,
    region: region ?? defaultRegion,
    accessKeyId,
    operation,
    form,
    ...(tooLarge && { tooLarge }),
  };
}

/** Bodies are held in memory: what is larger is read to its end, so that its sender gets to the answer, but not kept. */
export async function readBody(
  message: IncomingMessage,
  largest: number,
): Promise<{ body: Buffer; tooLarge: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += (chunk as Buffer).length;
    if (length <= largest) chunks.push(chunk as Buffer);
    else chunks.length = 0;
  }
  return { body: Buffer.concat(chunks), tooLarge: length > largest };
}

/** What a client that takes this for a proxy asks for, `http://host/path`, is the path; moto would hang on it. */
function originForm(url: string): string {
  const path = url.replace(/^https?:\/\/[^/?#]*/i, "");
  return path === "" ? "/" : path;
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
  const presigned = new URLSearchParams(url?.split("?")[1]).get("X-Amz-Credential");
  const credential = /Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1] ?? presigned ?? "";
  const [accessKeyId = "", , region, service] = credential.split("/");
  return { service: service ?? null, region: region ?? null, accessKeyId: accessKeyId || null };
}
