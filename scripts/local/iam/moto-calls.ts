/**
 * Calls to moto for services that have no client here. They go past enforcement, as all of the gateway's own do.
 */

/** Where moto is and in which region it is asked. */
export interface MotoAddress {
  readonly endpoint: string;
  readonly region: string;
}

/** How services that speak awsJson name their operations. */
const targets: Readonly<Record<string, { readonly prefix: string; readonly version: "1.0" | "1.1" }>> = {
  ecr: { prefix: "AmazonEC2ContainerRegistry_V20150921", version: "1.1" },
  kms: { prefix: "TrentService", version: "1.1" },
  secretsmanager: { prefix: "secretsmanager", version: "1.1" },
  sqs: { prefix: "AmazonSQS", version: "1.0" },
  tagging: { prefix: "ResourceGroupsTaggingAPI_20170126", version: "1.1" },
};

function authorization(service: string, region: string): string {
  return `AWS4-HMAC-SHA256 Credential=local/20200101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

/** Calls an operation of a service that speaks awsJson; null when it refuses. */
export async function askJson(
  { endpoint, region }: MotoAddress,
  service: string,
  operation: string,
  input: object,
): Promise<Record<string, unknown> | null> {
  const target = targets[service];
  if (!target) return null;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      authorization: authorization(service, region),
      "content-type": `application/x-amz-json-${target.version}`,
      "x-amz-target": `${target.prefix}.${operation}`,
    },
    body: JSON.stringify(input),
  });
  const body: unknown = await response.json().catch(() => null);
  return response.ok && typeof body === "object" ? (body as Record<string, unknown> | null) : null;
}

/** Calls anything else and gives the answer's text; null when it refuses. */
export async function askText(
  { endpoint, region }: MotoAddress,
  service: string,
  path: string,
  form?: Readonly<Record<string, string>>,
): Promise<string | null> {
  const response = await fetch(`${endpoint}${path}`, {
    method: form ? "POST" : "GET",
    headers: { authorization: authorization(service, region) },
    ...(form && { body: new URLSearchParams(form) }),
  });
  const text = await response.text();
  return response.ok ? text : null;
}
