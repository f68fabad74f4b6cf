import { createWriteStream, type WriteStream } from "node:fs";

import type { Clock } from "../clock.ts";
import { changeTypes, type Change } from "./changes.ts";

/** A line of the timeline. */
export interface Entry {
  /** Counts from 1, without a gap. */
  readonly seq: number;
  /** The wall clock's time. */
  readonly time: string;
  /** Seconds of AWS's time since the start. */
  readonly at: number;
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What can be told besides the changes of the world. */
const otherTypes = ["call", "fault", "throttled", "time"] as const;

/** The types of entries. */
export const entryTypes: readonly string[] = [...otherTypes, ...changeTypes];

type Told = Change | { readonly type: (typeof otherTypes)[number]; readonly [field: string]: unknown };

/** How many entries are kept in memory; the file has them all. */
const kept = 10_000;

/** Everything that happened, in order: in a file, for the latest in memory, and for whoever follows it. */
export class Timeline {
  readonly #clock: Clock;
  readonly #file: WriteStream;
  readonly #followers = new Set<(entry: Entry) => void>();
  #entries: Entry[] = [];
  #seq = 0;

  constructor(file: string, clock: Clock) {
    this.#clock = clock;
    this.#file = createWriteStream(file);
    // What cannot be written, as on a full disk, is still told to those who ask.
    this.#file.on("error", () => undefined);
  }

  add(told: Told): void {
    this.#seq += 1;
    const at = Math.round(this.#clock.now()) / 1000;
    const entry: Entry = { seq: this.#seq, time: new Date().toISOString(), at, ...told };
    this.#entries.push(entry);
    // Cut now and then rather than each time: shifting an array of this length is not for free.
    if (this.#entries.length > 2 * kept) this.#entries = this.#entries.slice(-kept);
    if (this.#file.writable) this.#file.write(`${JSON.stringify(entry)}\n`);
    for (const follow of this.#followers) follow(entry);
  }

  /** The entries after a number, as far as they are still in memory, of the given types, or of all. */
  since(seq: number, types: ReadonlySet<string> | null): Entry[] {
    return this.#entries.filter((entry) => entry.seq > seq && (types?.has(entry.type) ?? true));
  }

  /** Calls `follow` with every entry from now on. @returns what ends that */
  follow(follow: (entry: Entry) => void): () => void {
    this.#followers.add(follow);
    return () => this.#followers.delete(follow);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#file.end(resolve));
  }
}
