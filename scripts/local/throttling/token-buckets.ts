/** How many calls a bucket admits: `burst` at once, and `perSecond` as time passes. */
export interface Limit {
  readonly burst: number;
  readonly perSecond: number;
}

interface Level {
  tokens: number;
  at: number;
}

/** Token buckets by name, each full at first. Times are seconds on whatever clock the caller goes by. */
export class TokenBuckets {
  readonly #levels = new Map<string, Level>();

  /** Takes a token from each of several buckets, or from none when one is empty. @returns whether it could */
  take(buckets: ReadonlyMap<string, Limit>, now: number): boolean {
    const levels = [...buckets].map(([name, limit]) => this.#filled(name, limit, now));
    if (levels.some(({ tokens }) => tokens < 1)) return false;
    for (const level of levels) level.tokens -= 1;
    return true;
  }

  #filled(name: string, { burst, perSecond }: Limit, now: number): Level {
    const level = this.#levels.get(name) ?? { tokens: burst, at: now };
    level.tokens = Math.min(burst, level.tokens + (now - level.at) * perSecond);
    level.at = now;
    this.#levels.set(name, level);
    return level;
  }
}
