/**
 * The scaled clock: AWS's own durations, passed `speed` times faster.
 *
 * Inside, every time is in "AWS milliseconds" since the clock started. Answers carry the wall clock's time, so that
 * a client that compares them with its own clock is never told of the future (decision 0012).
 */
export interface Clock {
  readonly speed: number;
  /** AWS milliseconds since the start. */
  now(): number;
  /** How long a span of AWS milliseconds takes for real, in milliseconds. */
  toReal(span: number): number;
  /** The wall clock's time of an instant of this clock. */
  toDate(instant: number): Date;
}

/** A clock that runs `speed` times as fast as the wall clock. */
export function scaledClock(speed: number): Clock {
  const startedAt = Date.now();
  const startedAtMonotonic = performance.now();
  return {
    speed,
    now: () => (performance.now() - startedAtMonotonic) * speed,
    toReal: (span) => span / speed,
    toDate: (instant) => new Date(startedAt + instant / speed),
  };
}
