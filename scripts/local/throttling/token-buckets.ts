/** How many calls a bucket admits: `burst` at once, and `perSecond` as time passes. */
export interface Limit {
  readonly burst: number;
  readonly perSecond: number;
}

/** What a call takes of a bucket. */
export interface Charge extends Limit {
  /** Name of the bucket; charges of the same name share it. */
  readonly bucket: string;
  /** @default 1 */
  readonly tokens?: number;
}

interface Level {
  tokens: number;
  at: number;
}

/** Token buckets by name, each full at first. Times are seconds on whatever clock the caller goes by. */
export class TokenBuckets {
  readonly #levels = new Map<string, Level>();

  /** Takes the tokens of every charge, or none when one bucket has too few. @returns the name of that bucket */
  take(charges: readonly Charge[], now: number): string | undefined {
    const levels = charges.map((charge) => ({ charge, level: this.#filled(charge, now) }));
    const short = levels.find(({ charge, level }) => level.tokens < (charge.tokens ?? 1));
    if (short) return short.charge.bucket;
    for (const { charge, level } of levels) level.tokens -= charge.tokens ?? 1;
    return undefined;
  }

  #filled({ bucket, burst, perSecond }: Charge, now: number): Level {
    const level = this.#levels.get(bucket) ?? { tokens: burst, at: now };
    level.tokens = Math.min(burst, level.tokens + (now - level.at) * perSecond);
    level.at = now;
    this.#levels.set(bucket, level);
    return level;
  }
}
