/** One thing that can be known before a rollout. */
export interface Check {
  /** What was looked at, as in `image nginx:1.27`. */
  readonly name: string;
  readonly status: "ok" | "failed" | "skipped";
  /** What was found, or why it was not looked at. */
  readonly reason: string;
  /** What to do; for a failed check. */
  readonly remedy?: string;
}
