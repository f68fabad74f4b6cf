import { setTimeout } from "node:timers/promises";

import type { Clock } from "../core/ports.ts";

/** The machine's own time. */
export const systemClock: Clock = scaledClock(1);

/**
 * A clock that runs `speed` times as fast as the machine's, from now on: for a local AWS whose time runs as fast. Its
 * sleeps are so much shorter.
 */
export function scaledClock(speed: number): Clock {
  const origin = Date.now();
  const timeOf = (date: Date): number => origin + (date.getTime() - origin) * speed;
  return {
    now: () => timeOf(new Date()),
    timeOf,
    async sleep(milliseconds, signal) {
      // An aborted sleep ends early; who asked for it looks at the signal.
      await setTimeout(milliseconds / speed, undefined, { signal }).catch(() => undefined);
    },
  };
}
