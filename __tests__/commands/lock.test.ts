import { describe, expect, test } from "@jest/globals";

import { takeLocks, type HeldLocks, type Lockable } from "../../scripts/commands/lock.ts";
import type { Machine } from "../../scripts/commands/this-machine.ts";
import type { RunCommand, RunContext, RunEdge } from "../../scripts/commands/run-context.ts";
import { parseCommandLine } from "../../scripts/core/command-line/parse.ts";
import { AwsCallError, InterruptedError, RefusedError } from "../../scripts/core/errors.ts";
import type { DeploymentEventBody } from "../../scripts/core/events.ts";
import { parseEntry } from "../../scripts/core/lock/record.ts";
import type { LocksPort } from "../../scripts/core/ports/locks.ts";
import { LockWorld, type Mishap } from "../helpers/lock-world.ts";

const folder = "/slipway/test/locks/test/";
const api: Lockable = { serviceName: "api", cluster: "test", purpose: "update api to app:2" };
const web: Lockable = { serviceName: "web", cluster: "test", purpose: "update web to app:2" };

interface Runs {
  readonly options?: readonly string[];
  readonly signal?: AbortSignal;
  readonly mishaps?: readonly Mishap[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly port?: Partial<LocksPort>;
  readonly skewMs?: number;
  /** Name of its machine. */
  readonly host?: string;
}

interface Run {
  readonly events: DeploymentEventBody[];
  take(services: readonly Lockable[]): Promise<HeldLocks>;
}

/** Each run has a machine of its own unless told otherwise. */
function machineOf(world: LockWorld, run: string, hostName = run): Machine {
  const identity = {
    host: hostName,
    boot: "b",
    pidNamespace: "pid:[1]",
    pid: Number(run.slice(3)),
    started: "1",
  };
  return {
    hostName,
    identity,
    isDead: ({ host, pid }) => Promise.resolve(host === hostName && world.isDead(`run${pid}`)),
  };
}

/** A run that takes locks in the world. */
function runIn(world: LockWorld, run: string, settings: Runs = {}): Run {
  const {
    options = [],
    signal = new AbortController().signal,
    mishaps = [],
    variables = {},
    skewMs = 0,
  } = settings;
  const events: DeploymentEventBody[] = [];
  let mishap = 0;
  const port = { ...world.port(run, () => mishaps[mishap++] ?? "none"), ...settings.port };
  const clock = world.clock(run, skewMs);
  const command = parseCommandLine(["update", "api", ...options]);
  // Only what taking locks looks at.
  const context = {
    environment: { name: "test" },
    region: "us-east-1",
    known: { deploymentId: run },
    connect: () => port,
    emit: (event: DeploymentEventBody) => events.push(event),
  } as unknown as RunContext;
  const edge = { clock, wallClock: clock, variables, signal } as unknown as RunEdge;
  return {
    events,
    take: (services) =>
      world.until(
        takeLocks(services, command as RunCommand, context, edge, () =>
          Promise.resolve(machineOf(world, run, settings.host)),
        ),
      ),
  };
}

function entryOf(world: LockWorld, service: string) {
  return parseEntry(world.parameters.newest(`${folder}${service}`)?.value ?? "");
}

async function refusal(work: Promise<unknown>): Promise<RefusedError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RefusedError);
  return error as RefusedError;
}

describe("a lock that is held", () => {
  test("refuses the second run with exit 4, who has it, what for, since when and what to do", async () => {
    const world = new LockWorld();
    const variables = {
      GITHUB_ACTIONS: "true",
      GITHUB_ACTOR: "ana",
      RUNNER_NAME: "build-7",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "team/app",
      GITHUB_RUN_ID: "42",
      AWS_SECRET_ACCESS_KEY: "hush",
    };
    await runIn(world, "run1", { variables }).take([api]);
    const { message, exitCode } = await refusal(runIn(world, "run2").take([api]));
    expect(exitCode).toBe(4);
    expect(message).toContain("api is locked by ana@build-7 since 2001-09-09T01:46:40");
    expect(message).toContain("update api to app:2 (run run1, https://github.com/team/app/actions/runs/42)");
    expect(message).toContain("Nothing was changed. --wait-for-lock");
    expect(world.parameters.newest(`${folder}api`)?.value).not.toContain("hush");
  });

  test("is not taken over by --force", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    await refusal(runIn(world, "run2", { options: ["--force"] }).take([api]));
    expect(entryOf(world, "api")?.run).toBe("run1");
  });

  test("stays the holder's as long as it renews it, also for hours", async () => {
    const world = new LockWorld();
    const held = await runIn(world, "run1").take([api, web]);
    await world.pass(3 * 3_600_000);
    expect(held.lost.aborted).toBe(false);
    await refusal(runIn(world, "run2").take([web]));
    await world.until(held.release());
    expect(world.parameters.names()).toEqual([]);
  });

  test("is waited for with --wait-for-lock, told once, and taken when it is given back", async () => {
    const world = new LockWorld();
    const held = await runIn(world, "run1").take([api]);
    const second = runIn(world, "run2", { options: ["--wait-for-lock"] });
    const taking = second.take([api]);
    await world.pass(120_000);
    expect(second.events).toEqual([
      {
        type: "waitingForLock",
        service: "api",
        holder: expect.objectContaining({ run: "run1", purpose: "update api to app:2" }),
      },
    ]);
    await world.until(held.release());
    await taking;
    expect(entryOf(world, "api")?.run).toBe("run2");
  });

  test("is waited for as long as --timeout allows, and then refused with exit 4", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    const began = world.time;
    const options = ["--wait-for-lock", "--timeout", "90s"];
    const { message, exitCode } = await refusal(runIn(world, "run2", { options }).take([api]));
    expect(exitCode).toBe(4);
    expect(message).toContain("Waited 1m 30s for it (--timeout); nothing was changed.");
    expect(world.time - began).toBeGreaterThanOrEqual(90_000);
    expect(world.time - began).toBeLessThan(100_000);
  });

  test("is waited for no longer after Ctrl-C: exit 130, and the holder keeps it", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    const interrupt = new AbortController();
    const taking = runIn(world, "run2", { options: ["--wait-for-lock"], signal: interrupt.signal }).take([
      api,
    ]);
    await world.pass(12_000);
    interrupt.abort();
    await expect(taking).rejects.toThrow(InterruptedError);
    expect(entryOf(world, "api")?.run).toBe("run1");
  });
});

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

describe("the locks of several services", () => {
  test("are taken all or none", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([web]);
    const { message } = await refusal(runIn(world, "run2").take([web, api]));
    expect(message).toContain("web is locked by");
    expect(world.parameters.names()).toEqual([`${folder}web`]);
  });

  test("are renewed by the first alone", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([web, api]);
    await world.pass(10 * 60_000);
    expect(world.parameters.newest(`${folder}web`)?.version).toBe(1);
    expect(world.parameters.newest(`${folder}api`)?.version).toBeGreaterThan(10);
    expect(entryOf(world, "web")?.heartbeat).toBe(`${folder}api`);
  });

  test("are all lost to a run that came back after one of them was taken over", async () => {
    const world = new LockWorld();
    const held = await runIn(world, "run1").take([api, web]);
    world.stop("run1", 70_000);
    await world.pass(61_500);
    await runIn(world, "run2").take([web]);
    expect(entryOf(world, "api")).toMatchObject({ run: "run1", endedBy: "run2" });
    await world.pass(60_000);
    expect(held.lost.aborted).toBe(true);
    // The mark leaves the other service free for the next, with the killed run's record.
    expect((await runIn(world, "run3").take([api])).takenOver.get("test/api")?.run).toBe("run1");
  });

  test("leave a killed run's record in a lock that is given back since another is held", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    world.kill("run1");
    await world.pass(61_000);
    const others = { run: "run2", owner: "bo", purpose: "update web", since: "today", serial: 1 };
    // Taken between the look at both and the try.
    const busy = world.port("run3", () => "none");
    const port = {
      create: async (name: string, value: string) => {
        if (name.endsWith("/web")) world.parameters.put(name, JSON.stringify({ ...others, heartbeat: name }));
        return busy.create(name, value);
      },
    };
    await refusal(runIn(world, "run3", { port }).take([api, web]));
    expect(entryOf(world, "api")).toMatchObject({ run: "run1", endedBy: "run3" });
    expect((await runIn(world, "run4").take([api])).takenOver.get("test/api")?.run).toBe("run1");
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

describe("without the permission", () => {
  const denied = () =>
    Promise.reject(
      new AwsCallError("AccessDeniedException", "ssm:PutParameter: not authorized to perform it"),
    );

  test("refuses, naming the permissions and --force", async () => {
    const world = new LockWorld();
    const { message } = await refusal(runIn(world, "run1", { port: { create: denied } }).take([api]));
    expect(message).toContain("The lock /slipway/test/locks/test/api could not be taken: ssm:PutParameter");
    expect(message).toContain("Allow ssm:PutParameter, ssm:GetParameters and ssm:DeleteParameters");
    expect(message).toContain("--force");
  });

  test("goes on without a lock by --force, and says so", async () => {
    const world = new LockWorld();
    const run = runIn(world, "run1", { port: { create: denied }, options: ["--force"] });
    const held = await run.take([api]);
    expect(run.events).toEqual([
      { type: "warning", message: expect.stringContaining("Going on without a lock, by --force.") },
    ]);
    expect(held.lost.aborted).toBe(false);
    await held.release();
  });
});
