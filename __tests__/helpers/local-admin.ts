import type { LocalAws } from "../../scripts/local/start.ts";

/** Settings of a client of a Region of a local AWS. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/** A client's settings; a Region of its own has buckets and a state of its own. It tries once unless told otherwise. */
export function settingsFor({ endpoint }: LocalAws, region: string, maxAttempts = 1): ClientSettings {
  return {
    endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts,
  };
}

/** Asks the admin interface. */
export async function askAdmin(
  { endpoint }: Pick<LocalAws, "endpoint">,
  method: string,
  route: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${endpoint}/_slipway/${route}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, unknown>;
}

/** The entries of the timeline that a query asks for. */
export async function timelineOf({ endpoint }: LocalAws, query: string): Promise<Record<string, unknown>[]> {
  const response = await fetch(`${endpoint}/_slipway/timeline?${query}`);
  const text = await response.text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
