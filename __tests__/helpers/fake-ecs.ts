import type { Service } from "@aws-sdk/client-ecs";

import type { Clock, EcsPort } from "../../scripts/core/ports.ts";

/** A clock that jumps: a sleep takes no time and moves `now` on. */
export function jumpingClock(): Clock & { readonly sleeps: number[] } {
  const sleeps: number[] = [];
  let now = 0;
  return {
    sleeps,
    now: () => now,
    timeOf: (date) => date.getTime(),
    sleep: (milliseconds) => {
      sleeps.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

/** An ECS in which everything fails but what a test overrides. */
export function fakeEcs(overrides: Partial<EcsPort>): EcsPort {
  const unexpected = (name: string) => () => Promise.reject(new Error(`${name} was not expected here`));
  return {
    describeServices: unexpected("describeServices"),
    describeTaskDefinition: unexpected("describeTaskDefinition"),
    registerTaskDefinition: unexpected("registerTaskDefinition"),
    createService: unexpected("createService"),
    updateService: unexpected("updateService"),
    stoppedTasks: () => Promise.resolve([]),
    ...overrides,
  };
}

/** DescribeServices that answers with the next of `looks` each time, and stays on the last. */
export function sequence(looks: readonly (readonly Service[])[]): EcsPort["describeServices"] {
  let next = 0;
  return () => {
    const look = looks[Math.min(next, looks.length - 1)] ?? [];
    next += 1;
    return Promise.resolve(look);
  };
}
