import { describe, expect, test } from "@jest/globals";

import { AwsCallError, RefusedError } from "../../../scripts/core/errors.ts";
import type { LocksPort } from "../../../scripts/core/ports/locks.ts";
import { api, entryOf, folder, refusal, runIn, web } from "../../helpers/lock-runs.ts";
import { LockWorld, type Mishap } from "../../helpers/lock-world.ts";

describe("a lock whose holder gives no sign of life", () => {
  test("is taken over after a minute of AWS's time, whatever the clocks of the machines say", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    world.kill("run1");
    await world.pass(50_000);
    await refusal(runIn(world, "run2", { skewMs: 3_600_000 }).take([api]));
    await world.pass(11_000);
    const third = runIn(world, "run3", { skewMs: -3_600_000 });
    const held = await third.take([api]);
    expect(held.takenOver.get("test/api")).toMatchObject({ run: "run1", purpose: "update api to app:2" });
    expect(third.events.map(({ type }) => type)).toEqual(["lockTakenOver"]);
  });

  test("is taken over by a run that waits, within a minute", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    world.kill("run1");
    const began = world.time;
    await runIn(world, "run2", { options: ["--wait-for-lock"] }).take([api]);
    expect(world.time - began).toBeLessThan(67_000);
  });

  test("is taken over by who has watched it for a minute, where AWS's answers bear no date", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    world.kill("run1");
    await world.pass(300_000);
    const undated = world.port("run2", () => "none");
    const port = {
      read: async (names: readonly string[]) => ({ ...(await undated.read(names)), at: undefined }),
    };
    const began = world.time;
    await runIn(world, "run2", { port, options: ["--wait-for-lock"] }).take([api]);
    expect(world.time - began).toBeGreaterThan(59_000);
  });

  test("is told to its holder, should that come back, which then leaves the lock alone", async () => {
    const world = new LockWorld();
    const held = await runIn(world, "run1").take([api]);
    world.stop("run1", 100_000);
    await world.pass(61_000);
    await runIn(world, "run2").take([api]);
    await world.pass(60_000);
    expect(held.lost.reason).toBeInstanceOf(RefusedError);
    await world.until(held.release());
    expect(entryOf(world, "api")?.run).toBe("run2");
  });

  test("is told to its holder as soon as it looks, before any timer of its own has run", async () => {
    const world = new LockWorld();
    const held = await runIn(world, "run1").take([api]);
    world.kill("run1");
    await world.pass(61_000);
    expect(held.lost.aborted).toBe(true);
  });

  test("is taken over at once where the holder was a process of this machine that has ended", async () => {
    const world = new LockWorld();
    await runIn(world, "run1", { host: "build-7" }).take([api, web]);
    await refusal(runIn(world, "run2", { host: "build-7" }).take([web]));
    world.kill("run1");
    await refusal(runIn(world, "run3", { host: "build-8" }).take([web]));
    const held = await runIn(world, "run4", { host: "build-7" }).take([web]);
    expect(held.takenOver.get("test/web")?.run).toBe("run1");
  });

  test("is taken over a minute after its last write where nobody can read what it says", async () => {
    const world = new LockWorld();
    world.parameters.put(`${folder}api`, "hands off!");
    const { message } = await refusal(runIn(world, "run1").take([api]));
    expect(message).toContain("api is locked by somebody");
    await world.pass(61_000);
    expect((await runIn(world, "run2").take([api])).takenOver.size).toBe(0);
  });

  test("keeps what the killed run had suspended for the next, also when the one between is killed", async () => {
    const world = new LockWorld();
    const first = await runIn(world, "run1").take([api]);
    const suspendedAutoscaling = {
      dynamicScalingIn: true,
      dynamicScalingOut: false,
      scheduledScaling: false,
    };
    await world.until(first.note("test/api", { suspendedAutoscaling }));
    world.kill("run1");
    await world.pass(61_000);
    const resumed: unknown[] = [];
    const suspend = (...call: readonly unknown[]): Promise<void> => {
      resumed.push(call);
      return Promise.resolve();
    };
    await runIn(world, "run2", { port: { suspend } as Partial<LocksPort> }).take([api]);
    world.kill("run2");
    expect(entryOf(world, "api")).toMatchObject({ run: "run2", suspendedAutoscaling, earlierRuns: ["run1"] });
    await world.pass(61_000);
    const third = await runIn(world, "run3", { port: { suspend } as Partial<LocksPort> }).take([api]);
    expect(third.takenOver.get("test/api")).toMatchObject({ suspendedAutoscaling, earlierRuns: ["run1"] });
    expect(resumed).toEqual([
      ["test", "api", suspendedAutoscaling],
      ["test", "api", suspendedAutoscaling],
    ]);
  });
});

describe("a lock that somebody deletes by hand", () => {
  test("is lost to its run at the next renewal, and free for the next run also after that", async () => {
    const world = new LockWorld();
    const held = await runIn(world, "run1").take([api]);
    world.parameters.delete(`${folder}api`);
    await world.pass(45_000);
    expect(held.lost.aborted).toBe(true);
    await world.until(held.release());
    expect((await runIn(world, "run2").take([api])).takenOver.size).toBe(0);
    expect(entryOf(world, "api")?.run).toBe("run2");
  });
});

describe("a write of the lock whose answer gets lost", () => {
  test.each<[string, readonly Mishap[]]>([
    ["sent a second time by the SDK", ["sent twice"]],
    ["sent a second time while it is renewed", ["none", "sent twice", "sent twice"]],
  ])("is recognized as ours when it is %s", async (_how, mishaps) => {
    const world = new LockWorld();
    const held = await runIn(world, "run1", { mishaps }).take([api]);
    await world.pass(200_000);
    expect(held.lost.aborted).toBe(false);
    await world.until(held.release());
    expect(world.parameters.names()).toEqual([]);
  });

  test("does not lose the killed run's record in a takeover that was sent twice", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    world.kill("run1");
    await world.pass(61_000);
    const held = await runIn(world, "run2", { mishaps: ["none", "none", "sent twice"] }).take([api]);
    expect(held.takenOver.get("test/api")?.run).toBe("run1");
  });

  test("does not delete the lock of whoever came after ours was gone", async () => {
    const world = new LockWorld();
    const calm = world.port("run1", () => "none");
    let sent = 0;
    const port = {
      delete: async (names: readonly string[]) => {
        sent += 1;
        await calm.delete(names);
        await runIn(world, "run2").take([api]);
        throw new AwsCallError("ECONNRESET", "ssm:DeleteParameters: reset", { effectUnknown: true });
      },
    };
    const held = await runIn(world, "run1", { port }).take([api]);
    await world.until(held.release());
    expect(sent).toBe(1);
    expect(entryOf(world, "api")?.run).toBe("run2");
  });

  test("warns and ends the run none the less when the lock can't be given back", async () => {
    const world = new LockWorld();
    const refuse = () =>
      Promise.reject(new AwsCallError("AccessDeniedException", "ssm:DeleteParameters: no"));
    const first = runIn(world, "run1", { port: { delete: refuse } });
    const held = await first.take([api]);
    await world.until(held.release());
    expect(first.events).toEqual([
      {
        type: "warning",
        message: expect.stringContaining("could not be given back; it lapses within a minute"),
      },
    ]);
  });
});

describe("a lock of a former life of the parameter", () => {
  test("is not mistaken for the one that was read, though its version fits", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    world.kill("run1");
    await world.pass(61_000);
    const calm = world.port("run2", () => "none");
    let between = true;
    const port = {
      overwrite: async (name: string, value: string) => {
        // The lock that run2 found expired is taken over, given back and taken anew before its write arrives.
        if (between) {
          between = false;
          world.parameters.delete(name);
          await runIn(world, "run3").take([api]);
        }
        return calm.overwrite(name, value);
      },
    };
    const { message } = await refusal(runIn(world, "run2", { port }).take([api]));
    expect(message).toContain("run run3");
  });
});
