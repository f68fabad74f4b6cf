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
  /** Calls `run` once, at an instant or as soon after it as may be. @returns what calls it off */
  at(instant: number, run: () => void): () => void;
  /** Work in the real world that a stepped clock must wait for before it goes on, such as a health check. */
  track(work: Promise<unknown>): void;
}

interface Alarm {
  readonly instant: number;
  readonly run: () => void;
  timer: NodeJS.Timeout | undefined;
}

/** From `instant` on, the wall clock stood at `wall` and moved on by `rate` for every AWS millisecond. */
interface Stretch {
  readonly instant: number;
  readonly wall: number;
  readonly rate: number;
}

/** The shortest real pause before an alarm, so that a high speed cannot spin. */
const shortestPauseMs = 5;
/** The longest delay a timer takes. */
const longestPauseMs = 2 ** 31 - 1;

/** How many times as fast as the wall clock time may run. */
export const speeds = { slowest: 0.1, fastest: 10_000 };

/** The longest that held time is moved on at once, longer than any stage of a deployment: 31 days. */
export const longestStepSeconds = 31 * 24 * 3600;

/** A clock that runs `speed` times as fast as the wall clock, and that can be held and stepped. */
export class ScaledClock implements Clock {
  #speed: number;
  readonly #failed: (error: unknown) => void;
  readonly #alarms = new Set<Alarm>();
  readonly #tracked = new Set<Promise<unknown>>();
  readonly #stretches: Stretch[];
  #running = { since: performance.now(), from: 0 };
  #heldAt: number | null = null;
  /** How often time was let run again. */
  #resumed = 0;
  #steps: Promise<void> = Promise.resolve();

  /** @param failed is told what an alarm or tracked work threw; without it, such an error is nobody's to catch */
  constructor(
    speed: number,
    failed: (error: unknown) => void = (error) => {
      throw error;
    },
  ) {
    this.#speed = speed;
    this.#failed = failed;
    this.#stretches = [{ instant: 0, wall: Date.now(), rate: 1 / speed }];
  }

  get speed(): number {
    return this.#speed;
  }

  get held(): boolean {
    return this.#heldAt !== null;
  }

  now(): number {
    return this.#heldAt ?? this.#running.from + (performance.now() - this.#running.since) * this.speed;
  }

  toReal(span: number): number {
    return span / this.speed;
  }

  toDate(instant: number): Date {
    const stretch =
      this.#stretches.findLast((candidate) => candidate.instant <= instant) ?? this.#stretches[0];
    return new Date(stretch ? stretch.wall + (instant - stretch.instant) * stretch.rate : 0);
  }

  at(instant: number, run: () => void): () => void {
    const alarm: Alarm = { instant, run, timer: undefined };
    this.#alarms.add(alarm);
    this.#arm(alarm);
    return () => {
      clearTimeout(alarm.timer);
      this.#alarms.delete(alarm);
    };
  }

  track(work: Promise<unknown>): void {
    const settled: Promise<unknown> = work
      .finally(() => {
        this.#tracked.delete(settled);
      })
      .catch(this.#failed);
    this.#tracked.add(settled);
  }

  /** Stops time: alarms go off only as it is stepped. */
  hold(): void {
    if (this.#heldAt !== null) return;
    const now = this.now();
    this.#heldAt = now;
    this.#stretches.push({ instant: now, wall: Date.now(), rate: 0 });
    for (const { timer } of this.#alarms) clearTimeout(timer);
  }

  /** Lets time run again from where it stands. */
  resume(): void {
    if (this.#heldAt === null) return;
    const now = this.#heldAt;
    this.#resumed += 1;
    this.#heldAt = null;
    this.#runFrom(now);
  }

  /** Goes on at another speed from where time stands; time that is held stays so. */
  setSpeed(speed: number): void {
    const now = this.now();
    this.#speed = speed;
    if (!this.held) this.#runFrom(now);
  }

  #runFrom(now: number): void {
    this.#running = { since: performance.now(), from: now };
    this.#stretches.push({ instant: now, wall: Date.now(), rate: 1 / this.speed });
    for (const alarm of this.#alarms) {
      clearTimeout(alarm.timer);
      this.#arm(alarm);
    }
  }

  /**
   * Moves held time on by a span of AWS milliseconds; every alarm on the way goes off in its turn. A step that is asked
   * for during another follows it; letting time run again ends a step where it stands.
   */
  step(span: number): Promise<void> {
    this.hold();
    const turn = this.#steps.then(() => this.#step(span));
    this.#steps = turn.catch(() => undefined);
    return turn;
  }

  async #step(span: number): Promise<void> {
    this.hold();
    const resumed = this.#resumed;
    const end = this.now() + span;
    await this.#settle();
    for (let next = this.#next(); next && next.instant <= end; next = this.#next()) {
      if (resumed !== this.#resumed) return;
      this.#heldAt = Math.max(this.now(), next.instant);
      this.#alarms.delete(next);
      this.#sound(next);
      await this.#settle();
    }
    if (resumed === this.#resumed) this.#heldAt = end;
  }

  #next(): Alarm | undefined {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms) if (!next || alarm.instant < next.instant) next = alarm;
    return next;
  }

  async #settle(): Promise<void> {
    while (this.#tracked.size > 0) await Promise.all(this.#tracked);
  }

  #sound({ run }: Alarm): void {
    try {
      run();
    } catch (error) {
      this.#failed(error);
    }
  }

  #arm(alarm: Alarm): void {
    if (this.#heldAt !== null) return;
    const pause = this.toReal(alarm.instant - this.now());
    alarm.timer = setTimeout(
      () => {
        if (pause > longestPauseMs) {
          this.#arm(alarm);
          return;
        }
        this.#alarms.delete(alarm);
        this.#sound(alarm);
      },
      Math.min(longestPauseMs, Math.max(shortestPauseMs, pause)),
    );
  }
}
