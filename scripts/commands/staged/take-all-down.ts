import { chooseTeardown, type TeardownChoice } from "../../core/staged/choose-teardown.ts";
import type { ObservedApplication, StagedDeployment } from "../../core/staged/model.ts";
import { planTeardown } from "../../core/staged/plan-teardown.ts";
import { takeLocks } from "../lock/lock.ts";
import { observeApplication } from "./observe.ts";
import type { StagedService } from "./place.ts";
import { carryTeardown, endingOf, takeDown, type TakenDown, type TeardownRun } from "./take-down.ts";

/** What is to be done before, under the same lock; gives the application as that leaves it. */
export type Prepare = (observed: ObservedApplication, run: TeardownRun) => Promise<ObservedApplication>;

/** What a teardown came to. */
interface TakenDownAll {
  /** As it was before. */
  readonly observed: ObservedApplication;
  /** What was to be taken down, the oldest first. */
  readonly chosen: readonly StagedDeployment[];
  /** By deployment; absent for one that was not begun, since one before it stopped. */
  readonly endings: ReadonlyMap<string, TakenDown>;
}

/** What all of it needs of the run; the lock is taken twice. */
type Unlocked = Omit<TeardownRun, "held">;

/**
 * Takes deployments down, holding the lock only while it writes: connections drain for minutes, and somebody may have
 * to give the traffic to another version meanwhile. One that cannot be taken down keeps none of the others.
 *
 * @throws RefusedError, AwsCallError, InvalidInputError or InterruptedError before the first write
 */
export async function takeAllDown(
  choice: TeardownChoice,
  service: StagedService,
  run: Unlocked,
  prepare: Prepare = (observed) => Promise.resolve(observed),
): Promise<TakenDownAll> {
  const { context, edge } = run;
  const { observed, chosen, ended } = await underLock(service, run, async (locked) => {
    const seen = await prepare(await observeApplication(service, context), locked);
    const toGo = chooseTeardown(seen, choice, edge.wallClock.now());
    return { observed: seen, chosen: toGo, ended: await beginAll(toGo, seen, locked) };
  });
  const stoppedAt = chosen.findIndex(({ id }) => ended.has(id));
  const begun = stoppedAt === -1 ? chosen : chosen.slice(0, stoppedAt);
  return {
    observed,
    chosen,
    endings: new Map([...ended, ...(await finishAll(begun, observed, service, run))]),
  };
}

/** Does something while no other run may change the application. */
async function underLock<Result>(
  { address }: StagedService,
  { command, context, edge }: Unlocked,
  work: (run: TeardownRun) => Promise<Result>,
): Promise<Result> {
  const { serviceName, cluster } = address;
  const purpose = `${command.verb} ${serviceName}`;
  const held = await takeLocks([{ serviceName, cluster, purpose }], command, context, edge);
  try {
    return await work({ command, context, edge, held });
  } finally {
    await held.release();
  }
}

/**
 * Everything up to the wait: from there on the deployments are marked, and no run gives them traffic.
 *
 * @returns the ending of the one that it stopped at
 */
async function beginAll(
  chosen: readonly StagedDeployment[],
  observed: ObservedApplication,
  run: TeardownRun,
): Promise<ReadonlyMap<string, TakenDown>> {
  for (const one of chosen) {
    const steps = planTeardown(observed, one);
    const waitsAt = steps.findIndex(({ kind }) => kind === "waitUntilDrained");
    const ending = await carryTeardown(steps.slice(0, waitsAt), one, observed, run);
    if (ending.outcome !== "tornDown") return new Map([[one.id, ending]]);
  }
  return new Map();
}

/** Waits until all of them have drained, without the lock; then the rest, under the lock again. */
async function finishAll(
  begun: readonly StagedDeployment[],
  observed: ObservedApplication,
  service: StagedService,
  run: Unlocked,
): Promise<ReadonlyMap<string, TakenDown>> {
  const { clock } = run.edge;
  const began = clock.now();
  const endings = new Map<string, TakenDown>();
  const end = (id: string, ending: TakenDown): void => {
    endings.set(id, { ...ending, seconds: Math.round((clock.now() - began) / 100) / 10 });
  };
  const unlocked = { ...run, held: { lost: new AbortController().signal } };
  await Promise.all(
    begun.map(async (one) => {
      const wait = planTeardown(observed, one).filter(({ kind }) => kind === "waitUntilDrained");
      const ending = await carryTeardown(wait, one, observed, unlocked);
      if (ending.outcome !== "tornDown") end(one.id, ending);
    }),
  );
  const drained = begun.filter(({ id }) => !endings.has(id));
  if (drained.length === 0) return endings;
  const { command } = run;
  const patient = { ...run, command: { ...command, options: { ...command.options, waitForLock: true } } };
  try {
    await underLock(service, patient, async (locked) => {
      for (const one of drained) end(one.id, await finish(one, service, locked));
    });
  } catch (error) {
    for (const { id } of drained) if (!endings.has(id)) end(id, endingOf(error, id));
  }
  return endings;
}

/** The rest of one, as those before it and other runs have left things. */
async function finish(
  { id }: StagedDeployment,
  service: StagedService,
  run: TeardownRun,
): Promise<TakenDown> {
  try {
    const seen = await observeApplication(service, run.context);
    const now = seen.deployments.find((one) => one.id === id);
    if (now === undefined) return { outcome: "tornDown", seconds: 0 };
    if (now.trafficPercent > 0) return { outcome: "refused", seconds: 0, reason: hasTraffic(now, seen) };
    return await takeDown(now, seen, run);
  } catch (error) {
    return endingOf(error, id);
  }
}

/** No run of ours gives traffic to what is marked as leaving; somebody did it by other means. */
function hasTraffic({ trafficPercent }: StagedDeployment, { application }: ObservedApplication): string {
  const share = Math.round(trafficPercent * 10) / 10;
  return `It has got ${share} % of the live traffic meanwhile, and its service is deleted already, so that its rule and its target group stay. Give the traffic to another: ./deploy activate ${application} --id <other>`;
}
