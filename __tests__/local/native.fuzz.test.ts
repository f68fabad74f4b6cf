import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { weightsOf } from "../../scripts/local/elb/shift.ts";
import { targetGroupArn } from "../helpers/local-world.ts";
import { NativeWorld, loadBalancers, productionListenerRule } from "../helpers/native-world.ts";
import {
  faults,
  fuzzRuns,
  heal,
  image,
  operations,
  perform,
  requests,
  ring,
  type Operation,
  type Strategy,
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
  readonly pause: boolean;
  readonly bakeTimeInMinutes: number;
  readonly strategy: Strategy;
}

const gradual = fc.constantFrom<Strategy>("BLUE_GREEN", "LINEAR", "CANARY");
const settings: fc.Arbitrary<Settings> = fc.record({
  breaker: fc.boolean(),
  rollback: fc.boolean(),
  alarms: fc.boolean(),
  pause: fc.boolean(),
  bakeTimeInMinutes: fc.constantFrom(0, 2),
  strategy: gradual,
});
const ofStrategies: readonly fc.Arbitrary<Operation>[] = [
  fc
    .record({
      image,
      strategy: fc.oneof({ weight: 2, arbitrary: gradual }, fc.constant<Strategy>("ROLLING")),
    })
    .map((asked) => ({ type: "deploy", ...asked })),
  fc
    .constantFrom("CONTINUE" as const, "CONTINUE" as const, "ROLLBACK" as const)
    .map((action) => ({ type: "continue", action })),
];

function start({ breaker, rollback, alarms, pause, bakeTimeInMinutes, strategy }: Settings): NativeWorld {
  const world = new NativeWorld({ hosts: 4 });
  ring(world, "OK");
  world.create("nginx:1", {
    loadBalancers,
    deploymentConfiguration: {
      strategy,
      bakeTimeInMinutes,
      deploymentCircuitBreaker: { enable: breaker, rollback },
      alarms: { enable: alarms, rollback, alarmNames: ["errors"] },
      linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 1 },
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 2 },
      lifecycleHooks: pause
        ? [
            {
              targetType: "PAUSE",
              lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
              timeoutConfiguration: { timeoutInMinutes: 10, action: "ROLLBACK" },
            },
          ]
        : [],
    },
  });
  return world;
}

/** All production traffic goes to one target group, whose tasks are the service's. */
function expectOneGroup(world: NativeWorld): void {
  const weights = weightsOf(world.state, productionListenerRule);
  const serving = weights.filter(({ weight }) => weight > 0);
  expect(serving).toHaveLength(1);
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  expect([1, 100, 1000]).toContain(total);
  if (world.service.desiredCount === 0) return;
  expect(world.imagesIn(serving[0]?.arn ?? targetGroupArn)).toHaveLength(1);
}

const runs = fuzzRuns(40);

describe("a service that is deployed by shifting traffic", () => {
  test("comes to rest once nothing goes wrong any more, whatever was asked of it before", () => {
    fc.assert(
      fc.property(settings, operations(...requests, ...ofStrategies, ...faults), (chosen, sequence) => {
        const world = start(chosen);
        const watch = new Watch(world);
        const each = () => {
          watch.check();
        };
        for (const operation of sequence) perform(world, operation, each);
        expectLeapEqualsSteps(world, 600);
        heal(world, sequence);
        world.passUntil(() => (each(), isAtRest(world)), 3 * 3600);
        perform(world, { type: "wait", seconds: 600 }, each);
        expectAtRest(world);
        if (world.service.deployments[0]?.rolloutState === "COMPLETED") expectOneGroup(world);
        expectQuiet(world);
      }),
      runs,
    );
  });

  test("never sends requests to a target group without a healthy target while its hosts stay up", () => {
    fc.assert(
      fc.property(settings, operations(...requests, ...ofStrategies), (chosen, sequence) => {
        const world = start(chosen);
        perform(world, { type: "wait", seconds: 300 }, () => undefined);
        const { rolloutState } = world.service.deployments[0] ?? {};
        if (rolloutState !== "COMPLETED") {
          perform(world, { type: "continue", action: "CONTINUE" }, () => undefined);
          world.passUntil(() => world.isSteady(), 3600);
        }
        const watch = new Watch(world);
        for (const operation of sequence) {
          perform(world, operation, () => {
            watch.checkServed(productionListenerRule);
          });
        }
      }),
      runs,
    );
  });
});
