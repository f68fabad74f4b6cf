import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import type { LockEdge } from "../../scripts/commands/lock/abandoned.ts";
import { takeAll, type HeldLocks, type Wanted } from "../../scripts/commands/lock/lock-all.ts";
import { AwsCallError, RefusedError } from "../../scripts/core/errors.ts";
import { lockName } from "../../scripts/core/lock/name.ts";
import { LockWorld, type Mishap } from "../helpers/lock-world.ts";

/** What one run of a case does. */
interface Actor {
  readonly services: readonly string[];
  readonly writes: number;
  readonly skewMs: number;
  readonly startsAfterMs: number;
  readonly pauseMs: number;
  readonly killedAtStep: number | undefined;
  readonly stoppedAtStep: number | undefined;
  readonly stoppedForMs: number;
  readonly mishaps: readonly Mishap[];
}

const mishaps = fc.array(
  fc.constantFrom<Mishap>("none", "none", "none", "lost before", "lost after", "sent twice"),
  { maxLength: 20 },
);

const actor = fc.record<Actor>({
  services: fc.uniqueArray(fc.constantFrom("api", "web", "worker"), { minLength: 1 }),
  writes: fc.integer({ min: 2, max: 8 }),
  skewMs: fc.integer({ min: -100_000, max: 100_000 }),
  startsAfterMs: fc.nat(90_000),
  pauseMs: fc.constantFrom(10, 1_000, 20_000, 45_000),
  killedAtStep: fc.option(fc.nat(150), { nil: undefined, freq: 3 }),
  stoppedAtStep: fc.option(fc.nat(150), { nil: undefined, freq: 3 }),
  stoppedForMs: fc.constantFrom(1_000, 30_000, 61_000, 100_000, 300_000),
  mishaps,
});

/** Runs that come when they like. */
const strangers = fc.array(actor, { minLength: 2, maxLength: 5 });

/** One that is stopped or killed with its locks, and others that come together when these are about to expire. */
const heirs = fc
  .record({
    late: fc.record({
      services: actor.map(({ services }) => services),
      killed: fc.boolean(),
      step: fc.integer({ min: 3, max: 30 }),
    }),
    stoppedForMs: fc.integer({ min: 50_000, max: 75_000 }),
    others: fc.array(
      fc.record({
        actor,
        at: fc.constantFrom(59_900, 60_500, 61_000, 61_020, 62_000),
        pauseMs: fc.constantFrom(20, 100, 700),
      }),
      { minLength: 2, maxLength: 4 },
    ),
  })
  .map(({ late, stoppedForMs, others }): Actor[] => [
    {
      services: late.services,
      writes: 12,
      skewMs: 0,
      startsAfterMs: 0,
      pauseMs: 300,
      killedAtStep: late.killed ? late.step : undefined,
      stoppedAtStep: late.killed ? undefined : late.step,
      stoppedForMs,
      mishaps: [],
    },
    ...others.map(({ actor: other, at, pauseMs }) => ({
      ...other,
      startsAfterMs: at,
      pauseMs,
      killedAtStep: undefined,
      stoppedAtStep: undefined,
    })),
  ]);

const actors = fc.oneof(strangers, { weight: 3, arbitrary: heirs });

const choicesOfSteps = fc.array(fc.nat(), { minLength: 50, maxLength: 400 });

interface Write {
  readonly session: string;
  readonly service: string;
}

interface Played {
  readonly writes: readonly Write[];
  readonly unfinished: readonly string[];
  readonly left: readonly string[];
  readonly bugs: readonly unknown[];
}

const mostSteps = 6_000;

async function play(cast: readonly Actor[], choices: readonly number[]): Promise<Played> {
  const world = new LockWorld();
  const writes: Write[] = [];
  const bugs: unknown[] = [];
  const unfinished = new Set(cast.map((_, index) => `run${index}`));
  cast.forEach((actor, index) => {
    const run = `run${index}`;
    playOne(actor, run, world, writes)
      .catch((error: unknown) => {
        // A run may end so, as it would at the command line; it has written nothing, then.
        if (!(error instanceof AwsCallError) && !(error instanceof RefusedError)) bugs.push(error);
      })
      .finally(() => unfinished.delete(run));
  });
  for (let step = 0; step < mostSteps; step += 1) {
    cast.forEach(({ killedAtStep, stoppedAtStep, stoppedForMs }, index) => {
      const run = `run${index}`;
      if (step === killedAtStep && unfinished.delete(run)) world.kill(run);
      if (step === stoppedAtStep) world.stop(run, stoppedForMs);
    });
    if (unfinished.size === 0 || !(await world.step(choices[step % choices.length] ?? 0))) break;
  }
  return { writes, unfinished: [...unfinished], left: world.parameters.names(), bugs };
}

/** Takes the locks, waiting where it must, writes to its services, and gives the locks back. */
async function playOne(actor: Actor, run: string, world: LockWorld, writes: Write[]): Promise<void> {
  const never = new AbortController().signal;
  const clock = world.clock(run, actor.skewMs);
  let mishap = 0;
  const edge: LockEdge = {
    locks: world.port(run, () => actor.mishaps[mishap++] ?? "none"),
    machine: { isDead: () => Promise.resolve(false) },
    wallClock: clock,
    firstSeen: new Map(),
  };
  await clock.sleep(actor.startsAfterMs, never);
  let held = await takeAll(wantedBy(actor, run), context, never, edge);
  while (!("release" in held)) {
    await clock.sleep(5_000, never);
    held = await takeAll(wantedBy(actor, run), context, never, edge);
  }
  try {
    await work(actor, run, held, () => clock.sleep(actor.pauseMs, never), writes);
  } finally {
    await held.release();
  }
}

async function work(
  { services, writes: count }: Actor,
  run: string,
  held: HeldLocks,
  pause: () => Promise<void>,
  writes: Write[],
): Promise<void> {
  for (let write = 0; write < count; write += 1) {
    for (const service of services) {
      if (held.lost.aborted) return;
      writes.push({ session: run, service });
    }
    await pause();
  }
}

function wantedBy({ services }: Actor, run: string): Wanted[] {
  const named = services.map((serviceName) => ({ serviceName, name: lockName("test", "test", serviceName) }));
  named.sort((left, right) => (left.name < right.name ? -1 : 1));
  return named.map(({ serviceName, name }) => ({
    serviceName,
    cluster: "test",
    purpose: `update ${serviceName}`,
    name,
    record: { run, owner: run, purpose: `update ${serviceName}`, heartbeat: named[0]?.name ?? name },
  }));
}

const context = {
  emit: () => undefined,
  region: "us-east-1",
  connect: () => {
    throw new Error("nothing here is suspended");
  },
};

/** The sessions that wrote to a service, each as often as it began. */
function sessionsOf(service: string, writes: readonly Write[]): string[] {
  const sessions = writes.filter((write) => write.service === service).map(({ session }) => session);
  return sessions.filter((session, index) => session !== sessions[index - 1]);
}

describe("runs that want the same services, killed, stopped, and with answers lost", () => {
  test("never write to one service in turns, and whoever lives comes to an end", async () => {
    await fc.assert(
      fc.asyncProperty(actors, choicesOfSteps, async (cast, choices) => {
        const { writes, unfinished, bugs } = await play(cast, choices);
        expect(bugs).toEqual([]);
        for (const service of ["api", "web", "worker"]) {
          const sessions = sessionsOf(service, writes);
          expect(sessions).toEqual([...new Set(sessions)]);
        }
        expect(unfinished).toEqual([]);
      }),
      { numRuns: Number(process.env["LOCK_RUNS"] ?? 250) },
    );
  }, 60_000);

  test("leave no lock behind when nobody is killed, stopped or without an answer", async () => {
    const calm = actors.map((cast) =>
      cast.map((one) => ({ ...one, killedAtStep: undefined, stoppedAtStep: undefined, mishaps: [] })),
    );
    await fc.assert(
      fc.asyncProperty(calm, choicesOfSteps, async (cast, choices) => {
        const { writes, unfinished, left, bugs } = await play(cast, choices);
        expect({ unfinished, left, bugs }).toEqual({ unfinished: [], left: [], bugs: [] });
        const expected = cast.flatMap(({ services, writes: count }) => services.map(() => count));
        expect(writes).toHaveLength(expected.reduce((sum, count) => sum + count, 0));
      }),
      { numRuns: 60 },
    );
  });
});
