import { describe, expect, test } from "@jest/globals";

import { checkBeforeMove } from "../../../scripts/commands/staged/check-before-move.ts";
import {
  copyAutoscaling,
  handAutoscaling,
  shareAutoscaling,
} from "../../../scripts/commands/staged/hand-autoscaling.ts";
import { keepUp } from "../../../scripts/commands/staged/match-capacity.ts";
import type { MoveRun } from "../../../scripts/commands/staged/move-run.ts";
import type { ScalableTarget } from "../../../scripts/core/ports/auto-scaling.ts";
import { allSuspended } from "../../../scripts/core/staged/suspension.ts";
import { application, deployment } from "../../helpers/observed-application.ts";
import { scaledWorld } from "../../helpers/scaled-world.ts";

const none = { dynamicScalingIn: false, dynamicScalingOut: false, scheduledScaling: false };
const observed = application([{ id: "a", weight: 100 }, { id: "b" }]);
const target = (minCapacity: number, maxCapacity: number, suspension = allSuspended): ScalableTarget => ({
  minCapacity,
  maxCapacity,
  suspension,
});
const action = (name: string, MinCapacity: number) => ({
  ScheduledActionName: name,
  Schedule: "cron(0 8 ? * MON-FRI *)",
  ScalableTargetAction: { MinCapacity },
});
const share = { kind: "shareAutoscaling", from: "old", to: "new", suspended: "none" } as const;
const hand = { kind: "handAutoscaling", from: "old", to: "new", suspended: "none" } as const;

describe("while two deployments with autoscaling of their own share the traffic", () => {
  test("both are scaled out alone, and neither by its schedule", async () => {
    const { run, log } = scaledWorld({
      old: { tasks: 3, target: target(2, 10, none) },
      new: { tasks: 3, target: target(1, 4) },
    });
    await shareAutoscaling(share, observed, run);
    expect(log).toEqual([
      "new 1-4 without dynamicScalingIn,scheduledScaling",
      "old 2-10 without dynamicScalingIn,scheduledScaling",
    ]);
  });

  test("the new one has the capacities that an action of both has set on the old one, and no others", async () => {
    const actions = [action("day", 4), action("night", 2)];
    const play = async (ofNew: typeof actions, suspension = allSuspended): Promise<string | undefined> => {
      const { run, log } = scaledWorld({
        old: { tasks: 5, target: target(4, 12, none), actions },
        new: { tasks: 5, target: target(2, 10, suspension), actions: ofNew },
      });
      await shareAutoscaling(share, observed, run);
      return log[0]?.split(" without")[0];
    };
    expect(await play(actions)).toBe("new 4-10");
    expect(await play([action("day", 6)])).toBe("new 2-10");
    expect(await play(actions, { ...none, dynamicScalingIn: true })).toBe("new 2-10");
  });

  test("one that has to take over more tasks than it may have is not cut before it has the traffic", async () => {
    const { run, log, events, services } = scaledWorld({
      old: { tasks: 8, target: target(2, 10, none) },
      new: { tasks: 8, target: target(2, 4) },
    });
    await shareAutoscaling(share, observed, run);
    expect(log).toEqual(["old 2-10 without dynamicScalingIn,scheduledScaling"]);
    expect(services["new"]).toMatchObject({ tasks: 8, target: { suspension: allSuspended } });
    expect(events).toMatchObject([
      { type: "warning", message: expect.stringMatching(/takes over with 8 tasks, .* allows 4/) as unknown },
    ]);
  });

  test("an old one that somebody gave more tasks than it may have is not cut while it has traffic", async () => {
    const services = {
      old: { tasks: 20, target: target(2, 10, none) },
      new: { tasks: 20, target: target(2, 30) },
    };
    const { run, log, events } = scaledWorld(services);
    await shareAutoscaling(share, observed, run);
    expect(log).toEqual(["new 2-30 without dynamicScalingIn,scheduledScaling"]);
    expect(services.old.tasks).toBe(20);
    expect(events).toMatchObject([
      { type: "warning", message: expect.stringMatching(/old has 20 tasks/) as unknown },
    ]);
    const copied = scaledWorld({ ...services, new: { tasks: 20 } });
    await copyAutoscaling({ ...share, kind: "copyAutoscaling" }, observed, copied.run);
    expect(copied.services["old"]).toMatchObject({ tasks: 20 });
  });

  test("the old one alone is kept from scaling in where nothing scales the new one", async () => {
    const { run, log } = scaledWorld({ old: { tasks: 3, target: target(2, 10, none) }, new: { tasks: 3 } });
    await shareAutoscaling({ kind: "shareAutoscaling", from: "old", to: "new" }, observed, run);
    expect(log).toEqual(["old 2-10 without dynamicScalingIn,scheduledScaling"]);
  });
});

describe("once a deployment has the traffic", () => {
  test("it scales, and the other keeps its size", async () => {
    const { run, log } = scaledWorld({
      old: { tasks: 3, target: target(2, 10, none) },
      new: { tasks: 3, target: target(1, 4) },
    });
    await handAutoscaling(hand, observed, run);
    expect(log).toEqual([
      "new 1-4 without nothing",
      "old 2-10 without dynamicScalingIn,dynamicScalingOut,scheduledScaling",
    ]);
  });

  test("it is told where somebody has taken its scalable target away", async () => {
    const { run, log, events } = scaledWorld({ new: { tasks: 3 } });
    await handAutoscaling({ kind: "handAutoscaling", to: "new", suspended: "none" }, observed, run);
    expect(log).toEqual([]);
    expect(events).toMatchObject([
      { type: "warning", message: expect.stringMatching(/Nothing scales new/) as unknown },
    ]);
  });
});

describe("keeping up with the deployment that has the traffic", () => {
  const fresh = deployment(observed, "b");
  const old = { serviceName: "old" };
  const named = { ...fresh, serviceName: "new" };

  test("changes nothing where there are as many healthy tasks", async () => {
    const { run, log } = scaledWorld({ old: { tasks: 3 }, new: { tasks: 4 } });
    expect(await keepUp(named, old, "test", 3, run)).toEqual({ kind: "done" });
    expect(log).toEqual([]);
  });

  test("goes on for as long as the other is scaled out meanwhile", async () => {
    const services = { old: { tasks: 6 }, new: { tasks: 2 } };
    let healthy = 2;
    const { run, log } = scaledWorld(services, {
      healthy: () => healthy,
      onSleep: (turn) => {
        if (turn === 1) services.old.tasks = 8;
        healthy = turn >= 3 ? 8 : 5;
      },
    });
    expect(await keepUp(named, old, "test", 2, run)).toEqual({ kind: "done" });
    expect(log).toEqual(["new to 6 tasks", "new to 8 tasks"]);
  });

  test("ends when time is up, or by --force once they run", async () => {
    const services = () => ({ old: { tasks: 4 }, new: { tasks: 2 } });
    const { run } = scaledWorld(services(), { healthy: () => 1 });
    expect(await keepUp(named, old, "test", 2, run)).toEqual({
      kind: "timedOut",
      waitingFor: "1 of 4 targets are healthy",
    });
    const forced = scaledWorld(services(), { healthy: () => 1, force: true });
    expect(await keepUp(named, old, "test", 2, forced.run)).toEqual({ kind: "done" });
  });

  test("watches it while it has a share of the traffic", async () => {
    const { run } = scaledWorld({ old: { tasks: 4 }, new: { tasks: 2 } }, { healthy: () => 0 });
    expect(await keepUp({ ...named, trafficPercent: 10 }, old, "test", 2, run)).toEqual({
      kind: "fault",
      fault: { kind: "targets", unhealthy: 0, healthy: 0 },
    });
  });
});

describe("before a move", () => {
  const named = { ...deployment(observed, "b"), serviceName: "new" };
  const check = (run: MoveRun) => checkBeforeMove(named, observed, [], { force: false, begun: false }, run);

  test("tasks that a killed run has asked for are waited for", async () => {
    let running = 2;
    const { run, events } = scaledWorld(
      { new: { tasks: 6 } },
      { running: () => running, onSleep: (turn) => (running = turn < 3 ? 4 : 6) },
    );
    expect(await check(run)).toEqual([]);
    expect(events).toMatchObject([
      { type: "note", message: expect.stringMatching(/2 of 6 tasks/) as unknown },
    ]);
  });

  test("tasks that do not come in time are a refusal, and an unhealthy target is one at once", async () => {
    const late = scaledWorld({ new: { tasks: 6 } }, { running: () => 2 });
    await expect(check(late.run)).rejects.toThrow(/is not well: 2 of 6 tasks run.*Nothing was changed/s);
    let slept = 0;
    const ill = scaledWorld(
      { new: { tasks: 6 } },
      { running: () => 2, unhealthy: true, onSleep: () => (slept += 1) },
    );
    await expect(check(ill.run)).rejects.toThrow(/is not well/);
    expect(slept).toBe(0);
  });
});
