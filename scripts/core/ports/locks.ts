/** One version of a parameter that is a lock. */
export interface StoredLock {
  readonly value: string;
  readonly version: number;
  /** When this version was written, by AWS's time: milliseconds since 1970. */
  readonly modifiedAt: number;
}

/**
 * What the lock asks of Parameter Store, whose versions are numbered without a gap and stay readable after they are
 * replaced. Every method throws AwsCallError.
 */
export interface LocksPort {
  /** Makes a parameter and gives its version; undefined when there is one of this name. */
  create(name: string, value: string): Promise<number | undefined>;
  /** Writes a further version, or the first where there is none, and gives its number. */
  overwrite(name: string, value: string): Promise<number>;
  /** Newest versions by name; names that don't exist are left out. Any number, asked for ten at a time. */
  read(names: readonly string[]): Promise<LocksRead>;
  /** One version, undefined when it is not there (any more). */
  readVersion(name: string, version: number): Promise<StoredLock | undefined>;
  /**
   * Deletes parameters, ten a call. Sent once: after an answer that never came the caller looks whether it came
   * about, since by then the lock may be somebody else's.
   */
  delete(names: readonly string[]): Promise<void>;
}

/** What a read found, and when. */
interface LocksRead {
  readonly locks: ReadonlyMap<string, StoredLock>;
  /** AWS's time: milliseconds since 1970, to the second below; undefined where the answer bore no date. */
  readonly at: number | undefined;
}
