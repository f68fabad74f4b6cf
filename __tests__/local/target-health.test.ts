import { describe, expect, test } from "@jest/globals";

import { describeHealth, judge, matches, type CheckOutcome } from "../../scripts/local/elb/health.ts";
import type { HealthCheckSettings, TargetRecord } from "../../scripts/local/elb/state.ts";
import { deregisterTarget, registerTarget } from "../../scripts/local/elb/targets.ts";
import { targetGroupArn, World } from "../helpers/local-world.ts";

const ok: CheckOutcome = { type: "status", code: 200 };
const bad: CheckOutcome = { type: "status", code: 500 };
const settings: HealthCheckSettings = {
  enabled: true,
  protocol: "HTTP",
  port: "traffic-port",
  path: "/",
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 3,
  unhealthyThreshold: 2,
  matcher: "200-299",
};

function target(): TargetRecord {
  return {
    id: "i-1",
    port: 80,
    availabilityZone: null,
    state: "initial",
    reason: "Elb.RegistrationInProgress",
    description: null,
    successes: 0,
    failures: 0,
    registeredAt: 0,
    drainedAt: null,
  };
}

function after(...outcomes: CheckOutcome[]): TargetRecord {
  const record = target();
  for (const outcome of outcomes) judge(record, settings, outcome);
  return record;
}

describe("a target's health", () => {
  test("is healthy after one success when it is new", () => {
    expect(after(ok)).toMatchObject({ state: "healthy", reason: null });
  });

  test("stays initial after one failure and is unhealthy after the threshold", () => {
    expect(after(bad)).toMatchObject({ state: "initial", reason: "Elb.InitialHealthChecking" });
    expect(after(bad, bad)).toMatchObject({
      state: "unhealthy",
      reason: "Target.ResponseCodeMismatch",
      description: "Health checks failed with these codes: [500]",
    });
  });

  test("needs the healthy threshold in a row once it was unhealthy", () => {
    expect(after(bad, bad, ok, ok).state).toBe("unhealthy");
    expect(after(bad, bad, ok, ok, bad, ok, ok).state).toBe("unhealthy");
    expect(after(bad, bad, ok, ok, ok).state).toBe("healthy");
  });

  test("survives a single failure between successes", () => {
    expect(after(ok, bad, ok, bad, ok).state).toBe("healthy");
  });

  test.each([
    [{ type: "timeout" }, "Target.Timeout", "Request timed out"],
    [{ type: "refused" }, "Target.FailedHealthChecks", "Health checks failed"],
  ] as const)("names why %j failed", (outcome, reason, description) => {
    expect(after(ok, outcome, outcome)).toMatchObject({ state: "unhealthy", reason, description });
  });
});

describe("a matcher", () => {
  test.each([
    ["200", 200, true],
    ["200", 204, false],
    ["200,301", 301, true],
    ["200-299", 250, true],
    ["200-299", 300, false],
    ["200-204, 302", 302, true],
  ])("%s takes %d: %s", (matcher, code, taken) => {
    expect(matches(matcher, code)).toBe(taken);
  });
});

describe("a registered target", () => {
  const health = (world: World) =>
    world.call(({ state }) => {
      const group = state.elb.targetGroups[targetGroupArn];
      return group ? describeHealth(state, group, "i-0", 8080) : undefined;
    });
  const registered = () => {
    const world = new World({ deregistrationDelaySeconds: 60 });
    world.call(({ state, now }) => {
      registerTarget(state, now, targetGroupArn, { id: "i-0", port: 8080 });
      return null;
    });
    return world;
  };

  test("is unused while no rule forwards to its group", () => {
    const world = registered();
    expect(health(world)).toMatchObject({ state: "initial" });
    world.call(({ state }) => {
      state.elb.listeners = {};
      return null;
    });
    expect(health(world)).toMatchObject({ state: "unused", reason: "Target.NotInUse" });
  });

  test("drains for the whole deregistration delay, then is not registered", () => {
    const world = registered();
    world.call(({ state, now }) => deregisterTarget(state, now, targetGroupArn, { id: "i-0", port: 8080 }));
    expect(health(world)).toMatchObject({ state: "draining", reason: "Target.DeregistrationInProgress" });
    world.pass(59);
    expect(health(world)).toMatchObject({ state: "draining" });
    world.pass(1);
    expect(health(world)).toMatchObject({ state: "unused", reason: "Target.NotRegistered" });
  });
});
