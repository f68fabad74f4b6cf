import { expect } from "@jest/globals";

import { isFinished } from "../../scripts/local/ecs/service-deployments/records.ts";
import { ceiling } from "../../scripts/local/ecs/rolling.ts";
import type { TaskRecord } from "../../scripts/local/ecs/task-state.ts";
import { weightsOf } from "../../scripts/local/elb/shift.ts";
import { nextDue, step } from "../../scripts/local/world/step.ts";
import type { World } from "./local-world.ts";

const live = (world: World): TaskRecord[] =>
  world.tasks.filter(({ desiredStatus }) => desiredStatus === "RUNNING");

/** What has to hold of a service at every moment. */
export class Watch {
  readonly #world: World;
  #live: number;

  constructor(world: World) {
    this.#world = world;
    this.#live = live(world).length;
  }

  /** Every task belongs to a deployment that is listed, and nobody counts below zero. */
  check(): void {
    const { service, tasks } = this.#world;
    const known = service.deployments.map(({ id }) => id);
    const lost = tasks.filter(
      ({ lastStatus, startedBy }) => lastStatus !== "STOPPED" && !known.includes(startedBy ?? ""),
    );
    if (lost.length > 0) throw new Error(`Tasks of no deployment: ${lost.map(({ id }) => id).join(", ")}.`);
    const primaries = service.deployments.filter(({ status }) => status === "PRIMARY");
    if (primaries.length !== 1 || primaries[0] !== service.deployments[0]) {
      throw new Error("Not the first deployment alone is PRIMARY.");
    }
    if (service.desiredCount < 0 || service.deployments.some(({ failedTasks }) => failedTasks < 0)) {
      throw new Error("A count is negative.");
    }
  }

  /** Takes what there is as given, as after a request that changed the ceiling. */
  rebase(): void {
    this.#live = live(this.#world).length;
  }

  /** A rolling deployment starts nothing above its ceiling. */
  checkCeiling(): void {
    const count = live(this.#world).length;
    const most = ceiling(this.#world.service);
    if (count > most && count > this.#live) throw new Error(`${count} tasks, but at most ${most} may live.`);
    this.#live = count;
  }

  /** Every target group that a rule sends requests to has a healthy target. */
  checkServed(rule: string): void {
    const { elb } = this.#world.state;
    for (const { arn, weight } of weightsOf(this.#world.state, rule)) {
      const healthy = Object.values(elb.targets[arn] ?? {}).filter(({ state }) => state === "healthy");
      if (weight > 0 && healthy.length === 0)
        throw new Error(`Requests go to ${arn}, where nobody is healthy.`);
    }
  }
}

/** Whether a service has come to its end: steady, or failed with nothing left to do. */
export function isAtRest(world: World): boolean {
  const { service, tasks } = world;
  const [primary] = service.deployments;
  if (
    !primary ||
    tasks.some(({ lastStatus, desiredStatus }) => lastStatus !== "STOPPED" && lastStatus !== desiredStatus)
  )
    return false;
  if (primary.rolloutState === "FAILED") return true;
  return world.isSteady() && primary.rolloutState === "COMPLETED";
}

/** What has to hold of a service that came to rest with every fault gone. */
export function expectAtRest(world: World): void {
  const { service, state } = world;
  const [primary] = service.deployments;
  const history = (service.serviceDeployments ?? []).map((arn) => state.ecs.serviceDeployments[arn]);
  expect(history.filter((deployment) => deployment && !isFinished(deployment))).toEqual([]);
  if (primary?.rolloutState === "FAILED") {
    expect(primary.rolloutStateReason).toMatch(/.:? ./);
    return;
  }
  const running = live(world);
  expect(running).toHaveLength(service.desiredCount);
  expect(new Set(running.map(({ startedBy }) => startedBy))).toEqual(
    new Set(service.desiredCount > 0 ? [primary?.id] : []),
  );
  expect(primary?.revision.taskDefinition).toBe(service.lastCompleted?.revision.taskDefinition);
}

/** An hour later nothing has changed, and nobody has said anything but that the service is steady. */
export function expectQuiet(world: World): void {
  const { events } = world.service;
  const before = world.running().map(({ id }) => id);
  world.pass(3600);
  expect(world.running().map(({ id }) => id)).toEqual(before);
  const since = world.service.events.slice(0, world.service.events.length - events.length);
  expect(since.map(({ message }) => message)).toEqual([]);
}

/** However far the clock leaps, the same comes of it as of every instant for itself. */
export function expectLeapEqualsSteps(world: World, seconds: number): void {
  const until = world.now + seconds * 1000;
  const leapt = step(world.state, until).state;
  let walked = world.state;
  for (let now = world.now; now < until; now += 1700) walked = step(walked, now).state;
  walked = step(walked, until).state;
  expect(walked).toEqual(leapt);
  expect(nextDue(leapt)).toBeGreaterThan(until);
}
