import { expect } from "@jest/globals";

import { startLoad, type EndedRequest } from "../../scripts/load/load.ts";

/** What a test asks for. */
export interface TrafficOptions {
  /** A listener's address on this machine. */
  readonly url: string;
  /** The `Host` header: whose traffic it is. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Requests a second. @default 220, so that 200 are reached on a machine that is busy */
  readonly rate?: number;
  /** After how long a request without its whole answer has failed. @default 10000 */
  readonly timeoutMs?: number;
}

/** One request, in milliseconds since the traffic began. */
export interface Sample {
  readonly sentAt: number;
  readonly endedAt: number;
  readonly host: string;
  /** Whether its connection was one for itself; the others are kept. */
  readonly fresh: boolean;
  /** Absent where no whole answer came. */
  readonly status?: number;
  /** What answered: the `x-version` of an application, the `x-image` of a container of the local AWS. */
  readonly version?: string;
  /** Why there is no answer. */
  readonly error?: string;
}

/** What clients saw of a deployment, from before its first call to after its last. */
export class TrafficReport {
  readonly samples: readonly Sample[];
  /** For how long requests were sent. */
  readonly durationMs: number;
  /** Requests that ended in a second; what was to be reached is seen here. */
  readonly rate: number;

  constructor(samples: readonly Sample[], durationMs: number) {
    this.samples = samples;
    this.durationMs = durationMs;
    this.rate = samples.length / (durationMs / 1000);
  }

  /** Requests without an answer, or with one that is no success. */
  get failed(): readonly Sample[] {
    return this.samples.filter(({ status }) => status === undefined || status < 200 || status > 299);
  }

  /** What a version answered, errors too; oldest first. */
  by(version: string): readonly Sample[] {
    return this.samples.filter((sample) => sample.version === version);
  }

  /** What a version answered after a moment, kept connections included. */
  answeredAfter(version: string, moment: number): readonly Sample[] {
    return this.by(version).filter(({ endedAt }) => endedAt > moment);
  }

  /** A version's share of the requests that were sent from one moment to another, from 0 to 1. */
  share(version: string, from: number, to: number): number {
    const sent = this.samples.filter(({ sentAt }) => sentAt >= from && sentAt < to);
    return sent.filter((sample) => sample.version === version).length / Math.max(1, sent.length);
  }

  /** When a version answered first and last; undefined where it never did. */
  spanOf(version: string): readonly [first: number, last: number] | undefined {
    const ends = this.by(version).map(({ endedAt }) => endedAt);
    return ends.length === 0 ? undefined : [Math.min(...ends), Math.max(...ends)];
  }

  /** Who answered how often. */
  get versions(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { version = "nobody" } of this.samples) counts[version] = (counts[version] ?? 0) + 1;
    return counts;
  }
}

/** Traffic that flows. */
export interface SteadyTraffic {
  /** The moment, in milliseconds since the traffic began. */
  now(): number;
  /** Waits until so many more requests have ended, failed ones too. */
  more(requests: number): Promise<void>;
  /** Waits until a report of what was seen so far shows something; fails after a minute. */
  until(shows: (report: TrafficReport) => boolean): Promise<void>;
  /** What was seen so far; requests that are under way are not in it. */
  soFar(): TrafficReport;
  /** Sends nothing more, waits for what is under way, each until its time is over, and reports all of it. */
  stop(): Promise<TrafficReport>;
}

const flowing = new Set<SteadyTraffic>();

/** Sends requests at a steady rate: nine of ten over kept connections, one over a new one. */
export function steadyTraffic(options: TrafficOptions): SteadyTraffic {
  const { url, host = new URL(options.url).host, headers = {}, rate = 220, timeoutMs = 10_000 } = options;
  const startedAt = performance.now();
  const samples: Sample[] = [];
  const load = startLoad({
    url,
    rate,
    timeoutMs,
    freshEvery: 10,
    headers: { ...headers, host },
    onEnd: (ended) => samples.push(sampleOf(ended, host, startedAt)),
  });
  const traffic: SteadyTraffic = {
    now: () => performance.now() - startedAt,
    soFar: () => new TrafficReport([...samples], performance.now() - startedAt),
    more: (requests) => {
      const enough = samples.length + requests;
      return waitFor(() => samples.length >= enough, `${enough} answers; there were ${samples.length}`);
    },
    until: (shows) => waitFor(() => shows(traffic.soFar()), "what the traffic was to show"),
    stop: async () => {
      flowing.delete(traffic);
      const { durationMs, sent } = await load.stop();
      // Each request that was sent has become a sample: none is lost on the way to the verdict.
      expect(samples).toHaveLength(sent);
      return new TrafficReport(samples, durationMs);
    },
  };
  flowing.add(traffic);
  return traffic;
}

/** Ends what a test that failed has left flowing. */
export async function stopAllTraffic(): Promise<void> {
  await Promise.all([...flowing].map((traffic) => traffic.stop()));
}

/**
 * What holds of every deployment that goes well: at least 200 requests a second were answered all along, and none of
 * them failed.
 */
export function expectNoneLost(report: TrafficReport): void {
  expect({ failed: report.failed.length, first: report.failed.slice(0, 3) }).toEqual({
    failed: 0,
    first: [],
  });
  expect(report.rate).toBeGreaterThanOrEqual(200);
  expect(report.samples.some(({ fresh }) => fresh)).toBe(true);
}

/**
 * What holds of a release that is bad: the only requests that fail are those that it answered itself.
 *
 * @param bad its version
 */
export function expectOnlyItsOwnLost(report: TrafficReport, bad: string): void {
  expect(report.failed.filter(({ version }) => version !== bad).slice(0, 5)).toEqual([]);
  expect(report.rate).toBeGreaterThanOrEqual(200);
}

/**
 * A version's share of the requests from one moment to another is not above a canary's. Each request is a throw of
 * dice, so it may be above by four times the deviation of so many: one run in thirty thousand is.
 *
 * @param percent the canary's share
 */
export function expectShareAtMost(
  report: TrafficReport,
  version: string,
  percent: number,
  [from, to]: readonly [from: number, to: number],
): void {
  const share = percent / 100;
  const sent = report.samples.filter(({ sentAt }) => sentAt >= from && sentAt < to).length;
  expect(sent).toBeGreaterThan(100);
  expect(report.share(version, from, to)).toBeLessThanOrEqual(
    share + 4 * Math.sqrt((share * (1 - share)) / sent),
  );
}

function sampleOf(ended: EndedRequest, host: string, startedAt: number): Sample {
  const { sentAt, endedAt, fresh, status, headers, error } = ended;
  const version = [headers?.["x-version"] ?? headers?.["x-image"]].flat()[0];
  return {
    sentAt: sentAt - startedAt,
    endedAt: endedAt - startedAt,
    host,
    fresh,
    ...(status === undefined ? { error: error?.message ?? "no answer" } : { status }),
    ...(version === undefined ? {} : { version }),
  };
}

async function waitFor(holds: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 1200; turn += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`A minute has passed without ${what}.`);
}
