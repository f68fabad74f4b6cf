import { setTimeout } from "node:timers/promises";

import type { Clock } from "../core/ports.ts";

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    // An aborted sleep ends early; who asked for it looks at the signal.
    await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
  },
};
