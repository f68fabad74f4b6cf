import { get } from "node:http";
import { text } from "node:stream/consumers";

import type { Status } from "../gateway/status.ts";

const answersWithinMs = 5000;

/** The endpoint on a port. */
export function endpointOn(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** The status of the local AWS on a port; undefined when none answers there. */
export async function statusOn(port: number): Promise<Status | undefined> {
  try {
    // Only a gateway of ours answers this path with a status.
    const status = JSON.parse(await read(`${endpointOn(port)}/_slipway/status`)) as Partial<Status>;
    return typeof status.pid === "number" && status.moto ? (status as Status) : undefined;
  } catch {
    return undefined;
  }
}

/** Node 20's fetch never settles when the other side hangs up at once, which a stranger on the port may do. */
function read(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { timeout: answersWithinMs }, (answer) => {
      text(answer).then(resolve, reject);
    });
    asked.once("timeout", () => asked.destroy(new Error("no answer in time")));
    asked.once("error", reject);
  });
}
