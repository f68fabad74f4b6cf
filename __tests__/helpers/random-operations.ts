import fc from "fast-check";

import { stopTask } from "../../scripts/local/ecs/api/tasks.ts";
import {
  continueServiceDeployment,
  stopServiceDeployment,
} from "../../scripts/local/ecs/api/service-deployments.ts";
import { AwsError } from "../../scripts/local/ecs/api/errors.ts";
import { takeAlarms } from "../../scripts/local/alarms/sync.ts";
import type { World } from "./local-world.ts";

export type Strategy = "ROLLING" | "BLUE_GREEN" | "LINEAR" | "CANARY";

/** What somebody does to a service, or what happens to it. */
export type Operation =
  | { readonly type: "deploy"; readonly image: string; readonly strategy?: Strategy }
  | { readonly type: "force" }
  | { readonly type: "scale"; readonly count: number }
  | { readonly type: "percent"; readonly minimum: number; readonly maximum: number }
  | { readonly type: "hosts"; readonly count: number }
  | { readonly type: "stop-task"; readonly index: number }
  | { readonly type: "stop-deployment" }
  | { readonly type: "continue"; readonly action: "CONTINUE" | "ROLLBACK" }
  | { readonly type: "alarm"; readonly state: "OK" | "ALARM" }
  | { readonly type: "wait"; readonly seconds: number };

const goodImage = fc.integer({ min: 1, max: 9 }).map((version) => `nginx:${version}`);
const badImage = fc.constantFrom("nginx:crash", "nginx:unhealthy", "nginx:missing");

/** Images that run, and now and then one that does not. */
export const image = fc.oneof({ weight: 2, arbitrary: goodImage }, badImage);

const wait: fc.Arbitrary<Operation> = fc
  .oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 20, max: 400 }))
  .map((seconds) => ({ type: "wait", seconds }));

/** What its users do to a service whose hosts stay up. */
export const requests: readonly fc.Arbitrary<Operation>[] = [
  image.map((name) => ({ type: "deploy", image: name })),
  fc.constant({ type: "force" }),
  fc.integer({ min: 1, max: 4 }).map((count) => ({ type: "scale", count })),
  fc.constant({ type: "stop-deployment" }),
  fc.constantFrom("OK" as const, "ALARM" as const).map((state) => ({ type: "alarm", state })),
];

/** What takes healthy tasks away. */
export const faults: readonly fc.Arbitrary<Operation>[] = [
  fc.constantFrom(0, 1, 2, 4).map((count) => ({ type: "hosts", count })),
  fc.nat(5).map((index) => ({ type: "stop-task", index })),
  fc.constant({ type: "scale", count: 0 }),
];

/** Does an operation that AWS may refuse. @returns whether it was done */
function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

/** Up to twelve operations of these kinds, each with as much waiting between as there are kinds. */
export function operations(...kinds: readonly fc.Arbitrary<Operation>[]): fc.Arbitrary<Operation[]> {
  return fc.array(fc.oneof({ weight: kinds.length, arbitrary: wait }, ...kinds), {
    minLength: 1,
    maxLength: 12,
  });
}

/** Brings every alarm that services of these tests watch into a state. */
export function ring(world: World, state: "OK" | "ALARM"): void {
  world.call((call) => {
    takeAlarms(call, [{ name: "errors", state, spanMs: 60_000 }]);
    return null;
  });
}

/** Does what an operation says; a wait goes by seconds, and `each` is told of every one. */
export function perform(world: World, operation: Operation, each: () => void): void {
  const { deploymentConfiguration } = world.service;
  switch (operation.type) {
    case "deploy": {
      const { image: name, strategy } = operation;
      world.update(name, strategy && { deploymentConfiguration: { strategy } });
      break;
    }
    case "force":
      world.change({ forceNewDeployment: true });
      break;
    case "scale":
      world.change({ desiredCount: operation.count });
      break;
    case "percent": {
      const { minimum: minimumHealthyPercent, maximum: maximumPercent } = operation;
      attempt(() => {
        world.change({
          deploymentConfiguration: { ...deploymentConfiguration, minimumHealthyPercent, maximumPercent },
        });
      });
      break;
    }
    case "hosts":
      world.setHosts(operation.count);
      break;
    case "stop-task": {
      const task = world.running()[operation.index];
      if (task) world.call((call) => stopTask(call, { cluster: "test", task: task.arn }));
      break;
    }
    case "stop-deployment": {
      const [arn] = world.service.serviceDeployments ?? [];
      attempt(() => world.call((call) => stopServiceDeployment(call, { serviceDeploymentArn: arn })));
      break;
    }
    case "continue": {
      const [arn = ""] = world.service.serviceDeployments ?? [];
      const hooks = world.state.ecs.serviceDeployments[arn]?.course?.hooks ?? [];
      const hook = hooks.find(({ status }) => status === "AWAITING_ACTION");
      if (!hook) break;
      attempt(() =>
        world.call((call) =>
          continueServiceDeployment(call, {
            serviceDeploymentArn: arn,
            hookId: hook.id,
            action: operation.action,
          }),
        ),
      );
      break;
    }
    case "alarm":
      ring(world, operation.state);
      break;
    case "wait":
      for (let second = 0; second < operation.seconds; second += 1) {
        world.pass(1);
        each();
      }
      break;
  }
}

/**
 * Ends every fault. Where an image cannot run and nobody would give it up, it is replaced by one that can: without a
 * circuit breaker it is tried for ever, and with no task wanted it may have counted as deployed.
 */
export function heal(world: World, sequence: readonly Operation[]): void {
  world.setHosts(4);
  ring(world, "OK");
  const { service, state } = world;
  const runs = service.deployments.every(({ revision }) => {
    const { definition } = state.ecs.taskDefinitions[revision.taskDefinition.split("/")[1] ?? ""] ?? {};
    return /\d$/.test(definition?.containerDefinitions?.[0]?.image ?? "");
  });
  const { enable = false } = service.deploymentConfiguration.deploymentCircuitBreaker ?? {};
  const emptied = sequence.some((operation) => operation.type === "scale" && operation.count === 0);
  if (!runs && (!enable || emptied)) world.update("nginx:10");
}

/** How many random sequences a property is tried with; more by `SLIPWAY_FUZZ_RUNS`. */
export function fuzzRuns(standard: number): { numRuns: number } {
  return { numRuns: Number(process.env["SLIPWAY_FUZZ_RUNS"] ?? standard) };
}
