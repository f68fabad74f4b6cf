import { createHistogram } from "node:perf_hooks";

/** How a request failed: by an answer that is no success, or without an answer. */
export type FailureKind = "status" | "refused" | "reset" | "timeout" | "other";

/** Milliseconds from when a request was due to the end of its answer. */
export interface Latency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** When answers of an image came, in milliseconds since the start of the load. */
interface ImageAnswers {
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** What came of a load. */
export interface LoadReport {
  /** For how long it has sent requests. */
  readonly durationMs: number;
  /** Requests sent; each is a success or a failure once the load has stopped. */
  readonly sent: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Requests a second that were sent. */
  readonly rate: number;
  /** Answers by HTTP status. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Successes by the `x-image` header of the answer. */
  readonly byImage: Readonly<Record<string, ImageAnswers>>;
  readonly failures: Readonly<Record<FailureKind, number>>;
  /** The first few failures, in words. */
  readonly examples: readonly string[];
  /** Of the requests that were answered; undefined when none was. */
  readonly latency: Latency | undefined;
}

const mostExamples = 5;
const microseconds = 1000;

/** Counts what comes of requests. */
export class Tally {
  readonly #startedAt = performance.now();
  readonly #histogram = createHistogram();
  readonly #byStatus: Record<string, number> = {};
  readonly #byImage: Record<string, { count: number; firstAtMs: number; lastAtMs: number }> = {};
  readonly #failures: Record<FailureKind, number> = { status: 0, refused: 0, reset: 0, timeout: 0, other: 0 };
  readonly #examples: string[] = [];
  sent = 0;
  #succeeded = 0;
  #endedAt: number | undefined;

  /** An answer came to its end. @param dueAt when its request was to be sent, on the clock of `performance.now` */
  answered(status: number, image: string | undefined, dueAt: number): void {
    const now = performance.now();
    this.#histogram.record(Math.max(1, Math.round((now - dueAt) * microseconds)));
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
    if (status < 200 || status > 299) {
      this.#fail("status", `answered ${status}`, dueAt);
      return;
    }
    this.#succeeded += 1;
    const at = now - this.#startedAt;
    const answers = (this.#byImage[image ?? "none"] ??= { count: 0, firstAtMs: at, lastAtMs: at });
    answers.count += 1;
    answers.lastAtMs = at;
  }

  /** No answer came, or not all of it. */
  broke(error: NodeJS.ErrnoException, dueAt: number): void {
    this.#fail(kindOf(error), `${error.code ?? "error"}: ${error.message}`, dueAt);
  }

  /** Nothing more is sent. */
  end(): void {
    this.#endedAt ??= performance.now();
  }

  /** What there is by now. */
  report(): LoadReport {
    const durationMs = (this.#endedAt ?? performance.now()) - this.#startedAt;
    const failed = Object.values(this.#failures).reduce((sum, count) => sum + count, 0);
    return {
      durationMs,
      sent: this.sent,
      succeeded: this.#succeeded,
      failed,
      rate: this.sent / (durationMs / 1000),
      byStatus: { ...this.#byStatus },
      byImage: structuredClone(this.#byImage),
      failures: { ...this.#failures },
      examples: [...this.#examples],
      latency: this.#latency(),
    };
  }

  #fail(kind: FailureKind, words: string, dueAt: number): void {
    this.#failures[kind] += 1;
    const at = Math.round(dueAt - this.#startedAt);
    if (this.#examples.length < mostExamples) this.#examples.push(`after ${at} ms: ${words}`);
  }

  #latency(): Latency | undefined {
    if (this.#histogram.count === 0) return undefined;
    const at = (percent: number) => this.#histogram.percentile(percent) / microseconds;
    return { p50: at(50), p90: at(90), p99: at(99), max: this.#histogram.max / microseconds };
  }
}

function kindOf({ code, message }: NodeJS.ErrnoException): FailureKind {
  if (code === "ECONNREFUSED") return "refused";
  if (code === "ETIMEDOUT") return "timeout";
  return code === "ECONNRESET" || code === "EPIPE" || message === "aborted" ? "reset" : "other";
}
