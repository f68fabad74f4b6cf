import { createHash } from "node:crypto";

import { z } from "zod";

import type { LockHolder } from "./holder.ts";
import type { Suspension } from "../ports/auto-scaling.ts";

/** What tells whether a process of this very machine still lives. */
export interface ProcessIdentity {
  readonly host: string;
  /** Id of the machine's start, `/proc/sys/kernel/random/boot_id`. */
  readonly boot: string;
  /** `/proc/self/ns/pid`: a container counts its processes by itself. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** When the process was started, in clock ticks since the machine's start: a pid is given out again. */
  readonly started: string;
}

/** What a run writes into the lock of a service. Never a secret. */
export interface LockRecord extends LockHolder {
  readonly verb?: string;
  /** Where the run's log can be read. */
  readonly runUrl?: string;
  /** The lock that the run renews for all its locks; its own name where it is this one. */
  readonly heartbeat: string;
  /** Where the process could be looked up, on Linux only. */
  readonly process?: ProcessIdentity;
  /** What was suspended of the service's autoscaling before the run suspended all of it. */
  readonly suspendedAutoscaling?: Suspension;
  /** Killed runs of the same purpose that this one took the lock over from, newest first. */
  readonly earlierRuns?: readonly string[];
}

/** A version of a lock: a record, and which version its writer meant to follow. */
export interface LockEntry extends LockRecord {
  /** Makes each write of a run another value. */
  readonly serial: number;
  /** Absent in the first version. */
  readonly follows?: Link;
  /** Written by another run, which found that the one in the record gave no sign of life: it is held no more. */
  readonly endedBy?: string;
}

/** Names one version of a parameter. */
export interface Link {
  readonly version: number;
  /** Of the value, since a parameter that is made anew counts its versions from 1 again. */
  readonly digest: string;
}

/** A parameter of the standard tier holds 4096 characters. */
const longestText = 1_000;
const mostEarlierRuns = 5;
const digestLength = 16;

const suspension = z.object({
  dynamicScalingIn: z.boolean(),
  dynamicScalingOut: z.boolean(),
  scheduledScaling: z.boolean(),
});

const entrySchema = z.object({
  run: z.string().min(1),
  owner: z.string(),
  purpose: z.string(),
  since: z.string(),
  verb: z.string().exactOptional(),
  runUrl: z.string().exactOptional(),
  heartbeat: z.string().min(1),
  process: z
    .object({
      host: z.string(),
      boot: z.string(),
      pidNamespace: z.string(),
      pid: z.number(),
      started: z.string(),
    })
    .exactOptional(),
  suspendedAutoscaling: suspension.exactOptional(),
  earlierRuns: z.array(z.string()).exactOptional(),
  serial: z.number(),
  follows: z.object({ version: z.number(), digest: z.string() }).exactOptional(),
  endedBy: z.string().exactOptional(),
});

/** Reads a lock's value; undefined for what no run of this script wrote. */
export function parseEntry(value: string): LockEntry | undefined {
  let document: unknown;
  try {
    document = JSON.parse(value);
  } catch {
    return undefined;
  }
  const parsed = entrySchema.safeParse(document);
  return parsed.success ? parsed.data : undefined;
}

/** The value of a parameter for an entry. */
export function entryText(entry: LockEntry): string {
  const { earlierRuns } = entry;
  const text = JSON.stringify({
    ...entry,
    ...(earlierRuns === undefined ? {} : { earlierRuns: earlierRuns.slice(0, mostEarlierRuns) }),
  });
  // Parameter Store takes {{…}} for a reference to another parameter; JSON of ours has braces only where text has them.
  return text.replaceAll("{{", "{\\u007b");
}

export function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("hex").slice(0, digestLength);
}

/** A text that fits into a lock's record; a longer one ends in a hash, so that two stay apart. */
export function boundedText(text: string, longest = longestText): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}... ${digestOf(text)}`;
}
