import type { Status } from "../gateway/status.ts";

const answersWithinMs = 5000;

/** The endpoint on a port. */
export function endpointOn(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** The status of the local AWS on a port; undefined when none answers there. */
export async function statusOn(port: number): Promise<Status | undefined> {
  try {
    const response = await fetch(`${endpointOn(port)}/_slipway/status`, {
      signal: AbortSignal.timeout(answersWithinMs),
    });
    if (!response.ok) return undefined;
    // Only a gateway of ours answers this path with a status.
    const status = (await response.json()) as Partial<Status>;
    return typeof status.pid === "number" && status.moto ? (status as Status) : undefined;
  } catch {
    return undefined;
  }
}
