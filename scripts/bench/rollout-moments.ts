import { createInterface } from "node:readline";
import { Readable } from "node:stream";

interface Entry {
  readonly type: string;
  readonly time: string;
  readonly [member: string]: unknown;
}

/** What the local AWS tells of a measurement while it runs. */
export interface RolloutMoments {
  /** When the rollout of a revision had completed, in milliseconds since 1970; `definition` as in `web:2`. */
  completedAt(service: string, definition: string): number;
  /** Calls that were refused since they came too fast, each as in `ecs UpdateService`. */
  readonly throttled: readonly string[];
  stop(): void;
}

/** Follows the timeline of a local AWS from now on. */
export async function followRollouts(endpoint: string): Promise<RolloutMoments> {
  const end = new AbortController();
  const types = "type=deployment,throttled&follow=1";
  const { body } = await fetch(`${endpoint}/_slipway/timeline?${types}`, { signal: end.signal });
  if (body === null) throw new Error("The timeline of the local AWS is empty.");
  const completed = new Map<string, number>();
  const throttled: string[] = [];
  const read = async (): Promise<void> => {
    for await (const line of createInterface(Readable.fromWeb(body))) {
      const entry = JSON.parse(line) as Entry;
      if (entry.type === "throttled") {
        throttled.push(`${String(entry["service"])} ${String(entry["operation"])}`);
      } else if (entry["rollout"] === "COMPLETED") {
        const key = `${String(entry["service"])} ${String(entry["definition"])}`;
        if (!completed.has(key)) completed.set(key, Date.parse(entry.time));
      }
    }
  };
  // It ends by being aborted.
  read().catch(() => undefined);
  return {
    completedAt: (service, definition) => completed.get(`${service} ${definition}`) ?? Number.NaN,
    throttled,
    stop: () => end.abort(),
  };
}
