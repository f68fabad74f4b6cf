import { describe, expect, test } from "@jest/globals";

import {
  describeHealth,
  isNews,
  judge,
  matches,
  startSlowly,
  type CheckOutcome,
} from "../../scripts/local/elb/health.ts";
import type { HealthCheckSettings, TargetRecord } from "../../scripts/local/elb/state.ts";
import { refusalOf } from "../../scripts/local/elb/target-rules.ts";
import { deregisterTarget, registerTarget } from "../../scripts/local/elb/targets.ts";
import { healthyTarget, targetGroup } from "../helpers/load-balancer.ts";
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

  test("is unused as soon as its group's rule forwards elsewhere, in the same transaction too", () => {
    const seen = registered().call(({ state }) => {
      const group = state.elb.targetGroups[targetGroupArn];
      const [rule] = state.elb.listeners["listener"]?.rules ?? [];
      if (!group || !rule) throw new Error("The world has no rule.");
      const before = describeHealth(state, group, "i-0", 8080).state;
      rule.actions = [{ Type: "forward", TargetGroupArn: "other" }];
      return [before, describeHealth(state, group, "i-0", 8080).state];
    });
    expect(seen).toEqual(["initial", "unused"]);
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

describe("a check of a target", () => {
  test("is no news once nothing changes any more, so that it costs no transaction", () => {
    const failed = { type: "refused" } as const;
    expect(isNews(after(ok), settings, ok)).toBe(false);
    expect(isNews(after(bad, bad), settings, bad)).toBe(false);
    expect(isNews(after(bad, bad, bad), settings, bad)).toBe(false);
    expect(isNews(after(ok), settings, bad)).toBe(true);
    expect(isNews(after(bad, bad), settings, failed)).toBe(true);
    expect(isNews(after(ok, bad), settings, ok)).toBe(true);
    expect(isNews(after(bad, bad, ok), settings, ok)).toBe(true);
  });
});

describe("a target that has become healthy", () => {
  const slowly = (others: Record<string, TargetRecord>, attributes: Record<string, string>) => {
    const world = new World();
    world.call(({ state }) => {
      const group = state.elb.targetGroups[targetGroupArn];
      if (group) group.attributes = attributes;
      const target = healthyTarget("new");
      state.elb.targets[targetGroupArn] = { ...others, "new:80": target };
      startSlowly(state, 100_000, targetGroupArn, target);
      return null;
    });
    return world.state.elb.targets[targetGroupArn]?.["new:80"]?.slowStartedAt;
  };
  const slow = { "slow_start.duration_seconds": "60" };

  test("starts slowly only beside one that has its full share", () => {
    expect(slowly({ "old:80": healthyTarget("old") }, slow)).toBe(100_000);
    expect(slowly({ "old:80": healthyTarget("old", { slowStartedAt: 39_999 }) }, slow)).toBe(100_000);
    expect(slowly({ "old:80": healthyTarget("old", { slowStartedAt: 90_000 }) }, slow)).toBeUndefined();
    expect(slowly({ "old:80": healthyTarget("old", { state: "unhealthy" }) }, slow)).toBeUndefined();
    expect(slowly({}, slow)).toBeUndefined();
    expect(slowly({ "old:80": healthyTarget("old") }, {})).toBeUndefined();
  });

  test("loses its slow start when it becomes unhealthy", () => {
    const record = healthyTarget("one", { slowStartedAt: 5 });
    for (const outcome of [bad, bad]) judge(record, settings, outcome);
    expect(record).toMatchObject({ state: "unhealthy" });
    expect(record).not.toHaveProperty("slowStartedAt");
  });
});

describe("a target on an instance that does not run", () => {
  test("is unused, for its state", () => {
    const world = new World();
    world.call(({ state }) => {
      state.elb.targets[targetGroupArn] = { "i-0:80": healthyTarget("i-0", { instanceState: "stopped" }) };
      return null;
    });
    const group = world.state.elb.targetGroups[targetGroupArn] ?? targetGroup(targetGroupArn);
    expect(describeHealth(world.state, group, "i-0", 80)).toEqual({
      state: "unused",
      reason: "Target.InvalidState",
      description: "Target is in the stopped state",
    });
  });
});

describe("RegisterTargets", () => {
  const instances = new Map([
    ["i-0123456789abcdef0", "running"],
    ["i-0123456789abcdef1", "stopped"],
  ]);
  const refusal = (targetType: string, id: string, port?: number) =>
    refusalOf({ ...targetGroup("g"), targetType }, [{ id, port }], instances);

  test.each([
    ["instance", "i-0123456789abcdef0", 80],
    ["ip", "10.0.0.1", undefined],
    ["ip", "2001:db8::1", 65_535],
  ] as const)("takes %s %s with port %s", (targetType, id, port) => {
    expect(refusal(targetType, id, port)).toBeUndefined();
  });

  test.each([
    ["instance", "10.0.0.1", 80, "ValidationError", "Instance ID '10.0.0.1' is not valid"],
    [
      "ip",
      "i-0123456789abcdef0",
      80,
      "ValidationError",
      "The IP address 'i-0123456789abcdef0' is not a valid IPv4 address",
    ],
    [
      "instance",
      "i-0123456789abcdef1",
      80,
      "InvalidTarget",
      "The following targets are not in a running state and cannot be registered: 'i-0123456789abcdef1'",
    ],
    ["instance", "i-00000000", 80, "InvalidTarget", expect.stringContaining("does not exist")],
    ["ip", "10.0.0.1", 70_000, "ValidationError", "Port '70000' is not valid"],
  ])("refuses %s %s with port %d by %s", (targetType, id, port, code, message) => {
    expect(refusal(targetType, id, port)).toEqual({ code, message });
  });
});
