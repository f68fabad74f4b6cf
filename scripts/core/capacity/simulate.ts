/**
 * The rolling update as ECS's scheduler does it, with every new task taken to get healthy: what is left is whether
 * the tasks find room.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
import { isCandidate, misfitOf, occupy, slotOf, vacate, type Slot } from "./fit.ts";
import type { Host, PlacedTask, Rollout, RolloutEnd } from "./model.ts";
import { nextProvider, placeOn } from "./place.ts";

/** The most tasks that may start or run at a time. */
export function ceilingOf({ desiredCount, maximumPercent, runsBeside }: Rollout): number {
  if (runsBeside) return Infinity;
  return Math.floor((desiredCount * maximumPercent) / 100);
}

/** The fewest tasks that must run healthy. */
export function floorOf({ desiredCount, minimumHealthyPercent, runsBeside }: Rollout): number {
  if (runsBeside) return desiredCount;
  return Math.ceil((desiredCount * minimumHealthyPercent) / 100);
}

/** One service on its way. */
interface Course {
  readonly rollout: Rollout;
  old: PlacedTask[];
  /** Tasks of the deployment: those that run since the look before, and those that this look started. */
  own: PlacedTask[];
  fresh: PlacedTask[];
  everUnplaced: boolean;
  /** Capacity providers of tasks that wait for a host. */
  waiting: string[];
}

/**
 * Lets the rollouts of a cluster go on side by side until each has ended or none can move.
 *
 * @param hosts in the order in which they registered
 */
export function simulate(hosts: readonly Host[], rollouts: readonly Rollout[]): readonly RolloutEnd[] {
  const slots = hosts.map(slotOf);
  const byId = new Map(slots.map((slot) => [slot.host.id, slot]));
  const courses = rollouts.map(courseOf);
  for (const { rollout, old, own } of courses) {
    for (const { hostId } of [...old, ...own]) {
      const slot = byId.get(hostId ?? "");
      // Their resources are not in what the host has left already.
      if (slot) slot.tasks.set(rollout.service, (slot.tasks.get(rollout.service) ?? 0) + 1);
    }
  }
  let moved = true;
  while (moved) {
    moved = false;
    for (const course of courses) moved = look(course, slots, byId) || moved;
  }
  return courses.map((course) => endOf(course, slots));
}

function courseOf(rollout: Rollout): Course {
  return {
    rollout,
    old: [...rollout.old],
    own: [...rollout.kept],
    fresh: [],
    everUnplaced: false,
    waiting: [],
  };
}

/** One look of the scheduler. @returns whether anything moved */
function look(course: Course, slots: readonly Slot[], byId: ReadonlyMap<string, Slot>): boolean {
  const { rollout } = course;
  const arrived = course.fresh.length;
  course.own.push(...course.fresh);
  course.fresh = [];
  const surplus = course.own.splice(rollout.desiredCount);
  release(surplus, rollout, byId);
  const found = placeWaiting(course, slots);

  const running = course.old.filter(({ isRunning }) => isRunning);
  const all = (): number => course.own.length + course.fresh.length + course.waiting.length;
  const wanted = Math.max(0, rollout.desiredCount - all());
  const allowed = Math.min(wanted, Math.max(0, ceilingOf(rollout) - all() - course.old.length));
  let started = 0;
  while (started < allowed && startOne(course, slots)) started += 1;

  const available = running.length + course.own.length;
  const missing = wanted - started;
  const spare = Math.min(available - floorOf(rollout), Math.max(available - rollout.desiredCount, missing));
  const mayLeave = !rollout.runsBeside || course.own.length >= rollout.desiredCount;
  const leaving = mayLeave ? running.slice(0, Math.max(0, spare)) : [];
  const unborn = course.old.filter(({ isRunning }) => !isRunning);
  course.old = running.slice(leaving.length);
  release([...leaving, ...unborn], rollout, byId);
  return arrived + surplus.length + found + started + leaving.length + unborn.length > 0;
}

/** @returns whether a task was started, or waits for a host that managed scaling may bring */
function startOne(course: Course, slots: readonly Slot[]): boolean {
  const { rollout } = course;
  const counts = new Map<string, number>();
  for (const { capacityProvider } of [...course.own, ...course.fresh]) count(counts, capacityProvider);
  for (const provider of course.waiting) count(counts, provider);
  const item = nextProvider(rollout.strategy, counts);
  if (item?.onFargate === true) {
    course.fresh.push({ ...rollout.demand, isRunning: true, capacityProvider: item.provider });
    return true;
  }
  if (put(course, slots, item?.provider)) return true;
  course.everUnplaced = true;
  if (item?.isManaged !== true) return false;
  course.waiting.push(item.provider);
  return true;
}

function placeWaiting(course: Course, slots: readonly Slot[]): number {
  const before = course.waiting.length;
  course.waiting = course.waiting.filter((provider) => !put(course, slots, provider));
  return before - course.waiting.length;
}

function put(course: Course, slots: readonly Slot[], provider: string | undefined): boolean {
  const { rollout } = course;
  const slot = placeOn(slots, rollout, provider);
  if (slot === undefined) return false;
  occupy(slot, rollout.service, rollout.demand);
  course.fresh.push({
    ...rollout.demand,
    hostId: slot.host.id,
    isRunning: true,
    ...(provider === undefined ? {} : { capacityProvider: provider }),
  });
  return true;
}

function release(tasks: readonly PlacedTask[], { service }: Rollout, byId: ReadonlyMap<string, Slot>): void {
  for (const task of tasks) {
    const slot = byId.get(task.hostId ?? "");
    if (slot) vacate(slot, service, task);
  }
}

function endOf({ rollout, old, own, waiting, everUnplaced }: Course, slots: readonly Slot[]): RolloutEnd {
  const isStuck = own.length < rollout.desiredCount || old.length > 0;
  const providers = rollout.strategy.map(({ provider }) => provider);
  const asked = slots.filter((slot) =>
    providers.length === 0
      ? isCandidate(slot, undefined)
      : providers.some((provider) => isCandidate(slot, provider)),
  );
  return {
    service: rollout.service,
    isStuck,
    newTasks: own.length,
    oldTasks: old.length,
    waiting: waiting.length,
    everUnplaced,
    candidates: asked.length,
    misfits: asked.flatMap((slot) => {
      const misfit = misfitOf(slot, rollout);
      return misfit === undefined ? [] : [{ host: slot.host, misfit }];
    }),
  };
}

function count(counts: Map<string, number>, key: string | undefined): void {
  if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
}
