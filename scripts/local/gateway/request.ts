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
  /** Operation name, where the protocol tells it: from `X-Amz-Target` or the form's `Action`. */
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
  const { service, region } = credentialScope(message);
  const form = isForm(message) ? new URLSearchParams(body.toString()) : new URLSearchParams();
  const target = message.headers["x-amz-target"];
  const operation =
    typeof target === "string" ? target.slice(target.lastIndexOf(".") + 1) : form.get("Action");
  return {
    method: message.method ?? "GET",
    url: message.url ?? "/",
    headers: message.headers,
    body,
    service: serviceOfTarget(target) ?? service,
    region: region ?? defaultRegion,
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

function isForm({ headers }: IncomingMessage): boolean {
  return headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
function credentialScope({ headers, url }: IncomingMessage): {
  service: string | null;
  region: string | null;
} {
  const presigned = new URL(url ?? "/", "http://localhost").searchParams.get("X-Amz-Credential");
  const credential = /Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1] ?? presigned ?? "";
  const [, , region, service] = credential.split("/");
  return { service: service ?? null, region: region ?? null };
}
