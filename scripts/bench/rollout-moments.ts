import { get, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { DescribeServicesCommand, type ECSClient } from "@aws-sdk/client-ecs";

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
  const completed = new Map<string, number>();
  const throttled: string[] = [];
  const request = get(`${endpoint}/_slipway/timeline?type=deployment,throttled&follow=1`);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve).once("error", reject);
  });
  // It ends by being cut.
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  createInterface(response)
    .on("line", (line) => {
      const entry = JSON.parse(line) as Entry;
      if (entry.type === "throttled") {
        throttled.push(`${String(entry["service"])} ${String(entry["operation"])}`);
      } else if (entry["rollout"] === "COMPLETED") {
        const key = `${String(entry["service"])} ${String(entry["definition"])}`;
        if (!completed.has(key)) completed.set(key, Date.parse(entry.time));
      }
    })
    .on("error", () => undefined);
  return {
    completedAt: (service, definition) => completed.get(`${service} ${definition}`) ?? Number.NaN,
    throttled,
    stop: () => request.destroy(),
  };
}

const lookEveryMs = 250;

/**
 * Waits for what `aws ecs wait services-stable` waits for, on a service whose update has begun: one deployment, with as
 * many tasks as wanted.
 *
 * @returns when it was there, in milliseconds since 1970
 */
export async function stableAt(ecs: ECSClient, service: string): Promise<number> {
  let begun = false;
  for (;;) {
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: "test", services: [service] }),
    );
    const [{ deployments = [], runningCount, desiredCount } = {}] = services ?? [];
    const stable = deployments.length === 1 && runningCount === desiredCount;
    if (stable && begun) return Date.now();
    begun ||= !stable;
    await sleep(lookEveryMs);
  }
}
