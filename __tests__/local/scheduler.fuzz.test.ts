import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { World } from "../helpers/local-world.ts";
import {
  faults,
  fuzzRuns,
  heal,
  operations,
  perform,
  requests,
  ring,
  type Operation,
} from "../helpers/random-operations.ts";
import {
  Watch,
  expectAtRest,
  expectLeapEqualsSteps,
  expectQuiet,
  isAtRest,
} from "../helpers/service-invariants.ts";

interface Settings {
  readonly breaker: boolean;
  readonly rollback: boolean;
  readonly alarms: boolean;
  readonly behindLoadBalancer: boolean;
}

const settings: fc.Arbitrary<Settings> = fc.record({
  breaker: fc.boolean(),
  rollback: fc.boolean(),
  alarms: fc.boolean(),
  behindLoadBalancer: fc.boolean(),
});
const percent: fc.Arbitrary<Operation> = fc
  .record({ minimum: fc.constantFrom(0, 50, 100), maximum: fc.constantFrom(100, 150, 200) })
  .map((percentages) => ({ type: "percent", ...percentages }));

function start({ breaker, rollback, alarms, behindLoadBalancer }: Settings): World {
  const world = new World({ hosts: 4 });
  ring(world, "OK");
  world.create("nginx:1", {
    ...(!behindLoadBalancer && { loadBalancers: [] }),
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: breaker, rollback },
      alarms: { enable: alarms, rollback, alarmNames: ["errors"] },
    },
  });
  return world;
}

/** Takes away what could hold a rollout up for ever. */
function loosen(world: World): void {
  const { deploymentConfiguration } = world.service;
  world.change({
    deploymentConfiguration: { ...deploymentConfiguration, minimumHealthyPercent: 100, maximumPercent: 200 },
  });
}

const runs = fuzzRuns(50);

describe("a service that is deployed by rolling updates", () => {
  test("comes to rest once nothing goes wrong any more, whatever was asked of it before", () => {
    fc.assert(
      fc.property(settings, operations(...requests, ...faults, percent), (chosen, sequence) => {
        const world = start(chosen);
        const watch = new Watch(world);
        const each = () => {
          watch.check();
          watch.checkCeiling();
        };
        for (const operation of sequence) {
          perform(world, operation, each);
          watch.rebase();
        }
        expectLeapEqualsSteps(world, 600);
        loosen(world);
        heal(world, sequence);
        watch.rebase();
        world.passUntil(() => (each(), isAtRest(world)), 3 * 3600);
        // A deployment that failed may leave tasks that have yet to fail.
        for (let second = 0; second < 600; second += 1) perform(world, { type: "wait", seconds: 1 }, each);
        expectAtRest(world);
        expectQuiet(world);
      }),
      runs,
    );
  });

  test("always has a healthy task while its hosts stay up, since its minimum is 100 per cent", () => {
    fc.assert(
      fc.property(settings, operations(...requests), (chosen, sequence) => {
        const world = start({ ...chosen, behindLoadBalancer: true });
        world.passUntil(() => world.isSteady());
        const watch = new Watch(world);
        for (const operation of sequence) {
          perform(world, operation, () => {
            watch.checkServed("rule");
          });
        }
        expect(world.running().length).toBeGreaterThan(0);
      }),
      runs,
    );
  });
});
