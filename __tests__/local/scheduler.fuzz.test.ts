import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { World } from "../helpers/local-world.ts";
import { faults, perform, requests, ring, wait, type Operation } from "../helpers/random-operations.ts";
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

function operations(...kinds: readonly fc.Arbitrary<Operation>[]): fc.Arbitrary<Operation[]> {
  return fc.array(fc.oneof({ weight: kinds.length, arbitrary: wait }, ...kinds), {
    minLength: 1,
    maxLength: 12,
  });
}

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

/** Ends every fault, and what could hold a rollout up for ever. */
function heal(world: World): void {
  world.setHosts(4);
  ring(world, "OK");
  world.change({
    deploymentConfiguration: {
      ...world.service.deploymentConfiguration,
      minimumHealthyPercent: 100,
      maximumPercent: 200,
    },
  });
  const image =
    world.state.ecs.taskDefinitions[world.service.deployments[0]?.revision.taskDefinition.split("/")[1] ?? ""]
      ?.definition.containerDefinitions?.[0]?.image ?? "";
  const { enable = false } = world.service.deploymentConfiguration.deploymentCircuitBreaker ?? {};
  if (!enable && !/\d$/.test(image)) world.update("nginx:10");
}

const runs = { numRuns: Number(process.env["FUZZ_RUNS"] ?? 60) };

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
        heal(world);
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
