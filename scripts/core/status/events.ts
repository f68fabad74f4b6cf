import type { ServiceEvent } from "@aws-sdk/client-ecs";

/** What every rollout and every restart of a task brings; tasks and targets themselves tell it better. */
const routine =
  /\b(has started \d+ tasks|has stopped \d+ (running|pending) tasks|stopped \d+ pending tasks|registered \d+ targets|deregistered \d+ targets|has begun draining connections|has reached a steady state)\b/;

/** An event that is worth somebody's time. */
export interface TellingEvent {
  readonly at?: string;
  /** Without the name of the service. */
  readonly message: string;
}

/**
 * The newest events that say something, newest first: without routine and without what the event before it said
 * already.
 */
export function tellingEvents(
  events: readonly ServiceEvent[],
  serviceName: string,
  limit: number,
): readonly TellingEvent[] {
  const told: TellingEvent[] = [];
  for (const { message = "", createdAt } of events) {
    if (told.length >= limit) break;
    if (routine.test(message)) continue;
    const short = message.replace(`(service ${serviceName}) `, "").trim();
    if (told.at(-1)?.message === short) continue;
    told.push({ message: short, ...(createdAt === undefined ? {} : { at: createdAt.toISOString() }) });
  }
  return told;
}
